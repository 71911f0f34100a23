"""The usual value of every field: what an answer's reasons are measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.registry.explanation import Explanation
from api.runtime.rows import Rows
from api.schema.fields import Field, Kind, Value
from api.schema.schema import Schema

_SIGNIFICANT = 6


def explanation_of(
    schema: Schema, rows: Rows, *, by_default: bool = False, texts: bool = False
) -> Explanation:
    """The explanation of a model whose usual rows are `rows`.

    Fields of free text have no usual value; with `texts` it is none at all, for a model that takes that as
    a text without words.
    """
    typical: dict[str, Value] = {}
    for column, at in enumerate(schema.number_positions):
        field = schema.fields[at]
        typical[field.name] = _number(field, rows.numbers[:, column])
    for column, at in enumerate(schema.text_positions):
        field = schema.fields[at]
        if field.kind is Kind.CHOICE:
            typical[field.name] = _most_frequent(rows.texts[:, column])
        elif texts:
            typical[field.name] = None
    return Explanation({name: typical[name] for name in schema.names if name in typical}, by_default)


def _number(field: Field, values: NDArray[np.float64]) -> Value:
    """The middle of the values, or None where more of them are missing than not."""
    known = values[~np.isnan(values)]
    if 2 * len(known) < len(values) or not len(known):
        return None
    if field.kind is Kind.BOOLEAN:
        return bool(known.mean() >= 0.5)
    middle = float(np.median(known))
    if field.kind is Kind.INTEGER:
        return round(middle)
    if field.step:
        middle = round(middle / field.step) * field.step
    return float(f"{middle:.{_SIGNIFICANT}g}") if abs(middle) < 10**_SIGNIFICANT else float(round(middle))


def _most_frequent(texts: NDArray[Any]) -> Value:
    """The text that there is most of, of equals the first in the alphabet; None where most are missing."""
    known = np.array([one for one in texts if one is not None], dtype=str)
    if 2 * len(known) < len(texts) or not len(known):
        return None
    values, counts = np.unique(known, return_counts=True)
    return str(values[counts.argmax()])
