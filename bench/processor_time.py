"""Processor time, which other work on the machine lengthens less than it does the time on the clock."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.processes import family

_TICK = 1 / os.sysconf("SC_CLK_TCK")
# Where /proc/…/stat has user and system time, counted from after the name in parentheses.
_USER, _SYSTEM = 11, 12


def of_tree(pid: int) -> float:
    """Seconds that a process and all that descend from it have used so far."""
    return sum(_of_one(one) for one in family(pid))


def of_call(call: Callable[[], object], times: int, rounds: int) -> float:
    """Microseconds that one of many calls takes: the median of some rounds."""
    taken = []
    for _ in range(rounds):
        started = time.thread_time()
        for _ in range(times):
            call()
        taken.append((time.thread_time() - started) / times * 1e6)
    return statistics.median(taken)


def _of_one(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) * _TICK
