"""How well a model that ranks many classes was found to rank them, read from its card. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import BrokenAnswer
from .members import Json, mapping, number, optional_mapping, optional_text, whole

TOPS = (("top_1", "In the first place"), ("top_3", "Among the first 3"), ("top_10", "Among the first 10"))
"""How far up the right one came, and how that is said."""


@dataclass(frozen=True)
class Reliable:
    """Of so many texts about the same probability was `said`, and in a share of them it was `right`."""

    texts: int
    said: float
    right: float


@dataclass(frozen=True)
class Confused:
    """So many texts of one class were taken for another."""

    true: str
    answered: str
    texts: int


@dataclass(frozen=True)
class Measured:
    """`tops` are how it is said and the share of texts; rows and confusions as the card orders them."""

    tops: tuple[tuple[str, float], ...]
    reliability: tuple[Reliable, ...]
    confusions: tuple[Confused, ...]


def read_measured(card: Json) -> Measured | None:
    """What a card says of a ranking, None where it says nothing."""
    ranking = optional_mapping(card, "ranking")
    tops = tuple((title, share) for name, title in TOPS if (share := number(ranking, name)) is not None)
    if not tops:
        return None
    return Measured(
        tops,
        tuple(_reliable(mapping(one)) for one in _list(ranking, "reliability")),
        tuple(_confused(mapping(one)) for one in _list(ranking, "confusions")),
    )


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _reliable(data: Json) -> Reliable:
    texts, said, right = whole(data, "texts"), number(data, "said"), number(data, "right")
    if texts is None or said is None or right is None:
        raise BrokenAnswer("a row of a reliability table lacks a number")
    return Reliable(texts, said, right)


def _confused(data: Json) -> Confused:
    return Confused(optional_text(data, "true"), optional_text(data, "answered"), whole(data, "texts") or 0)
