"""One server of the measurements, running: its address, how long it took to answer, what all of it weighs."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import family
from bench.processor_time import of_tree
from tests.services import clean_environment

START_SECONDS = 90.0
STOP_SECONDS = 15.0
# A server rests that uses less than this share of a processor for so long; some never do.
_REST_SHARE, _REST_SECONDS = 0.25, 0.5
MOST_REST = 20.0


class DidNotAnswer(Exception):
    """A server ended, did not start in time, or answered something else than 200."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: method, path with its query, body, and headers."""

    method: str
    path: str
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Program:
    """What is started: a command, where, with which settings, and the file that takes what it prints."""

    command: Sequence[str]
    folder: Path
    settings: Mapping[str, str]
    log: Path


@dataclass(frozen=True, slots=True)
class Running:
    """A server that has answered: where, its first process, the seconds from its start to its first 200."""

    port: int
    pid: int
    seconds: float

    def ask(self, asked: Asked) -> Any:
        """What it answers, read as JSON; raises DidNotAnswer where the status is not 200."""
        return json.loads(self.bytes_of(asked))

    def bytes_of(self, asked: Asked) -> bytes:
        """The bytes that it answers; raises DidNotAnswer where the status is not 200."""
        status, content = _send(self.port, asked)
        if status != 200:
            raise DidNotAnswer(f"{asked.method} {asked.path[:60]} was answered {status}: {content[:300]!r}")
        return content

    def rest(self) -> float:
        """Wait until its processes have done what they put off, for 20 s at most; returns the seconds."""
        began = time.monotonic()
        before = of_tree(self.pid)
        while time.monotonic() - began < MOST_REST:
            time.sleep(_REST_SECONDS)
            now = of_tree(self.pid)
            if now - before < _REST_SHARE * _REST_SECONDS:
                break
            before = now
        return time.monotonic() - began

    def weigh(self) -> tuple[float, float]:
        """Megabytes of all its processes: proportional set size, and resident size."""
        sizes = [_sizes(pid) for pid in family(self.pid)]
        return sum(pss for pss, _ in sizes), sum(rss for _, rss in sizes)


@contextmanager
def running(program: Program, port: int, first: Asked) -> Iterator[Running]:
    """Start it and wait until `first` is answered with 200; at the end nothing of it is left."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env=clean_environment(**program.settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(process, port, first, program.log)
            yield Running(port, process.pid, time.perf_counter() - began)
        finally:
            _stop(process)


def _sizes(pid: int) -> tuple[float, float]:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return sizes["Pss"] / 1000, sizes["Rss"] / 1000
    return 0.0, 0.0


def _wait(process: subprocess.Popen[bytes], port: int, first: Asked, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    last = "nothing"
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            status, content = _send(port, first)
            if status == 200:
                return
            last = f"{status}: {content[:300]!r}"
        time.sleep(0.02)
    end = log.read_text(encoding="utf-8", errors="replace")[-800:]
    raise DidNotAnswer(f"there was no 200; the last answer was {last}; its log ends so: {end}")


def _send(port: int, asked: Asked) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        body = None if asked.body is None else asked.body.encode()
        connection.request(asked.method, asked.path, body, dict(asked.headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """First politely; what is then left of its family is killed."""
    handles = []
    for pid in family(process.pid):
        with suppress(OSError):
            handles.append(os.pidfd_open(pid))
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    for handle in handles:
        with suppress(OSError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        # Readable once the process has ended.
        select.select([handle], [], [], STOP_SECONDS)
        os.close(handle)
    process.wait(STOP_SECONDS)
