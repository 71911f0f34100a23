"""Letting go of the libraries' code that was needed only while a process started.

What ran once, the registration of all of ONNX Runtime's kernels for instance, otherwise counts as in use for
as long as the process lives. The system has it in its cache still, and maps at once what is run again.
"""

from __future__ import annotations

import ctypes
import mmap
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_MAPPED = Path("/proc/self/smaps")
# What is not the file's any more: pages that were written to, in memory or swapped out of it.
_WRITTEN = ("Anonymous:", "Swap:")


def let_go() -> None:
    """Unmap what this process has read of its libraries; it is mapped again when it is run or read again.

    Only parts in which nothing was written since they were read from their file: it would be lost. So nothing
    is done where another thread could load a library meanwhile, nor elsewhere than on Linux.
    """
    if threading.active_count() > 1:
        return
    with suppress(OSError, AttributeError, ValueError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        with _MAPPED.open(encoding="ascii", errors="replace") as file:
            parts = list(unwritten(file))
        for start, end in parts:
            advise(start, end - start, mmap.MADV_DONTNEED)


def unwritten(lines: Iterable[str]) -> Iterator[tuple[int, int]]:
    """From the lines of an smaps file, the start and end of each part that is a file's, read-only, unwritten.

    The linker writes to some parts before it makes them read-only.
    """
    part: tuple[int, int] | None = None
    left: set[str] = set()
    for line in lines:
        words = line.split(maxsplit=5)
        if not words[0].endswith(":"):
            # A part's first line: addresses, permissions, offset, device, inode, file.
            of_file = len(words) > 5 and words[5].startswith("/") and words[1] in ("r-xp", "r--p")
            start, end = words[0].split("-")
            part, left = (int(start, 16), int(end, 16)) if of_file else None, set(_WRITTEN)
        elif part is not None and words[0] in left and words[1] == "0":
            left.remove(words[0])
            if not left:
                yield part
