"""Whole columns as text: the same texts as one value at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.predictions.column_texts import number_texts
from api.predictions.prediction import answer_columns, answer_texts
from api.predictions.record import _inputs_json, inputs_of
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.answers import ClassAnswers, ValueAnswers
from api.runtime.rows import rows_from
from api.schema.target import Target, TargetClass

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.one_of(finite, st.floats(-1e-3, 1e-3), st.integers(0, 10**7).map(lambda one: one / 1e7))))
def test_numbers_are_written_as_python_writes_them(numbers: list[float]) -> None:
    """Large and small, with or without an exponent."""
    assert number_texts(np.array(numbers, dtype=np.float64)) == [json.dumps(one) for one in numbers]


def test_numbers_of_a_table_are_read_row_by_row() -> None:
    """Also where the table is not in the order of its rows in memory."""
    assert number_texts(np.array([[1.0, 2.0], [3.0, 4.0]]).T) == ["1.0", "3.0", "2.0", "4.0"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_answers_as_text_are_the_answers(shares: list[float]) -> None:
    """Labels are shown as asked for, and probabilities rounded as everywhere."""
    target = Target("kind", "Kind", (TargetClass("a", 'A"'), TargetClass("b", "B")))
    first = np.array(shares)
    answers = ClassAnswers((first < 0.5).astype(np.int64), np.column_stack([first, 1 - first]))
    labels, *columns = answer_columns(target, answers)
    assert answer_texts(target, answers, str.lower) == [
        [one.lower() for one in labels],
        *([json.dumps(one) for one in column] for column in columns),
    ]
    values = ValueAnswers(first)
    assert answer_texts(Target("size", "Size"), values, str) == [[repr(one) for one in shares]]


@pytest.mark.parametrize("value", [5.0, -0.0, 1e-7, 123456789.0, 1e300, None])
def test_inputs_on_record_are_those_that_came(garden_dir: Path, value: float | None) -> None:
    """Numbers, whole numbers, texts and booleans, missing or not, are the same in many rows as in one."""
    card: Card = ModelsDirectory(garden_dir).card("meadow", "1")
    rows = rows_from(
        card.schema, [_row(card, {"rain": value, "soil": "müd\n\u2028"}), _row(card, {"soil": "clay"})]
    )
    written = _inputs_json(card, rows)
    assert written.isascii()
    assert json.loads(written) == inputs_of(card, rows)


def _row(card: Card, known: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(known.get(name, False if name == "watered" else None) for name in card.schema.names)
