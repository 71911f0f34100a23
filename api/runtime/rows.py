"""Rows: a batch in memory, its values grouped by kind so that each group is one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.schema.fields import Kind, Value
from api.schema.schema import Row, Schema


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a model's values.

    `numbers` (rows, k): the number, integer and boolean fields in the schema's order; NaN is missing.
    `texts` (rows, m): the choice and text fields in the schema's order, each a `str`; None is missing.
    """

    numbers: NDArray[np.float64]
    texts: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, which: slice | NDArray[np.int64] | NDArray[np.bool_]) -> Rows:
        """The rows that a slice, indices or a mask choose."""
        return Rows(self.numbers[which], self.texts[which])


def rows_from(schema: Schema, rows: Sequence[Row]) -> Rows:
    """The batch of `rows`, whose values have been parsed: each fits its field, or is None for missing."""
    if not schema.text_positions:
        # The usual model takes numbers only; NumPy itself makes NaN of None and 1.0 of True.
        numbers = np.array(rows, dtype=np.float64).reshape(len(rows), len(schema.fields))
        return numbers_only(numbers)
    numbers = np.array([[row[at] for at in schema.number_positions] for row in rows], dtype=np.float64)
    texts = np.empty((len(rows), len(schema.text_positions)), dtype=np.object_)
    for column, at in enumerate(schema.text_positions):
        texts[:, column] = [row[at] for row in rows]
    return Rows(numbers.reshape(len(rows), len(schema.number_positions)), texts)


def numbers_only(numbers: NDArray[np.float64]) -> Rows:
    """The batch of an array of shape (rows, fields), for a schema without choices and texts."""
    return Rows(numbers, np.empty((len(numbers), 0), dtype=np.object_))


def row_at(schema: Schema, rows: Rows, index: int) -> Row:
    """One row of a batch as values in the schema's order, the reverse of `rows_from`."""
    values: list[Value] = [None] * len(schema.fields)
    for column, at in enumerate(schema.number_positions):
        values[at] = _number(schema.fields[at].kind, float(rows.numbers[index, column]))
    for column, at in enumerate(schema.text_positions):
        values[at] = rows.texts[index, column]
    return tuple(values)


def stack(batches: Sequence[Rows]) -> Rows:
    """All rows of one or more batches, in order."""
    return Rows(
        np.concatenate([one.numbers for one in batches]), np.concatenate([one.texts for one in batches])
    )


def _number(kind: Kind, value: float) -> Value:
    if np.isnan(value):
        return None
    if kind is Kind.BOOLEAN:
        return value != 0
    return int(value) if kind is Kind.INTEGER and value.is_integer() else value
