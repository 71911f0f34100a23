"""Who is signed in: what the API says of a person, and what they may do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .errors import BrokenAnswer
from .members import mapping, text
from .moments import read_moment

ROLES = ("predict", "train", "admin")
"""From the fewest rights to the most; each may do all that those before it may."""


@dataclass(frozen=True)
class Person:
    """Somebody the API has let in: the token that stands for their password until `expires_at`."""

    token: str = field(repr=False)
    name: str
    role: str
    expires_at: datetime

    @property
    def may_train(self) -> bool:
        """Whether they may start trainings, cancel them and choose which version answers."""
        return self.role in ROLES[1:]

    def is_expired(self, now: datetime) -> bool:
        """Whether the API would refuse the token."""
        return now >= self.expires_at


def read_person(data: Any) -> Person:
    """The person of an answer to a sign-in; raises BrokenAnswer if it is none."""
    given = mapping(data)
    return Person(
        text(given, "token"), text(given, "name"), text(given, "role"), _expiry(given.get("expires_at"))
    )


def kept_person(data: Any) -> Person | None:
    """The person whom `to_keep` wrote down, None if there is none."""
    if not isinstance(data, Mapping):
        return None
    try:
        return read_person(data)
    except BrokenAnswer:
        return None


def to_keep(person: Person) -> dict[str, str]:
    """What is kept of a person between two requests: no password is among it."""
    return {
        "token": person.token,
        "name": person.name,
        "role": person.role,
        "expires_at": person.expires_at.isoformat(),
    }


def _expiry(value: Any) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    moment = read_moment(value)
    if moment is None:
        raise BrokenAnswer("a token came without the time until which it holds")
    return moment
