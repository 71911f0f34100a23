"""Taking turns at what takes no longer than handing over the interpreter does."""

from __future__ import annotations

import threading
import time

# Seconds from one request to the next between which nobody had to wait for the next, and how long the other
# threads then leave all of them to the first.
_NO_WAITING, _REST = 40e-6, 1e-3


class Turn:
    """Lets one thread at a time do little things, and not at each of the small waits within them, after which
    threads would take the interpreter from each other. Nobody waits here for more than little.

    Where one request follows the other the first thread goes on, and any other that has got hold of one stays
    away for a while, in which the first answers dozens: to hand over the interpreter takes as long as a third
    of an answer. Whoever comes when nothing is under way is the first from then on.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first = 0
        self._followed = False
        self._left = 0.0

    def at(self, now: float) -> Turn:
        """To be entered by a request that came at `now`, by `time.perf_counter`."""
        thread = threading.get_ident()
        if thread == self._first:
            self._lock.acquire()
            self._followed = self._left > now - _NO_WAITING
        elif self._followed and (self._lock.locked() or self._left > now - _NO_WAITING):
            time.sleep(_REST)
            self._lock.acquire()
        else:
            self._lock.acquire()
            self._first, self._followed = thread, False
        return self

    def __enter__(self) -> None:
        """It is this thread's turn already."""

    def __exit__(self, *args: object) -> None:
        self._left = time.perf_counter()
        self._lock.release()
