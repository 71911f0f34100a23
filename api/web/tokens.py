"""Short-lived tokens: what a program sends in place of a password, signed and not kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

SECONDS = 3600
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and until when it is good (UTC, ISO 8601)."""

    text: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says that is signed and not too old: whose it is, and the stamp of the account then."""

    name: str
    stamp: str
    expires: float


class Forged(Exception):
    """What was sent as a token was never given by this service."""


class Expired(Exception):
    """The token was given by this service, and is too old."""


class Tokens:
    """Gives tokens and reads them; `key` gives the signing key, which every process shares."""

    def __init__(self, key: Callable[[], str], seconds: int = SECONDS) -> None:
        self._key = key
        self._seconds = seconds
        self._signer: URLSafeTimedSerializer | None = None
        self._lock = threading.Lock()

    def give(self, name: str, stamp: str) -> Token:
        """A token for a user whose account has this stamp; raises what reading the key raises."""
        text = self._signing().dumps([name, stamp])
        expires = datetime.now(UTC) + timedelta(seconds=self._seconds)
        return Token(text, expires.isoformat(timespec="seconds").replace("+00:00", "Z"))

    def read(self, text: str) -> Claim:
        """What a token says; raises Forged or Expired, and what reading the key raises."""
        if len(text) > _LONGEST or not text.isascii():
            raise Forged
        try:
            (name, stamp), made = self._signing().loads(text, max_age=self._seconds, return_timestamp=True)
        except SignatureExpired as error:
            raise Expired from error
        except BadSignature as error:
            raise Forged from error
        return Claim(name, stamp, made.timestamp() + self._seconds)

    def stamp_of(self, secret: str) -> str:
        """A stamp of an account that is kept nowhere: another one for another secret."""
        return self._signing().make_signer(salt=b"stamp").get_signature(secret).decode()

    def _signing(self) -> URLSafeTimedSerializer:
        with self._lock:
            if self._signer is None:
                self._signer = URLSafeTimedSerializer(self._key(), salt="bouquet token")
            return self._signer
