"""The memory of this process: giving back what is not needed any more, and telling how much it took."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from pathlib import Path


def give_back() -> None:
    """Give the system back what was let go of: the C library keeps it otherwise, in pieces between others."""
    # Other C libraries than glibc have no such function, and none is needed.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def peak_memory_mb() -> int | None:
    """The largest resident size that this process has had, None where the system does not tell."""
    return _of_status("VmHWM:")


def resident_mb() -> int | None:
    """The resident size of this process now, None where the system does not tell."""
    return _of_status("VmRSS:")


def _of_status(name: str) -> int | None:
    try:
        with Path("/proc/self/status").open(encoding="ascii", errors="replace") as file:
            line = next((one for one in file if one.startswith(name)), "")
    except OSError:
        return None
    return round(int(line.split()[1]) / 1000) if line else None
