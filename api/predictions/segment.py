"""A file of records that one process has locked: written at its end, read from its start."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from itertools import count
from pathlib import Path

# What lies in the folder: records to be drained, and records of answers that are not sent yet.
KEPT, HELD = ".spool", ".held"
# How much is read at once: some hundred lines of one row.
_BLOCK = 256 * 1024

_numbers = count()


class Segment:
    """An open file and how far it has been written and read, in bytes.

    The lock is this process's until it closes the file or ends, in whatever way: so a segment that can be
    locked belongs to nobody. One thread may write while another reads.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self.written = os.fstat(descriptor).st_size
        self.read = 0

    @property
    def left(self) -> int:
        """How much has been written and not been read, in bytes."""
        return self.written - self.read

    def append(self, lines: bytes) -> None:
        """Add whole lines, or raise OSError and have none of them added."""
        try:
            if os.write(self._descriptor, lines) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(self._descriptor, self.written)
            raise
        self.written += len(lines)

    def next_lines(self) -> list[bytes]:
        """Whole lines after what has been read, some hundred kilobytes; none where none is left.

        A line without an end is one whose writer was killed over it: nobody got its answer.
        """
        size = _BLOCK
        while True:
            block = os.pread(self._descriptor, min(size, self.left), self.read)
            lines = block.splitlines(keepends=True)
            if lines and not lines[-1].endswith(b"\n"):
                lines.pop()
            if lines or len(block) >= self.left:
                return lines
            size *= 2

    def advance(self, lines: list[bytes]) -> int:
        """Count lines as read; returns their bytes."""
        size = sum(map(len, lines))
        self.read += size
        return size

    def rename(self, ending: str) -> None:
        """Give the file another ending."""
        path = self.path.with_suffix(ending)
        self.path.rename(path)
        self.path = path

    def delete(self) -> None:
        """Delete the file, if somebody has not done so already."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file and its lock; another process may take it over."""
        os.close(self._descriptor)


def new_segment(folder: Path, ending: str) -> Segment:
    """An empty segment in a folder, which is made if it is not there; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        path = folder / f"{time.time_ns():020}-{os.getpid()}-{next(_numbers)}{ending}"
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL
        segment = _locked(path, flags)
        # Another process may have taken it for an abandoned one before it was locked, and gone it.
        if segment is not None:
            return segment


def abandoned_segment(path: Path) -> Segment | None:
    """A segment that nobody has locked any more, locked; None where somebody has, or it is gone."""
    return _locked(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)


def _locked(path: Path, flags: int) -> Segment | None:
    try:
        descriptor = os.open(path, flags, mode=0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gone = not os.fstat(descriptor).st_nlink
    except BlockingIOError:
        gone = True
    except OSError:
        os.close(descriptor)
        raise
    if gone:
        os.close(descriptor)
        return None
    return Segment(path, descriptor)
