"""One row whose values are plainly right, and the texts that its answer is made of, without a step too many.

What is here says the same as the general functions do (`parse_pairs`, `rows_of_instances`, `respond`), which
answer for every row that is not plain: tests hold the two together.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from operator import le
from types import NoneType
from typing import Any, NamedTuple

from api.errors import FieldProblem
from api.predictions.field_reasons import can_explain
from api.predictions.prediction import answer_names, share_texts
from api.registry.card import Card
from api.runtime.answers import OneAnswer
from api.schema.fields import Field, Kind, Value
from api.schema.observed import outside_observed
from api.schema.parse import BOOLEAN_WORDS, PLAIN, parse_text
from api.schema.schema import Schema
from api.schema.typed import typed_value

# What the model takes for a value: a number, also for a boolean, or a text. NaN is a missing number, here
# always the same one, by which it is known.
_Given = float | str
_GAP = math.nan
_SPECIAL = frozenset("%+&=")
_MEMBERS = frozenset({bool, str, NoneType})


class PlainRow(NamedTuple):
    """A row as the model takes it, and as the record has it: `inputs` is JSON, a column a field."""

    numbers: list[float]
    texts: list[str]
    inputs: str


# An answer as texts: a JSON object, and what the record has of it after a row's inputs.
PlainAnswer = tuple[str, str]


class _Place(NamedTuple):
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
    words: dict[str, _Given] | None
    members: dict[Any, _Given] | None


class PlainRows:
    """What is made beforehand of a version: its fields by name, and the templates of its texts."""

    def __init__(self, card: Card) -> None:
        self.card = card
        fields, target = card.schema.fields, card.target
        by_default = card.explanation is not None and card.explanation.by_default and can_explain(card)
        # A text can be anything, and reasons take hundreds of microseconds: both are left to others.
        usable = not by_default and all(one.kind is not Kind.TEXT for one in fields)
        self._places = {one.name: _place(at, one) for at, one in enumerate(fields)} if usable else {}
        self._count = len(fields) if usable else -1
        places = list(self._places.values())
        self._lows, self._highs = [one.low for one in places], [one.high for one in places]
        self._in_order = _in_order(fields) if usable else None
        # What a field that is left out is: its gap, or the word for a missing one; None where it must come.
        self._absent = [one.gap if one.words is None else one.words.get("") for one in self._places.values()]
        self._numbers, self._texts = card.schema.number_positions, card.schema.text_positions
        self._plain = not self._texts
        self._quickly = _template(card.schema.names, [_NUMBERS.get(one.kind, "%s") for one in fields])
        self._inputs = _template(card.schema.names, ["%s"] * len(fields))
        self._written = [_written(one) for one in fields]
        self._spelt = [(at, one) for at, one in enumerate(self._written) if isinstance(one, dict)]
        labels = [one.label for one in target.classes]
        self._labels = [json.dumps(label) for label in labels]
        first, *shares = (_escaped(json.dumps(name)) for name in answer_names(target))
        self._response = "".join([f"{{{first}: %s", *(f", {share}: %s" for share in shares), "}"])
        self._shares = len(shares)
        probabilities = _template(labels, ["%s"] * len(labels)) if shares else ""
        self._recorded = [f"\t[{_escaped(label)}]\t{probabilities}" for label in self._labels]

    def from_query(self, query: str) -> PlainRow | None:
        """The row of a query string, which is ASCII; None where it is not plain, or would have warnings."""
        in_order = self._in_order and self._in_order.fullmatch(query)
        if in_order:
            # The usual query has all fields, in their order, and all of them are numbers.
            try:
                row: list[Any] = list(map(float, in_order.groups()))
            except ValueError:
                return None
            within = all(map(le, self._lows, row)) and all(map(le, row, self._highs))
            return PlainRow(row, [], self._quickly % tuple(row)) if within else None
        # Nothing is encoded.
        if self._count < 0 or "%" in query or "+" in query:
            return None
        parts = query.split("&")
        row = [None] * self._count
        try:
            for part in parts:
                name, _, text = part.partition("=")
                at, low, high, whole, gap, words, _ = self._places[name]
                if words is not None:
                    row[at] = words[text]
                    continue
                if not text:
                    row[at] = gap
                    continue
                value = float(text)
                if not low <= value <= high or (whole and not value.is_integer()):
                    return None
                # An integer has no negative zero.
                row[at] = value or 0.0 if whole else value
        except (KeyError, ValueError):
            return None
        return self._row(row) if self._filled(row, len(parts)) else None

    def from_object(self, given: Mapping[str, Any]) -> PlainRow | None:
        """The row of a JSON object; None where it is not plain."""
        if self._count < 0:
            return None
        row: list[Any] = [None] * self._count
        try:
            for name, value in given.items():
                at, _, _, whole, gap, _, members = self._places[name]
                kind = type(value)
                if members is not None:
                    # True is 1 to Python, a list has no hash.
                    row[at] = members[value] if kind in _MEMBERS else None
                elif kind is int or (kind is float and (not whole or value.is_integer())):
                    # An integer has no negative zero.
                    row[at] = float(value or 0 if whole else value) if -PLAIN <= value <= PLAIN else None
                else:
                    row[at] = gap if value is None else None
        except KeyError:
            return None
        return self._row(row) if self._filled(row, len(given)) else None

    def answer(self, answer: OneAnswer) -> PlainAnswer | None:
        """The texts of an answer; None where it is not what the card says of it."""
        chosen, numbers = answer
        if chosen is None:
            value = repr(numbers[0])
            return self._response % value, f"\t[{value}]\t"
        if len(numbers) != self._shares:
            return None
        shares = tuple(share_texts(numbers))
        return self._response % (self._labels[chosen], *shares), self._recorded[chosen] % shares

    def _filled(self, row: list[Any], given: int) -> bool:
        """Whether every field has a value that is plain, once those are missing that were left out.

        So many were given: where more are open than were left out, one of them was not plain, or came twice.
        """
        if None not in row:
            # As many as there are fields, and none left open, are one for each.
            return given == self._count
        if row.count(None) != self._count - given:
            return False
        for at, absent in enumerate(self._absent):
            if row[at] is None:
                row[at] = absent
        return None not in row

    def _row(self, row: list[Any]) -> PlainRow:
        if _GAP in row:
            texts = [
                "null" if one is _GAP else how % one if isinstance(how, str) else how[one]
                for how, one in zip(self._written, row, strict=True)
            ]
            inputs = self._inputs % tuple(texts)
        else:
            said = row.copy() if self._spelt else row
            for at, written in self._spelt:
                said[at] = written[said[at]]
            inputs = self._quickly % tuple(said)
        if self._plain:
            return PlainRow(row, [], inputs)
        return PlainRow([row[at] for at in self._numbers], [row[at] for at in self._texts], inputs)


# How the record writes a number: as Python writes a float, or as a whole number.
_NUMBERS = {Kind.NUMBER: "%r", Kind.INTEGER: "%d"}


def _template(names: Iterable[str], conversions: Iterable[str]) -> str:
    """A JSON object of columns with one value each, for `%`."""
    members = zip(names, conversions, strict=True)
    return "{" + ",".join(f"{_escaped(json.dumps(name))}:[{one}]" for name, one in members) + "}"


def _escaped(text: str) -> str:
    """A text as it is in what `%` fills in."""
    return text.replace("%", "%%")


def _in_order(fields: Sequence[Field]) -> re.Pattern[str] | None:
    """What a query is that has all fields in their order, if these are numbers of any kind but whole ones.

    None too where a name is written otherwise in a query.
    """
    if any(one.kind is not Kind.NUMBER or not _SPECIAL.isdisjoint(one.name) for one in fields):
        return None
    # An empty text is a missing number, and what is encoded is for others.
    return re.compile("&".join(f"{re.escape(one.name)}=([^&%+]+)" for one in fields))


def _place(at: int, field: Field) -> _Place:
    gap = _GAP if field.missing_allowed else None
    low, high = -PLAIN, PLAIN
    if field.kind in _NUMBERS:
        if field.observed is not None:
            low, high = max(low, field.observed.minimum), min(high, field.observed.maximum)
        return _Place(at, low, high, field.kind is Kind.INTEGER, gap, None, None)
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
    return _Place(at, low, high, False, gap, words, members)


def _plainly(field: Field, value: Value | FieldProblem) -> bool:
    """Whether a value is one, and nothing that the model has not seen."""
    return not isinstance(value, FieldProblem) and not outside_observed(Schema((field,)), (value,))


def _given(field: Field, value: Any) -> _Given:
    if field.kind is Kind.BOOLEAN:
        return _GAP if value is None else float(value)
    return value or ""


def _written(field: Field) -> str | dict[_Given, str]:
    """How the record writes a field's values: for `%`, or each; a missing text is an empty one."""
    if field.kind is Kind.BOOLEAN:
        return {1.0: "true", 0.0: "false"}
    if field.kind is Kind.CHOICE:
        choices: dict[_Given, str] = {one.value: json.dumps(one.value) for one in field.choices}
        return choices | {"": "null"}
    return _NUMBERS.get(field.kind, "%s")
