"""The rows of a sample that fit a schema."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnreadableModel
from api.runtime.rows import Rows
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.training.sample import Sample
from api.training.words import spelled


def sample_rows(
    schema: Schema, sample: Sample | None
) -> tuple[Rows | None, NDArray[np.bool_] | None, tuple[str, ...]]:
    """The sample's rows that fit the schema, which they are, and a note where some do not."""
    if sample is None:
        return None, None, ()
    numbers, texts, fits = [], [], np.ones(len(sample.table), dtype=bool)
    for field in schema.fields:
        if field.kind in (Kind.CHOICE, Kind.TEXT):
            column = _texts(field, sample)
            known = {choice.value for choice in field.choices}
            strange = np.array([text is not None and text not in known for text in column])
            fits &= ~strange if field.kind is Kind.CHOICE and not field.others_allowed else True
            empty = np.array([text is None for text in column])
            texts.append(column)
        else:
            values = sample.numbers(field.name)
            if values is None:
                raise UnreadableModel(f"the sample's column {field.name} holds texts where numbers belong.")
            empty = np.isnan(values)
            numbers.append(values)
        fits &= ~empty if not field.missing_allowed else True
    rows = Rows(_stacked(numbers, len(fits), np.float64), _stacked(texts, len(fits), np.object_))[fits]
    if not len(rows):
        raise UnreadableModel("no row of the sample holds only values that the model takes.")
    left_out = int((~fits).sum())
    note = f"{left_out} rows of the sample were left out: they hold values that the model does not take."
    return rows, fits, (note,) if left_out else ()


def _texts(field: Field, sample: Sample) -> NDArray[np.object_]:
    """A column's texts; a number that stands for a choice is spelled as the choice is."""
    texts = sample.texts(field.name)
    numbers = sample.numbers(field.name)
    known = {choice.value for choice in field.choices}
    if numbers is None or known >= {text for text in texts if text is not None}:
        return texts
    spelt = [None if np.isnan(one) else spelled(float(one)) for one in numbers]
    return np.array(spelt, dtype=object)


def _stacked(columns: list[NDArray[Any]], rows: int, dtype: type[Any]) -> NDArray[Any]:
    return np.column_stack(columns) if columns else np.empty((rows, 0), dtype=dtype)
