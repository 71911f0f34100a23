"""What is plain of a field: the values that are taken at once, and how the record writes them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, NamedTuple

from api.errors import FieldProblem
from api.schema.fields import Field, Kind, Value
from api.schema.observed import outside_observed
from api.schema.parse import BOOLEAN_WORDS, PLAIN, parse_text
from api.schema.schema import Schema
from api.schema.typed import typed_value

# What the model takes for a value: a number, also for a boolean, or a text. NaN is a missing number, here
# always the same one, by which it is known.
Given = float | str
GAP = math.nan
# What a name has of these is written otherwise in a query, or ends it.
_SPECIAL = frozenset("%+&=")
# A number in a query: an empty text is a missing one, and what is encoded is for others.
_ANY_NUMBER = "([^&%+]+)"
# A number written as `repr` writes it: with so few digits each text is the shortest one of its number, unless
# that is so small that it has an exponent.
USUAL_NUMBER = r"-?(?:[1-9][0-9]{0,6}|0(?!\.000))\.(?:[0-9]{0,6}[1-9]|0)"
# A whole number, which the record has without what may follow its point.
USUAL_WHOLE = r"(-?[1-9][0-9]{0,8}|0)(?:\.0)?"
_WORD = "([^&%+]*)"
# How the fields of a query are written: as numbers of any kind but whole ones, or each as the record has it.
NUMBERS_ALONE = {Kind.NUMBER: _ANY_NUMBER}
USUAL = {Kind.NUMBER: f"({USUAL_NUMBER})", Kind.INTEGER: USUAL_WHOLE, Kind.CHOICE: _WORD, Kind.BOOLEAN: _WORD}
# What a value in JSON may be that is looked up among a field's `members`.
MEMBERS = frozenset({bool, str, NoneType})

# How the record writes a number: as Python writes a float, or as a whole number.
NUMBERS = {Kind.NUMBER: "%r", Kind.INTEGER: "%d"}


class Place(NamedTuple):
    """Where a field is in a row, and what is plain there: one of `words`, or else a number.

    `words` are by their text in a query, `members` by their value in JSON; both None of numbers, which in a
    query are from `low` to `high`, within what the model has seen, whole or not, or missing where `gap` is
    not None.
    """

    at: int
    low: float
    high: float
    whole: bool
    gap: float | None
    words: dict[str, Given] | None
    members: dict[Any, Given] | None


def in_order(fields: Sequence[Field], written: Mapping[Kind, str]) -> re.Pattern[str] | None:
    """What a query is that has all fields in their order, each a group, `written` as its kind is.

    None where a kind is not written, or where a name is written otherwise in a query.
    """
    if any(one.kind not in written or not _SPECIAL.isdisjoint(one.name) for one in fields):
        return None
    return re.compile("&".join(f"{re.escape(one.name)}={written[one.kind]}" for one in fields))


def place_of(at: int, field: Field) -> Place:
    """What is plain of a field, the how manieth it is in a row."""
    gap = GAP if field.missing_allowed else None
    low, high = -PLAIN, PLAIN
    if field.kind in NUMBERS:
        if field.observed is not None:
            low, high = max(low, field.observed.minimum), min(high, field.observed.maximum)
        return Place(at, low, high, field.kind is Kind.INTEGER, gap, None, None)
    choices = [one.value for one in field.choices]
    words = {
        text: _given(field, value)
        for text in ("", *choices, *BOOLEAN_WORDS)
        if _plainly(field, value := parse_text(field, text))
    }
    members = {
        one: _given(field, value)
        for one in (None, "", *choices, True, False)
        if _plainly(field, value := typed_value(field, one))
    }
    return Place(at, low, high, False, gap, words, members)


def _plainly(field: Field, value: Value | FieldProblem) -> bool:
    """Whether a value is one, and nothing that the model has not seen."""
    return not isinstance(value, FieldProblem) and not outside_observed(Schema((field,)), (value,))


def _given(field: Field, value: Any) -> Given:
    if field.kind is Kind.BOOLEAN:
        return GAP if value is None else float(value)
    return value or ""


def written(field: Field) -> str | dict[Given, str]:
    """How the record writes a field's values: for `%`, or each; a missing text is an empty one."""
    if field.kind is Kind.BOOLEAN:
        return {1.0: "true", 0.0: "false"}
    if field.kind is Kind.CHOICE:
        choices: dict[Given, str] = {one.value: json.dumps(one.value) for one in field.choices}
        return choices | {"": "null"}
    return NUMBERS.get(field.kind, "%s")
