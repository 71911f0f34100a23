"""What a model takes: its fields, read from the API's answer about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import BrokenAnswer
from .members import Json, as_text, mapping, number, optional_mapping, optional_text, sequence, text, whole

KINDS = ("number", "integer", "choice", "text", "boolean")


@dataclass(frozen=True)
class Choice:
    """One of the values a field may have, and how it is called."""

    value: str
    title: str


@dataclass(frozen=True)
class Field:
    """One thing a model takes. `minimum` and `maximum` are what it has seen, not limits; of a text it reads
    `longest` characters, all where that is None.

    With `others_allowed` the model also answers for a value that is none of its choices.
    """

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
    others_allowed: bool = False
    longest: int | None = None


def read_field(data: Json) -> Field:
    """One field of a schema; raises BrokenAnswer for a kind that has no form here."""
    kind = text(data, "kind")
    if kind not in KINDS:
        raise BrokenAnswer("a field of a kind that this front end does not know")
    observed = optional_mapping(data, "observed")
    choices = sequence(data, "choices") if kind == "choice" else ()
    return Field(
        name=text(data, "name"),
        title=text(data, "title"),
        kind=kind,
        description=optional_text(data, "description"),
        unit=optional_text(data, "unit"),
        minimum=number(observed, "minimum"),
        maximum=number(observed, "maximum"),
        step=number(data, "step"),
        choices=tuple(_read_choice(mapping(choice)) for choice in choices),
        example=as_text(data.get("example")),
        missing_allowed=data.get("missing_allowed") is True,
        others_allowed=kind == "choice" and data.get("others_allowed") is True,
        longest=whole(data, "longest"),
    )


def _read_choice(data: Json) -> Choice:
    value = as_text(data.get("value"))
    return Choice(value, optional_text(data, "title") or value)
