"""An example for every field: made up of middles and most frequent values, never somebody's row."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.rows import Rows, rows_from
from api.runtime.text_features import words
from api.schema.fields import Field, Kind, Value
from api.schema.schema import Schema

_SIGNIFICANT = 4
# An example of a text is so many words, each in so many texts at least that it is nobody's own; short words
# say little. Not more texts than this are looked at.
_WORDS, _FEWEST_TEXTS, _SHORTEST_WORD, _LOOKED_AT = 5, 5, 4, 5000


def with_examples(schema: Schema, rows: Rows) -> Schema:
    """The schema with an example of every field: the middle number, the most frequent choice or words.

    Together they must not be a row of the sample, which may be about a person: then other middles are tried.
    """
    for share in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65):
        examples = [_example(field, column, share) for field, column in _columns(schema, rows)]
        made = Schema(
            tuple(replace(field, example=one) for field, one in zip(schema.fields, examples, strict=True))
        )
        if not _is_among(rows, rows_from(made, [tuple(examples)])):
            break
    return made


def _columns(schema: Schema, rows: Rows) -> list[tuple[Field, NDArray[Any]]]:
    columns: dict[int, NDArray[Any]] = {}
    for at, position in enumerate(schema.number_positions):
        columns[position] = rows.numbers[:, at]
    for at, position in enumerate(schema.text_positions):
        columns[position] = rows.texts[:, at]
    return [(field, columns[at]) for at, field in enumerate(schema.fields)]


def _example(field: Field, column: NDArray[Any], share: float) -> Value:
    if field.kind is Kind.CHOICE:
        return _most_frequent(field, column)
    if field.kind is Kind.TEXT:
        return _frequent_words(column)
    if np.isnan(column).all():
        return None
    middle = float(np.nanquantile(column, share))
    if field.kind is Kind.BOOLEAN:
        return bool(np.nanmean(column) >= 0.5)
    return round(middle) if field.kind is Kind.INTEGER else _rounded(middle, field.step)


def _most_frequent(field: Field, column: NDArray[np.object_]) -> str:
    known = np.array([text for text in column if text is not None], dtype=str)
    if not known.size:
        return field.choices[0].value
    values, counts = np.unique(known, return_counts=True)
    return str(values[counts.argmax()])


def _frequent_words(column: NDArray[np.object_]) -> str | None:
    """The words that most texts have, None where there are none that several have."""
    counts = Counter(word for text in column[:_LOOKED_AT] if text for word in set(words(text)))
    shared = [one for one, count in counts.items() if count >= _FEWEST_TEXTS and len(one) >= _SHORTEST_WORD]
    return " ".join(sorted(shared, key=lambda one: (-counts[one], one))[:_WORDS]) or None


def _rounded(value: float, step: float | None) -> float:
    if step:
        return round(round(value / step) * step, _SIGNIFICANT)
    return float(f"{value:.{_SIGNIFICANT}g}")


def _is_among(rows: Rows, one: Rows) -> bool:
    numbers = (rows.numbers == one.numbers) | (np.isnan(rows.numbers) & np.isnan(one.numbers))
    return bool((numbers.all(axis=1) & (rows.texts == one.texts).all(axis=1)).any())
