"""A model's form: its fields with what was typed and what is wrong at each. Pure, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import entries
from .cards import Card
from .entries import Pairs, readable
from .errors import Complaint
from .fields import Field
from .members import number_text

FEW_CHOICES = 5
"""Up to this many choices are all shown as buttons; more become a list to open."""
LONG = 12
"""A form of more fields than this is laid out closely, over the whole width."""


@dataclass(frozen=True)
class FormField:
    """One field on the page: what the model says of it, the typed value and its error, if any.

    `number` is its place in the form. The id on the page is made from it, and not from the name,
    which may hold spaces and quotes.
    """

    number: int
    field: Field
    value: str
    error: str | None = None

    @property
    def control(self) -> str:
        """How it is drawn: number, textarea, checkbox, radios or select."""
        kind = self.field.kind
        if kind == "choice":
            return "radios" if len(self.field.choices) <= FEW_CHOICES else "select"
        if kind == "boolean":
            return "radios" if self.field.missing_allowed else "checkbox"
        return "textarea" if kind == "text" else "number"

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The (value, title) pairs to choose from."""
        return entries.options(self.field)

    @property
    def other(self) -> str:
        """What was entered, where it is none of the choices and may be another."""
        known = [value for value, _ in self.options]
        return self.value if self.field.others_allowed and self.value not in known else ""

    @property
    def inputmode(self) -> str:
        """Which keyboard a phone shows. Number pads have no minus sign, so not below zero."""
        if (self.field.minimum or 0) < 0:
            return "text"
        return "numeric" if self.field.kind == "integer" else "decimal"

    @property
    def step(self) -> str:
        """How far an arrow key goes: the model's step, else 1 for whole numbers, else nothing."""
        if self.field.step:
            return number_text(self.field.step)
        return "1" if self.field.kind == "integer" else ""

    @property
    def anchor(self) -> str:
        """The id of the control, for its label and for the error summary to lead to."""
        return f"field-{self.number}"

    @property
    def described_by(self) -> str:
        """The ids of what describes the control: description, error and hint, where there are any."""
        parts = (("description", self.field.description), ("error", self.error), ("hint", self.hint))
        return " ".join(f"{self.anchor}-{part}" for part, text in parts if text)

    @property
    def reminder(self) -> str:
        """The error as the summary says it, away from the field: it names the field."""
        error = self.error or ""
        return error if self.field.title in error else f"{self.field.title}: {error}"

    @property
    def hint(self) -> str:
        """One line of what to type: what the model has seen, how exactly, an example."""
        field = self.field
        if self.control == "checkbox":
            return "Left empty, it says no."
        parts = [range_text(field)]
        if field.kind == "number" and field.step:
            parts.append(f"Steps of {number_text(field.step)}.")
        if field.example and self.control in ("number", "textarea"):
            parts.append(f"Example: {field.example}.")
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Form:
    """All fields in the model's order, and the complaints that belong to none of them."""

    fields: tuple[FormField, ...]
    complaints: tuple[str, ...] = ()

    @property
    def wrong_fields(self) -> tuple[FormField, ...]:
        """The fields that have an error."""
        return tuple(field for field in self.fields if field.error)

    @property
    def long(self) -> bool:
        """Whether there are many fields."""
        return len(self.fields) > LONG

    @property
    def optional(self) -> int:
        """How many fields may be left empty."""
        return sum(item.field.missing_allowed for item in self.fields)

    @property
    def refused(self) -> bool:
        """Whether anything at all is wrong."""
        return bool(self.complaints or self.wrong_fields)


def draw_form(card: Card, pairs: Pairs = (), complaints: Sequence[Complaint] = ()) -> Form:
    """The form of a model with the typed values kept and each complaint at its field."""
    names = {field.name for field in card.fields}
    others = tuple(_sentence(c) for c in complaints if c.name not in names)
    drawn = (_drawn(number, field, pairs, complaints) for number, field in enumerate(card.fields, 1))
    return Form(tuple(drawn), others)


def example_pairs(card: Card) -> Pairs:
    """The model's own example as names and values, for the fields that have one."""
    return [(field.name, field.example) for field in card.fields if field.example]


def _sentence(complaint: Complaint) -> str:
    detail = readable(complaint.detail)
    if complaint.name is None or complaint.name in complaint.detail:
        return detail
    return f"{readable(complaint.name)}: {detail}"


def _drawn(number: int, field: Field, pairs: Pairs, complaints: Sequence[Complaint]) -> FormField:
    value = entries.typed(field, pairs)
    error = " ".join(c.detail for c in complaints if c.name == field.name)
    readings = entries.two_readings(field, value)
    if error and readings:
        error = f"{field.title} may be {readings[0]} or {readings[1]}: write the one you mean."
    return FormField(number, field, readable(value), readable(error) or None)


def range_text(field: Field) -> str:
    """What the model has seen of a number, or reads of a text; "" where that is not known, or all."""
    if field.longest:
        return f"The first {field.longest:,} characters count."
    if field.minimum is None or field.maximum is None:
        return ""
    unit = f" {field.unit}" if field.unit else ""
    seen = f"{number_text(field.minimum)} to {number_text(field.maximum)}{unit}"
    return f"Seen so far: {seen}.".replace("-", "\N{MINUS SIGN}")
