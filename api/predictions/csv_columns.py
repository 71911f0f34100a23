"""From the records of a CSV to rows, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldProblem, InvalidInput
from api.runtime.rows import Rows
from api.schema.fields import Field, Kind
from api.schema.parse import parse_text
from api.schema.problems import expectation
from api.schema.schema import Schema

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field of a schema stands in the records: a column's place, or None where it has none."""

    schema: Schema
    places: tuple[int | None, ...]
    width: int

    def rows_of(self, records: list[list[str]]) -> tuple[Rows, list[FieldProblem]]:
        """The rows of some records, and what does not fit; a problem's row counts from 0 in `records`.

        The values of a row with a problem mean nothing.
        """
        problems = [
            self._odd_width(row, len(one)) for row, one in enumerate(records) if len(one) != self.width
        ]
        if problems:
            records = [one if len(one) == self.width else [""] * self.width for one in records]
        odd = {one.row for one in problems}
        columns = [
            [""] * len(records) if place is None else [one[place] for one in records] for place in self.places
        ]
        rows, found = self._filled(columns, len(records))
        problems += [one for one in found if one.row not in odd]
        return rows, sorted(problems, key=lambda one: one.row or 0)

    def rows_of_cells(self, cells: list[str]) -> tuple[Rows, list[FieldProblem]]:
        """The same of records that are all of the header's width, given as their cells one after another."""
        count = len(cells) // self.width
        columns = [[""] * count if place is None else cells[place :: self.width] for place in self.places]
        rows, problems = self._filled(columns, count)
        return rows, sorted(problems, key=lambda one: one.row or 0)

    def _filled(self, columns: list[list[str]], count: int) -> tuple[Rows, list[FieldProblem]]:
        """The rows whose cells are given by field, and what does not fit."""
        problems: list[FieldProblem] = []
        numbers = np.zeros((count, len(self.schema.number_positions)), dtype=np.float64)
        texts = np.empty((count, len(self.schema.text_positions)), dtype=np.object_)
        for block, positions in (
            (numbers, self.schema.number_positions),
            (texts, self.schema.text_positions),
        ):
            for column, at in enumerate(positions):
                problems += _fill(block[:, column], self.schema.fields[at], columns[at])
        return Rows(numbers, texts), problems

    def _odd_width(self, row: int, width: int) -> FieldProblem:
        sentence = f"The row has {width} cells, and the header {self.width}."
        return FieldProblem("", sentence, sentence, f"{self.width} cells", f"{width} cells", row)


def find_columns(schema: Schema, header: list[str]) -> Columns:
    """Where the fields of `schema` stand in a header, in whatever order; other columns are let be.

    Raises InvalidInput naming every column that is missing or there twice.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        places.setdefault(name.strip(), []).append(place)
    problems = []
    for field in schema.fields:
        count = len(places.get(field.name, ()))
        if count > 1 or (count == 0 and not field.missing_allowed):
            problems.append(_column_problem(field, count))
    if problems:
        raise InvalidInput(problems)
    first = [places.get(name, [None])[0] for name in schema.names]
    return Columns(schema, tuple(first), len(header))


def _column_problem(field: Field, count: int) -> FieldProblem:
    what = "is missing from the header" if count == 0 else f"stands in the header {count} times"
    sentence = f"The column {field.name} {what}."
    return FieldProblem(
        field.name, sentence, sentence, f"one column named {field.name}: {expectation(field)}"
    )


def _fill(column: NDArray[Any], field: Field, cells: list[str]) -> list[FieldProblem]:
    if _fill_plain(column, field, cells):
        return []
    problems = []
    for row, cell in enumerate(cells):
        value = parse_text(field, cell)
        if isinstance(value, FieldProblem):
            problems.append(replace(value, row=row))
        else:
            column[row] = value
    return problems


def _fill_plain(column: NDArray[Any], field: Field, cells: list[str]) -> bool:
    """Fill a column whose cells are all plainly right; False where they have to be looked at singly."""
    if field.kind in (Kind.CHOICE, Kind.TEXT):
        column[:] = cells
        allowed = {choice.value for choice in field.choices}
        return "" not in cells and (not allowed or field.others_allowed or allowed.issuperset(cells))
    if field.kind is Kind.BOOLEAN:
        return False
    missing = cells.count("") if field.missing_allowed else 0
    try:
        column[:] = np.array([one or "nan" for one in cells] if missing else cells, dtype=np.float64)
    except ValueError:
        return False
    # Where more is no number than is missing, somebody has written so.
    plain = np.abs(column) <= _LARGEST
    if field.kind is Kind.INTEGER:
        plain &= column == np.floor(column)
    return int(plain.sum()) == len(cells) - missing
