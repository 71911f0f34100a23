"""Who may sign in, how often a wrong password may be tried, and who has signed in a moment ago."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_SECONDS = 60.0
_REMEMBERED = 1024
_WATCHED = 10_000


class TooManyFailures(Exception):
    """Sign-in is refused unseen after too many failures; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many failed sign-ins; try again in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass
class SignIn:
    """Checks one pair of credentials.

    After `failures` failed attempts within a minute for one name from one address, further attempts there
    are refused unseen, but for credentials that were right within the last minute. `clock` gives seconds.
    """

    username: str
    password: str
    failures: int
    clock: Callable[[], float] = time.monotonic
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _verified: OrderedDict[bytes, float] = field(default_factory=OrderedDict, repr=False)
    _failed: OrderedDict[tuple[str, str], deque[float]] = field(default_factory=OrderedDict, repr=False)

    def verify(self, username: str, password: str, address: str) -> bool:
        """Whether the pair is right; raises TooManyFailures where it is not even looked at."""
        digest = self._digest(username, password)
        if self._verified_lately(digest):
            return True
        source = (address, username[:100])
        self._refuse_after_failures(source)
        if hmac.compare_digest(digest, self._digest(self.username, self.password)):
            self._remember(digest)
            return True
        self._note_failure(source)
        return False

    def _digest(self, username: str, password: str) -> bytes:
        """A keyed hash of the pair: of one length, so comparing takes one time, and of no use elsewhere."""
        pair = f"{len(username)}:{username}{password}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(pair, key=self._key, digest_size=32).digest()

    def _verified_lately(self, digest: bytes) -> bool:
        with self._lock:
            return self._verified.get(digest, 0.0) > self.clock()

    def _remember(self, digest: bytes) -> None:
        with self._lock:
            self._verified[digest] = self.clock() + WINDOW_SECONDS
            while len(self._verified) > _REMEMBERED:
                self._verified.popitem(last=False)

    def _refuse_after_failures(self, source: tuple[str, str]) -> None:
        with self._lock:
            times = self._failed.get(source, deque())
            while times and times[0] <= self.clock() - WINDOW_SECONDS:
                times.popleft()
            if len(times) >= self.failures:
                raise TooManyFailures(retry_after=int(times[0] + WINDOW_SECONDS - self.clock()) + 1)

    def _note_failure(self, source: tuple[str, str]) -> None:
        with self._lock:
            self._failed.setdefault(source, deque()).append(self.clock())
            self._failed.move_to_end(source)
            while len(self._failed) > _WATCHED:
                self._failed.popitem(last=False)
