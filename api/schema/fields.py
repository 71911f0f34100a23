"""A field: one value that a model takes, and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of value a field can hold."""

    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    TEXT = "text"
    BOOLEAN = "boolean"


# One value as a model takes it; None stands for a missing one.
Value = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a choice field can hold, and how a person would say it."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Observed:
    """The smallest and the largest value in the rows a model was trained on, in the field's unit."""

    minimum: float
    maximum: float

    def __contains__(self, value: float) -> bool:
        return self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a model takes.

    `unit` is the unit's symbol ("cm"); `step` is the precision it is measured with, in that unit;
    `longest` is how many characters of a text the model reads, None where it reads all;
    `observed` is the range in the training rows; `choices` belong to choice fields only, and are all that
    is taken unless `others_allowed`: then the model also answers for values it has never seen.
    """

    name: str
    title: str
    kind: Kind
    description: str = ""
    unit: str | None = None
    observed: Observed | None = None
    step: float | None = None
    choices: tuple[Choice, ...] = ()
    example: Value = None
    missing_allowed: bool = False
    others_allowed: bool = False
    longest: int | None = None
