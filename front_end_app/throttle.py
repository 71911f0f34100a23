"""How often a wrong password may be tried, before the API is asked at all.

The API counts failures by name and address, and for it every sign-in comes from this site's address, as
this site's own requests do: without a limit here, whoever guesses here could shut everybody out there.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

WINDOW_SECONDS = 60.0
FROM_ONE_PLACE = 10
"""Failures within a minute for one name from one address."""
FOR_ONE_NAME = 50
"""Failures within a minute for one name; less than the API's own SIGN_IN_FAILURES."""
_WATCHED = 10_000


class Throttle:
    """Counts failed sign-ins of the last minute; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def seconds_to_wait(self, name: str, address: str) -> int:
        """After how many seconds another attempt is taken; 0 is at once."""
        limits = (((name[:100], address), FROM_ONE_PLACE), (name[:100], FOR_ONE_NAME))
        with self._lock:
            return max(self._wait(key, most) for key, most in limits)

    def note_failure(self, name: str, address: str) -> None:
        """Count one."""
        with self._lock:
            for key in ((name[:100], address), name[:100]):
                self._failed.setdefault(key, deque()).append(self._clock())
                self._failed.move_to_end(key)
            while len(self._failed) > _WATCHED:
                self._failed.popitem(last=False)

    def _wait(self, key: Hashable, most: int) -> int:
        times = self._failed.get(key, deque())
        while times and times[0] <= self._clock() - WINDOW_SECONDS:
            times.popleft()
        return int(times[0] + WINDOW_SECONDS - self._clock()) + 1 if len(times) >= most else 0
