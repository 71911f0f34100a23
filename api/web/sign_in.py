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
from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

from api.storage.users import Account, Role, Users
from api.web.tokens import Expired, Forged, Token, Tokens

WINDOW_SECONDS = 60.0
_REMEMBERED = 1024
_WATCHED = 10_000
# The name under which wrong tokens are counted; no user has it, since it has a colon.
_NAMELESS = "token:"
# What is remembered of those of whom nothing is.
_NOBODY: tuple[float, None] = (0.0, None)


class TooManyFailures(Exception):
    """Sign-in is refused unseen after too many failures; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many failed sign-ins; try again in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who has signed in."""

    name: str
    role: Role


@dataclass
class SignIn:
    """Checks passwords and tokens: of the pair in the settings, who is an administrator, and of the users.

    After `failures` failed attempts within a minute for one name from one address, further attempts there
    are refused unseen, but for credentials that were right within the last minute. What was right is
    remembered for a minute, because looking at a user's password takes as long as hundreds of predictions,
    and forgotten when `forget` is called. `clock` gives seconds.
    """

    username: str
    password: str
    failures: int
    users: Users | None = None
    tokens: Tokens | None = None
    clock: Callable[[], float] = time.monotonic
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _keyed: hashlib.blake2b = field(init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _verified: OrderedDict[bytes, tuple[float, User]] = field(default_factory=OrderedDict, repr=False)
    # The Authorization headers in which what is remembered came, by their hashes.
    _headers: OrderedDict[bytes, bytes] = field(default_factory=OrderedDict, repr=False)
    _failed: OrderedDict[tuple[str, str], deque[float]] = field(default_factory=OrderedDict, repr=False)
    _forgotten: int = 0

    def __post_init__(self) -> None:
        self._keyed = hashlib.blake2b(key=self._key, digest_size=32)

    def verify(self, username: str, password: str, address: str) -> User | None:
        """Who that is, None where the pair is wrong.

        Raises TooManyFailures where it is not even looked at, and StorageUnavailable where it would have to
        be looked up and the database is away.
        """
        digest, forgotten = self._digest(username, password), self._forgotten
        known = self._verified_lately(digest)
        if known is not None:
            return known
        source = (address, username[:100])
        self._refuse_after_failures(source)
        user = self._look_up(username, password, digest)
        if user is None:
            self._note_failure(source)
        else:
            self._remember(digest, user, WINDOW_SECONDS, forgotten)
        return user

    def verify_token(self, text: str, address: str) -> User | None:
        """Whose token that is, None where it is wrong, too old or revoked; raises as `verify` does."""
        digest, forgotten = self._digest(_NAMELESS, text), self._forgotten
        known = self._verified_lately(digest)
        if known is not None or self.tokens is None:
            return known
        source = (address, _NAMELESS)
        self._refuse_after_failures(source)
        try:
            claim = self.tokens.read(text)
        except Forged:
            self._note_failure(source)
            return None
        except Expired:
            return None
        found = self._stamped(claim.name)
        if found is None or not hmac.compare_digest(found[1], claim.stamp):
            return None
        self._remember(digest, found[0], min(WINDOW_SECONDS, claim.expires - time.time()), forgotten)
        return found[0]

    def token_for(self, user: User) -> Token | None:
        """A token for somebody who has signed in with a password; None if he may not any more."""
        found = self._stamped(user.name)
        return self.tokens.give(user.name, found[1]) if found and self.tokens else None

    def note_header(self, header: str, username: str, password: str) -> None:
        """Remember in which Authorization header a name and a password came that were right."""
        self._note_header(header, self._digest(username, password))

    def note_token_header(self, header: str, text: str) -> None:
        """Remember in which Authorization header a token came that was right."""
        self._note_header(header, self._digest(_NAMELESS, text))

    def lately(self, header: str) -> User | None:
        """Who an Authorization header lets in, if what is in it was right within the last minute.

        None says nothing but that one has to look closer.
        """
        # Without the lock, which is for more than one step.
        until, user = self._verified.get(self._headers.get(self._hash(header), b""), _NOBODY)
        return user if until > self.clock() else None

    def _note_header(self, header: str, digest: bytes) -> None:
        with self._lock:
            self._headers[self._hash(header)] = digest
            while len(self._headers) > _REMEMBERED:
                self._headers.popitem(last=False)

    def forget(self) -> None:
        """Look at everything anew: a user was changed."""
        with self._lock:
            self._forgotten += 1
            self._verified.clear()

    def _look_up(self, username: str, password: str, digest: bytes) -> User | None:
        if hmac.compare_digest(digest, self._digest(self.username, self.password)):
            return User(username, Role.ADMIN)
        if self.users is None or username == self.username:
            return None
        account = self.users.find(username)
        if account is None:
            # It takes as long as with a user of that name, and tells nobody which names there are; but
            # where no user was ever added there is nothing to tell.
            if self.users.newest():
                check_password_hash(_nobody_s(), password)
            return None
        right = check_password_hash(account.password, password)
        return _user(account) if right else None

    def _stamped(self, name: str) -> tuple[User, str] | None:
        """A user by name, and the stamp that his tokens must have; None where there is none to let in."""
        if name == self.username and self.tokens is not None:
            return User(name, Role.ADMIN), self.tokens.stamp_of(self.password)
        account = self.users.find(name) if self.users else None
        user = _user(account) if account else None
        return (user, account.stamp) if account and user else None

    def _hash(self, header: str) -> bytes:
        # A copy of one that has its key is made in less time than another one.
        keyed = self._keyed.copy()
        keyed.update(header.encode("utf-8", "surrogatepass"))
        return keyed.digest()

    def _digest(self, username: str, password: str) -> bytes:
        """A keyed hash of the pair: of one length, so comparing takes one time, and of no use elsewhere."""
        pair = f"{len(username)}:{username}{password}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(pair, key=self._key, digest_size=32).digest()

    def _verified_lately(self, digest: bytes) -> User | None:
        with self._lock:
            until, user = self._verified.get(digest, _NOBODY)
            return user if until > self.clock() else None

    def _remember(self, digest: bytes, user: User, seconds: float, forgotten: int) -> None:
        with self._lock:
            # What was looked up before a change was noticed may be what the change has made wrong.
            if forgotten != self._forgotten:
                return
            self._verified[digest] = (self.clock() + seconds, user)
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


def _user(account: Account) -> User | None:
    return None if account.disabled else User(account.name, account.role)


@cache
def _nobody_s() -> str:
    """The hash of a password that nobody knows."""
    return generate_password_hash(secrets.token_hex())
