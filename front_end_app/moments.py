"""Points in time, how long things take, and reasons, as people read them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Moment:
    """A point in time: as programs read it, and in words."""

    exact: str
    words: str


def read_moment(value: Any) -> datetime | None:
    """A time in ISO 8601 as one in UTC, None if it is none; without a zone it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def shown(moment: datetime | None) -> Moment | None:
    """A point in time as a page shows it, to the minute."""
    if moment is None:
        return None
    return Moment(moment.isoformat(), f"{moment.day} {moment:%B %Y, %H:%M} UTC")


def shown_exactly(moment: datetime | None) -> Moment | None:
    """The same to the second, short, for a table."""
    return None if moment is None else Moment(moment.isoformat(), f"{moment:%Y-%m-%d %H:%M:%S}")


def sentence(words: str) -> str:
    """Words as a sentence of their own, with a capital and a full stop."""
    return words and words[0].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def span(seconds: float) -> str:
    """How long something takes: "45 s", "3 min 20 s", "2 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, rest = divmod(whole // 60, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
