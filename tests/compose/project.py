"""Bouquet under Docker Compose, as its user has it: every word to the engine goes through here."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.compose.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
PORTS = {"api": 8000, "front_end_app": 5000}
# What a developer's shell may hold; the suite proves what the file itself says.
OVERRIDES = ("API_USERNAME", "API_PASSWORD", "API_WORKERS")


def compose_command() -> list[str]:
    """Compose 1 where it is installed, else the plugin."""
    return ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]


def output_of(
    command: list[str], environment: Mapping[str, str] | None = None, *, patience: int = 120
) -> str:
    """Return what a command printed; a failure carries everything it said."""
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, text=True,
        capture_output=True, timeout=patience, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)} → {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class ComposeProject:
    """One project: its services, their networks and their volumes, under a name of their own.

    `files` are the Compose files, the one that Compose finds by itself if none are named.
    """

    def __init__(
        self, name: str, settings: Mapping[str, str] | None = None, files: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.files = files
        kept = {key: value for key, value in os.environ.items() if key not in OVERRIDES}
        self.environment = {**kept, **(settings or {})}

    def with_settings(self, **settings: str) -> "ComposeProject":
        """The same project as seen from a shell that has these settings."""
        return ComposeProject(self.name, settings, self.files)

    def command(self, *arguments: str) -> list[str]:
        """The command line that a user would type in this project."""
        files = [word for file in self.files for word in ("--file", file)]
        return [*compose_command(), *files, "--project-name", self.name, *arguments]

    def run(self, *arguments: str, patience: int = 120) -> str:
        """Run a Compose command and return what it printed."""
        return output_of(self.command(*arguments), self.environment, patience=patience)

    def up(self, *options: str) -> None:
        """Start both services, building what is missing, and wait until both are healthy."""
        self.run("up", "--detach", *options, patience=900)
        self.wait_healthy(PORTS)

    def wait_healthy(self, services: Iterable[str]) -> None:
        """Return as soon as all of them are healthy."""
        for service in services:
            wait_until(partial(self._is_healthy, service), f"{service} healthy")

    def _is_healthy(self, service: str) -> bool:
        return self.health(service) == "healthy"

    def take_down(self) -> None:
        """Remove everything the project made on this machine except the images."""
        self.run("down", "--volumes", "--remove-orphans")

    def execute(self, service: str, *command: str, user: str = "") -> str:
        """Run a command inside a running service and return what it printed."""
        as_user = ["--user", user] if user else []
        return self.run("exec", "-T", *as_user, service, *command)

    def ask_python(self, service: str, program: str) -> Any:
        """Return what a program, run by the service's own Python, printed as JSON."""
        return json.loads(self.execute(service, "python", "-c", program))

    def attempt(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a Compose command that may well fail."""
        return subprocess.run(
            self.command(*arguments), cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    def container(self, service: str) -> str:
        """The id of a service's container, running or not."""
        found = output_of(["docker", "ps", "--all", "--quiet", "--no-trunc", *self._labels(service)]).split()
        assert len(found) == 1, f"{service}: expected one container, found {found}"
        return found[0]

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        found: list[dict[str, Any]] = json.loads(output_of(["docker", "inspect", self.container(service)]))
        return found[0]

    def image(self, service: str) -> str:
        """The id of the image a service runs."""
        return str(self.inspect(service)["Image"])

    def health(self, service: str) -> str:
        """`starting`, `healthy` or `unhealthy`."""
        return str(self.inspect(service)["State"]["Health"]["Status"])

    def log_lines(self, service: str) -> Iterator[str]:
        """What a service has written, a line at a time."""
        return iter(output_of(["docker", "logs", self.container(service)]).splitlines())

    def leftovers(self) -> list[str]:
        """Containers, networks and volumes that still carry the project's label."""
        kinds = (["docker", "ps", "--all"], ["docker", "network", "ls"], ["docker", "volume", "ls"])
        return [line for kind in kinds for line in output_of([*kind, "--quiet", *self._labels()]).split()]

    def port(self, service: str) -> int:
        """The port of this machine that leads to the service."""
        name = {"api": "API_PORT", "front_end_app": "FRONT_END_PORT"}[service]
        return int(self.environment.get(name) or PORTS[service])

    def _labels(self, service: str = "") -> list[str]:
        labels = [f"com.docker.compose.project={self.name}"]
        if service:
            # One-off containers, as `docker-compose run` makes them, are not the service.
            labels += [f"com.docker.compose.service={service}", "com.docker.compose.oneoff=False"]
        return [word for label in labels for word in ("--filter", f"label={label}")]
