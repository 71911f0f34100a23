"""What was typed into a form: what of it is sent to the API, and how it is shown again. Pure.

The API is the one judge of what is valid. Here is only what concerns typing: decimal commas,
units, tick boxes, fields left empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .cards import Card
from .fields import Field

Pairs = Sequence[tuple[str, str]]
"""Names and values in the order they came, repeated names included."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]*),([0-9]+)")
_EITHER_WAY = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


@dataclass(frozen=True)
class Entry:
    """One line of "what was entered": its title, the text, and how it was read if differently."""

    title: str
    text: str
    read_as: str = ""


def payload(card: Card, pairs: Pairs) -> list[tuple[str, str]]:
    """What is sent to the API: every pair as it came, unknown and repeated ones too, except that
    numbers are written as the API reads them, controls that send two values send one, and an
    optional field left empty is left out."""
    fields = {field.name: field for field in card.fields}
    sent: list[tuple[str, str]] = []
    for name, value in _joined(fields.values(), pairs):
        field = fields.get(name)
        if field and field.missing_allowed and not value.strip():
            continue
        sent.append((name, number_read(field, value) if field else value))
    return sent


def entries(card: Card, pairs: Pairs) -> tuple[Entry, ...]:
    """What was entered, in the model's order, for the page that shows the answer."""
    return tuple(_entry(field, typed(field, pairs)) for field in card.fields)


def typed(field: Field, pairs: Pairs) -> str:
    """What was typed into one field, the first value if it came twice, "" if it did not come."""
    return next((value for name, value in _joined((field,), pairs) if name == field.name), "")


def options(field: Field) -> tuple[tuple[str, str], ...]:
    """The (value, title) pairs a field is chosen from, "not known" first where that is allowed;
    none for what is typed."""
    if field.kind not in ("choice", "boolean"):
        return ()
    known = tuple((choice.value, choice.title) for choice in field.choices)
    if field.kind == "boolean":
        known = (("true", "Yes"), ("false", "No"))
    return (("", "Not known"), *known) if field.missing_allowed else known


def number_read(field: Field, value: str) -> str:
    """A typed number as the API reads it: "5,1", "5.1 cm" and "5.1" are "5.1".

    What can be read in two ways ("1,234") or not at all is left as it is, for the API to refuse.
    """
    if field.kind not in ("number", "integer"):
        return value
    text = value.strip().replace("\N{MINUS SIGN}", "-")
    if field.unit:
        text = text.removesuffix(field.unit).rstrip()
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma and not _EITHER_WAY.fullmatch(text):
        return f"{comma[1]}.{comma[2]}"
    return text


def two_readings(field: Field, value: str) -> tuple[str, str] | None:
    """The two numbers that "1,234" may mean, or None for what can be read in one way only."""
    text = number_read(field, value)
    if field.kind not in ("number", "integer") or not _EITHER_WAY.fullmatch(text):
        return None
    return text.replace(",", "."), text.replace(",", "")


def readable(text: str) -> str:
    """Text safe to print on a page: control characters become a visible sign."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _joined(fields: Iterable[Field], pairs: Pairs) -> list[tuple[str, str]]:
    """The pairs with one value for each control that sends two.

    A tick box sends "false" and, when ticked, "true" after it: together they are "true". A choice that
    may be another than those listed sends what was chosen and what was typed, and one of them is empty.
    """
    kept = list(pairs)
    for field in fields:
        values = [value for name, value in pairs if name == field.name]
        if field.kind == "boolean" and values == ["false", "true"]:
            kept.remove((field.name, "false"))
        if field.others_allowed and len(values) == 2 and (not all(values) or values[0] == values[1]):
            kept.remove((field.name, min(values, key=len)))
    return kept


def _entry(field: Field, value: str) -> Entry:
    text = dict(options(field)).get(value) or readable(value.strip()) or "Not given"
    if field.kind not in ("number", "integer") or not value.strip():
        return Entry(field.title, text)
    unit = f" {field.unit}" if field.unit else ""
    plain = text.removesuffix(field.unit).rstrip() if field.unit else text
    read = readable(number_read(field, value))
    return Entry(field.title, plain + unit, read + unit if read != plain else "")
