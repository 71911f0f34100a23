"""The two services as real processes, for tests that need them."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import api.config
import front_end_app.config

ROOT = Path(__file__).parent.parent
USERNAME = "gertrude"
PASSWORD = "a password for tests: ü€"
# Generous, because machines are shared, and a training, which has a low priority, gets a tenth of a CPU
# beside other tests that are busy. Nothing is asserted on how long a thing takes.
DEADLINE = 180.0
# Below those that Linux gives to connections by itself, which are from 32768 on.
_PORTS = range(10_000, 32_000)


@dataclass
class Service:
    """A running service: where it answers, its process, and the file its output goes to."""

    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        """Everything the service has printed so far."""
        return self.log_file.read_text(encoding="utf-8")

    def stop(self) -> int:
        """End it as a supervisor would, with SIGTERM; returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)


def free_port() -> int:
    """A port that nothing listens on now, and that the system gives to no connection.

    So a server that is stopped and started again finds it free, however many connections are made meanwhile.
    """
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's environment without any of the services' settings, and with `settings`."""
    ours = {one.name for one in api.config.TABLE} | {one.name for one in front_end_app.config.TABLE}
    kept = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in ours}
    return kept | settings


@contextmanager
def running_api(
    models_dir: Path, folder: Path, *, probe: str = "/readyz", **settings: str
) -> Iterator[Service]:
    """The API service on the models of `models_dir`, once `probe` is answered; `folder` takes its log."""
    port = settings.setdefault("API_PORT", str(free_port()))
    environment = {
        "API_USERNAME": USERNAME,
        "API_PASSWORD": PASSWORD,
        "MODELS_DIR": str(models_dir),
        "DATA_DIR": str(folder / "data"),
    }
    with _running("api", f"http://127.0.0.1:{port}", probe, folder, environment | settings) as service:
        yield service


@contextmanager
def running_front_end(api_url: str, folder: Path, **settings: str) -> Iterator[Service]:
    """The front end in front of the API at `api_url`, answering; `folder` takes its log."""
    port = settings.setdefault("FRONT_END_PORT", str(free_port()))
    environment = {"API_USERNAME": USERNAME, "API_PASSWORD": PASSWORD, "API_URL": api_url}
    url = f"http://127.0.0.1:{port}"
    with _running("front_end_app", url, "/healthz", folder, environment | settings) as service:
        yield service


@contextmanager
def _running(
    package: str, url: str, probe: str, folder: Path, settings: Mapping[str, str]
) -> Iterator[Service]:
    log_file = folder / f"{package}.log"
    command = [sys.executable, "-m", package, "serve"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment(**settings), stdout=log, stderr=subprocess.STDOUT
        )
    service = Service(url, process, log_file)
    try:
        _wait_until_answering(service, probe)
        yield service
    finally:
        service.stop()


def _wait_until_answering(service: Service, probe: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        if service.process.poll() is not None:
            raise AssertionError(f"the service ended before it answered:\n{service.log}")
        try:
            with urllib.request.urlopen(service.url + probe, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise AssertionError(f"the service did not answer {probe}:\n{service.log}")
