"""What the API says of a model, read into values. Pure: JSON already parsed goes in.

Every function raises BrokenAnswer when something promised is missing or of the wrong shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BrokenAnswer

KINDS = ("number", "integer", "choice", "text", "boolean")


@dataclass(frozen=True)
class Choice:
    """One of the values a field may have, and how it is called."""

    value: str
    title: str


@dataclass(frozen=True)
class Field:
    """One thing a model takes. `minimum` and `maximum` are what it has seen, not limits."""

    name: str
    title: str
    kind: str
    description: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Choice, ...] = ()
    example: str = ""
    missing_allowed: bool = False


@dataclass(frozen=True)
class Target:
    """What a model predicts; `classes` are (key, label), empty for a number."""

    name: str
    title: str
    classes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """A model as its page needs it. `accuracy` is the share of `hold_out` rows it got right."""

    name: str
    version: str
    title: str
    description: str
    fields: tuple[Field, ...]
    target: Target
    accuracy: float | None
    hold_out: int | None


def read_default_name(listing: Any) -> str:
    """The name of the default model in the API's list of models."""
    return _text(_mapping(listing), "default")


def read_card(data: Any) -> Card:
    """A model's card from the API's answer about it."""
    card = _mapping(data)
    fields = _sequence(_mapping(card.get("schema")), "fields")
    figures, rows = card.get("figures") or {}, card.get("rows") or {}
    return Card(
        name=_text(card, "name"),
        version=_text(card, "version"),
        title=_text(card, "title"),
        description=_optional_text(card, "description"),
        fields=tuple(_read_field(_mapping(field)) for field in fields),
        target=_read_target(_mapping(card.get("target"))),
        accuracy=_number(_mapping(figures), "accuracy"),
        hold_out=_whole(_mapping(rows), "hold_out"),
    )


def number_text(number: float) -> str:
    """A number as a person writes it: 4.0 is "4", 0.1 is "0.1"."""
    return format(number, ".12g")


def _read_field(data: Mapping[str, Any]) -> Field:
    kind = _text(data, "kind")
    if kind not in KINDS:
        raise BrokenAnswer("a field of a kind that this front end does not know")
    observed = _mapping(data.get("observed") or {})
    choices = _sequence(data, "choices") if kind == "choice" else ()
    return Field(
        name=_text(data, "name"),
        title=_text(data, "title"),
        kind=kind,
        description=_optional_text(data, "description"),
        unit=_optional_text(data, "unit"),
        minimum=_number(observed, "minimum"),
        maximum=_number(observed, "maximum"),
        step=_number(data, "step"),
        choices=tuple(_read_choice(_mapping(choice)) for choice in choices),
        example=as_text(data.get("example")),
        missing_allowed=data.get("missing_allowed") is True,
    )


def _read_choice(data: Mapping[str, Any]) -> Choice:
    value = as_text(data.get("value"))
    return Choice(value, _optional_text(data, "title") or value)


def _read_target(data: Mapping[str, Any]) -> Target:
    classes = [_mapping(item) for item in data.get("classes") or ()]
    return Target(
        name=_text(data, "name"),
        title=_text(data, "title"),
        classes=tuple((_text(item, "key"), _text(item, "label")) for item in classes),
    )


def as_text(value: Any) -> str:
    """A JSON value as it is typed into a form or a query; null is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, float) else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BrokenAnswer("an object was expected in the answer")
    return value


def _sequence(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = data.get(key)
    if not isinstance(value, list):
        raise BrokenAnswer(f"a list was expected as {key!r} in the answer")
    return value


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise BrokenAnswer(f"a text was expected as {key!r} in the answer")
    return value


def _optional_text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _number(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def _whole(data: Mapping[str, Any], key: str) -> int | None:
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
