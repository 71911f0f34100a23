"""Draining that gives way to the processes that answer, as far as the disk allows."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from api.predictions.drain import LAST_SECONDS, Drainer
from api.predictions.spool import Spool

# On a busy machine about a third of what others get.
NICENESS = 5
# Beyond so many bytes draining is as urgent as answering, so that the spool does not fill the disk.
MUCH = 256 * 1024 * 1024
_WAIT = 0.02


class DrainNicely:
    """Drains in a thread that gives way to others, and in the caller's where more than `much` bytes wait.

    The first keeps to one processor: those that answer find the others free, and are not moved out of its way
    from one to another and back. Nobody may make himself more urgent again, but each thread of Linux has a
    niceness of its own. Elsewhere both threads are as urgent as each other.
    """

    def __init__(self, drainer: Drainer, spool: Spool, much: int = MUCH) -> None:
        self._drainer, self._spool, self._much = drainer, spool, much
        self._nicely = ThreadPoolExecutor(1, "drain-nicely", _give_way)

    def look(self) -> bool:
        """Bring in some of what was handed over; True where there is more."""
        if self._spool.waiting() > self._much:
            return self._drainer.look()
        return self._nicely.submit(self._drainer.look).result()

    def finish(self) -> None:
        """Bring in what was handed over, before the process ends.

        Who has just been killed may still have its file: that is waited for, but not for long.
        """
        until = time.monotonic() + LAST_SECONDS
        while self._drainer.finish() and self._spool.waiting() and time.monotonic() < until:
            time.sleep(_WAIT)


def _give_way() -> None:
    if sys.platform != "linux":
        return
    thread = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
    # Services of one machine take different ones, as far as chance has it.
    allowed = sorted(os.sched_getaffinity(thread))
    # Where a sandbox does not let it, it drains all the same.
    with suppress(OSError):
        os.sched_setaffinity(thread, {allowed[os.getpid() % len(allowed)]})
