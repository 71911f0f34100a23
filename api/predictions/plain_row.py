"""One row whose values are plainly right, without a step too many.

What is here reads the same as the general functions do (`parse_pairs`, `rows_of_instances`), which read every
row that is not plain: tests hold the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.predictions.field_reasons import can_explain
from api.predictions.plain_fields import (
    GAP,
    MEMBERS,
    NUMBERS,
    NUMBERS_ALONE,
    USUAL,
    in_order,
    place_of,
    written,
)
from api.predictions.plain_usual import NUMBER, NUMBER_WORD, WORD, Reading, usual_reading
from api.registry.card import Card
from api.runtime.one_row.unrolled import within
from api.schema.fields import Kind
from api.schema.parse import PLAIN

# A row as the model takes it, numbers and texts, and as the record has it: JSON, a column a field. These are
# plain tuples, because one with names takes ten times as long to make.
PlainRow = tuple[Sequence[float], Sequence[str], str]


class PlainRows:
    """What is made beforehand of a version: its fields by name, and the templates of their texts."""

    def __init__(self, card: Card) -> None:
        self.card = card
        fields = card.schema.fields
        by_default = card.explanation is not None and card.explanation.by_default and can_explain(card)
        # A text can be anything, and reasons take hundreds of microseconds: both are left to others.
        usable = not by_default and all(one.kind is not Kind.TEXT for one in fields)
        self._places = {one.name: place_of(at, one) for at, one in enumerate(fields)} if usable else {}
        self._count = len(fields) if usable else -1
        places = list(self._places.values())
        self._in_order = in_order(fields, NUMBERS_ALONE) if usable else None
        self._usual = in_order(fields, USUAL) if usable else None
        # What a field that is left out is: its gap, or the word for a missing one; None where it must come.
        self._absent = [one.gap if one.words is None else one.words.get("") for one in self._places.values()]
        self._numbers, self._texts = card.schema.number_positions, card.schema.text_positions
        self._plain = not self._texts
        measured = [places[at] for at in self._numbers] if usable else []
        # Whether all numbers are within what the model has seen.
        self._within = within([one.low for one in measured], [one.high for one in measured])
        self._quickly = _template(card.schema.names, [NUMBERS.get(one.kind, "%s") for one in fields])
        self._inputs = _template(card.schema.names, ["%s"] * len(fields))
        self._written = [written(one) for one in fields]
        self._spelt = [(at, one) for at, one in enumerate(self._written) if isinstance(one, dict)]
        self._read = self._usual_reading() if usable else None

    def from_query(self, query: str) -> PlainRow | None:
        """The row of a query string, which is ASCII; None where it is not plain, or would have warnings."""
        # The usual query has all fields in their order, their numbers written as in the record.
        if self._usual is not None and self._read is not None and (usual := self._usual.fullmatch(query)):
            return self._read(usual.groups())
        ordered = self._in_order and self._in_order.fullmatch(query)
        return self._ordered(ordered.groups()) if ordered else self._named(query)

    def _usual_reading(self) -> Reading | None:
        kinds, words = "", []
        for place, spelt in zip(self._places.values(), self._written, strict=True):
            if place.words is None or not isinstance(spelt, dict):
                kinds += NUMBER
                continue
            kinds += WORD if place.at in self._texts else NUMBER_WORD
            words.append({word: (one, spelt[one]) for word, one in place.words.items() if one is not GAP})
        return usual_reading(list(self._places.values()), kinds, words, self._inputs)

    def _ordered(self, said: Sequence[str]) -> PlainRow | None:
        try:
            row = list(map(float, said))
        except ValueError:
            return None
        return (row, (), self._quickly % tuple(row)) if self._within(row) else None

    def _named(self, query: str) -> PlainRow | None:
        # Nothing is encoded.
        if self._count < 0 or "%" in query or "+" in query:
            return None
        parts = query.split("&")
        row: list[Any] = [None] * self._count
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
                    row[at] = members[value] if kind in MEMBERS else None
                elif kind is int or (kind is float and (not whole or value.is_integer())):
                    # An integer has no negative zero.
                    row[at] = float(value or 0 if whole else value) if -PLAIN <= value <= PLAIN else None
                else:
                    row[at] = gap if value is None else None
        except KeyError:
            return None
        return self._row(row) if self._filled(row, len(given)) else None

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
        if GAP in row:
            texts = [
                "null" if one is GAP else how % one if isinstance(how, str) else how[one]
                for how, one in zip(self._written, row, strict=True)
            ]
            inputs = self._inputs % tuple(texts)
        else:
            said = row.copy() if self._spelt else row
            for at, words in self._spelt:
                said[at] = words[said[at]]
            inputs = self._quickly % tuple(said)
        if self._plain:
            return row, (), inputs
        return [row[at] for at in self._numbers], [row[at] for at in self._texts], inputs


def _template(names: Iterable[str], conversions: Iterable[str]) -> str:
    """A JSON object of columns with one value each, for `%`."""
    members = zip(names, conversions, strict=True)
    return "{" + ",".join(f"{_escaped(json.dumps(name))}:[{one}]" for name, one in members) + "}"


def _escaped(text: str) -> str:
    """A text as it is in what `%` fills in."""
    return text.replace("%", "%%")
