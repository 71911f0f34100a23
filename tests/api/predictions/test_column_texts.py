"""Whole columns as text: the same texts as one value at a time."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from api.predictions.column_texts import number_texts
from api.predictions.prediction import answer_columns, answer_texts, share_column_texts
from api.runtime.answers import ClassAnswers, ValueAnswers
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


@given(st.lists(st.integers(0, 2000) | st.integers(0, 10**7), min_size=1))
def test_every_size_of_a_probability_is_written_as_python_writes_it(sizes: list[int]) -> None:
    """Those below 0.0001 too, of which the texts are kept, and what a model gives below zero."""
    shares = np.array([size / 1e7 + 3e-9 for size in sizes])
    assert share_column_texts(shares) == [repr(round(one, 7)) for one in shares.tolist()]
    below = -shares
    assert share_column_texts(below) == [repr(one) for one in np.round(below, 7).tolist()]
