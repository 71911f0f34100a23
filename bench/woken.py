"""What it costs to wake a process on another processor: the wake itself, and what comes after it."""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_TIMES = 5000


@dataclass(frozen=True, slots=True)
class Woken:
    """µs that a wake takes, and that some work takes by itself and after one."""

    wake: float
    alone: float
    after: float


def woken(work: Callable[[], object]) -> Woken | None:
    """What waking does to some work that follows it; None with a single processor, or without a choice.

    A server that sends from a thread of its own has to wake it at each answer, whenever it sleeps.
    """
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) == 1:
        return None
    before = os.sched_getaffinity(0)
    here, other, *_ = sorted(before)
    try:
        with _sleeper(other) as wake:
            os.sched_setaffinity(0, {here})
            alone = [_took(work) for _ in range(_TIMES)]
            both = [(_took(wake), _took(work)) for _ in range(_TIMES)]
    finally:
        os.sched_setaffinity(0, before)
    wakes, after = zip(*both, strict=True)
    return Woken(*(statistics.median(one) / 1000 for one in (wakes, alone, after)))


def _took(work: Callable[[], object]) -> int:
    started = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - started


@contextmanager
def _sleeper(processor: int) -> Iterator[Callable[[], object]]:
    """What wakes a process that does nothing but to sleep again."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {processor})
        while os.read(reader, 1):
            pass
        os._exit(0)
    try:
        yield lambda: os.write(writer, b".")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)
