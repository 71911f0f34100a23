"""One thread answers plain requests; the others rest behind their last answer until they are needed."""

from __future__ import annotations

import threading
import time

# A thread that answered so short a time ago is there to answer what comes next.
_LATELY = 5e-3
# So often who rests looks whether anybody has answered meanwhile.
_LOOK_EVERY = 20e-3


class Resting:
    """Lets one thread alone answer while all that comes is plain.

    Threads that share an interpreter take it from each other at each of the small waits within an answer, and
    what runs now in one and now in the other finds another processor's cache. The server gives a request to
    whichever thread is free. So one that finds that another answers too gives its answer whole and does not
    return to the server: until the other does something that may take long, or has answered nothing for a
    moment, whatever it does instead.
    """

    def __init__(self) -> None:
        # The thread that answers, 0 for none, and when it last did.
        self._first, self._answered = 0, 0.0
        self._woken: list[threading.Lock] = []

    def may_rest(self) -> bool:
        """Whether this thread, which has an answer, may rest behind it: another one is there."""
        thread, now = threading.get_ident(), time.perf_counter()
        if self._first and thread != self._first and now - self._answered < _LATELY:
            return True
        self._first, self._answered = thread, now
        return False

    def leave(self) -> None:
        """This thread begins what may take long: if it is the one that answers, another has to."""
        if threading.get_ident() != self._first:
            return
        self._first = 0
        if self._woken:
            self._woken.pop().release()

    def rest(self) -> None:
        """Return when this thread is needed."""
        woken = threading.Lock()
        woken.acquire()
        self._woken.append(woken)
        # Whoever leaves now finds this one; whoever has left before is seen here.
        while self._first:
            before = self._answered
            if woken.acquire(timeout=_LOOK_EVERY):
                return
            if self._answered == before:
                break
        if woken in self._woken:
            self._woken.remove(woken)
