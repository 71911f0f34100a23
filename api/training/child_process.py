"""A child process that does the work, seen from the process that started it."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from api.schema.as_json import Json
from api.training.task import Task

_BLOCK = 64 * 1024
# A heap for each thread keeps what its thread let go of: some 20 MB of a training from a million rows.
_ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}


class ChildProcess:
    """A process that works on one task; what it tells comes out of `messages`."""

    def __init__(self, task: Task) -> None:
        self._process = subprocess.Popen(
            # This interpreter and this module: nothing that anybody sends is in the command.
            [sys.executable, "-m", "api.training.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_ONE_HEAP | os.environ,
            # So that Ctrl-C reaches the parent alone, and all that this starts can be ended with it.
            start_new_session=True,
        )
        self._read = b""
        self.answer(asdict(task))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def answer(self, message: Json) -> None:
        """Write a line to it; one that has ended meanwhile hears nothing."""
        assert self._process.stdin is not None  # noqa: S101 (for the type checker: it is a pipe)
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def messages(self, seconds: float) -> tuple[list[Json], bool]:
        """What it has told within so many seconds, at least, and whether it may tell more."""
        assert self._process.stdout is not None  # noqa: S101 (for the type checker: it is a pipe)
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(seconds):
                return [], True
        block = os.read(self._process.stdout.fileno(), _BLOCK)
        *lines, self._read = (self._read + block).split(b"\n")
        return [json.loads(line) for line in lines], bool(block)

    def memory_mb(self) -> float:
        """The memory that it holds now, in megabytes; 0 where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError, ValueError):
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2

    def end(self) -> int:
        """End it now, with all that it started; returns its exit status."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        status = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        return status

    def wait(self) -> int:
        """Wait until it has ended by itself; returns its exit status."""
        self._process.wait()
        return self.end()


@contextmanager
def child_process(task: Task) -> Iterator[ChildProcess]:
    """A child process at work, ended at the end."""
    child = ChildProcess(task)
    try:
        yield child
    finally:
        child.end()
