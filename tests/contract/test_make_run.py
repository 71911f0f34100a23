"""`make run`: both services on this machine, in the foreground."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from api.config import SAMPLE_PAIR
from tests.services import DEADLINE, ROOT, clean_environment, free_port

QUERY = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"


@dataclass
class Run:
    """`make run` under way in a session of its own, as a terminal would start it."""

    process: subprocess.Popen[bytes]
    log_file: Path
    api: str
    front_end: str

    def output(self) -> str:
        """What it has printed so far."""
        return self.log_file.read_text(encoding="utf-8")

    def interrupt(self) -> None:
        """Press Ctrl-C: the signal goes to the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(DEADLINE)

    def left_behind(self) -> list[str]:
        """The processes that still have the two ports among their settings."""
        marks = [f"API_PORT={self.api.rpartition(':')[2]}".encode()]
        return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if _mentions(path, marks)]


def _mentions(path: Path, marks: list[bytes]) -> bool:
    try:
        variables = path.read_bytes().split(b"\0")
    except OSError:
        return False
    return any(mark in variables for mark in marks) and path.parent.name != str(os.getpid())


@contextmanager
def make_run(folder: Path, target: str = "run", **settings: str) -> Iterator[Run]:
    """Run a target of make with its data in `folder`, on free ports unless `settings` name others."""
    ports = {"API_PORT": str(free_port()), "FRONT_END_PORT": str(free_port())} | settings
    environment = clean_environment(DATA_DIR=str(folder / "data"), **ports)
    log_file = folder / "run.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            ["make", target],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    urls = [f"http://127.0.0.1:{ports[name]}" for name in ("API_PORT", "FRONT_END_PORT")]
    run = Run(process, log_file, *urls)
    try:
        yield run
    finally:
        if process.poll() is None:
            run.interrupt()


def wait_for(run: Run, condition: Callable[[], bool], deadline: float = DEADLINE) -> None:
    """Return once `condition` holds; fail with the output after `deadline` seconds."""
    deadline += time.monotonic()
    while not condition():
        assert time.monotonic() < deadline, run.output()
        time.sleep(0.05)


def answers(url: str, auth: tuple[str, str] | None = None) -> bool:
    """Whether something answers 200 there."""
    try:
        return requests.get(url, auth=auth, timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


def test_both_services_answer_until_ctrl_c(tmp_path: Path) -> None:
    """The first start trains the model and serves the form and the API; Ctrl-C leaves no process."""
    with make_run(tmp_path) as run:
        wait_for(run, lambda: answers(f"{run.api}/readyz") and answers(f"{run.front_end}/"))
        page = requests.get(f"{run.front_end}/prediction?{QUERY}", timeout=30)
        assert "Iris-Setosa" in page.text
        assert "Setting up 3/3" in run.output()
        assert "the password is the sample one" in run.output()
        assert " api.1 " in run.output()
        assert " web.1 " in run.output()
        # While it answers, it makes the other models it comes with.
        wait_for(run, lambda: answers(f"{run.api}/model/titles", SAMPLE_PAIR), 10 * DEADLINE)
        run.interrupt()
        wait_for(run, lambda: not run.left_behind())


def test_a_second_start_sets_nothing_up(models_dir: Path, tmp_path: Path) -> None:
    """With the model there, and one's own credentials, it starts without set-up and without a warning."""
    shutil.copytree(models_dir, tmp_path / "data" / "models")
    with make_run(tmp_path, API_USERNAME="ada", API_PASSWORD="secret", TRAIN_MISSING="") as run:
        wait_for(run, lambda: answers(f"{run.api}/readyz") and answers(f"{run.front_end}/"))
        assert "Setting up" not in run.output()
        assert "sample" not in run.output()
        assert (
            requests.get(f"{run.api}/api/v1.0/models", auth=("ada", "secret"), timeout=30).status_code == 200
        )


def test_a_taken_port_ends_both(models_dir: Path, tmp_path: Path) -> None:
    """When one service cannot start, the other does not stay behind alone, and the reason is printed."""
    shutil.copytree(models_dir, tmp_path / "data" / "models")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with make_run(tmp_path, FRONT_END_PORT=str(port), TRAIN_MISSING="") as run:
            assert run.process.wait(DEADLINE) != 0
            assert f"FRONT_END_PORT={port + 1}" in run.output()
            wait_for(run, lambda: not run.left_behind())
