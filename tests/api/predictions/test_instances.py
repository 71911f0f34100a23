"""JSON objects to rows: typed, whole columns at a time, every misfit named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidInput
from api.predictions.instances import MOST_PROBLEMS, rows_of_instances
from api.schema.fields import Field, Kind
from api.schema.schema import Schema

GOOD: dict[str, Any] = {"length": 1.5, "legs": 4, "colour": "red", "note": "a", "tame": True}


def test_values_land_in_the_columns_of_their_kind(schema: Schema) -> None:
    """Numbers and booleans make one array, choices and texts another, both in the schema's order."""
    rows = rows_of_instances(schema, [GOOD, GOOD | {"length": 2, "legs": 6.0, "note": None, "tame": False}])
    assert rows.numbers.tolist() == [[1.5, 4.0, 1.0], [2.0, 6.0, 0.0]]
    assert rows.texts.tolist() == [["red", "a"], ["red", None]]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("length", "1.5", "must be a number, not '1.5'"),
        ("length", True, "must be a number, not true"),
        ("length", 1e39, "must be smaller than 3.4e38 in magnitude"),
        ("length", float("inf"), "must be smaller than 3.4e38 in magnitude"),
        ("length", 10**400, "not a number of more than 40 digits"),
        ("length", None, "is missing"),
        ("length", [1], "must be a number, not a list"),
        ("legs", 4.5, "must be a whole number, not 4.5"),
        ("colour", "green", "must be one of red, blue, not 'green'"),
        ("colour", 1, "must be a string, not 1"),
        ("tame", 1, "must be true or false, not 1"),
        ("note", {}, "must be a string, not an object"),
    ],
)
def test_a_misfit_is_named_with_its_row(schema: Schema, name: str, value: object, words: str) -> None:
    """One wrong value among right ones is found, by row and field."""
    with pytest.raises(InvalidInput) as caught:
        rows_of_instances(schema, [GOOD, GOOD | {name: value}])
    (problem,) = caught.value.problems
    assert (problem.row, problem.field) == (1, name)
    assert words in problem.detail


def test_problems_come_in_the_order_of_the_rows(schema: Schema) -> None:
    """Missing, wrong and unknown members of several rows are listed row by row."""
    with pytest.raises(InvalidInput) as caught:
        rows_of_instances(
            schema, [GOOD | {"wings": 2}, {"length": "x", **{k: GOOD[k] for k in ("legs", "tame")}}]
        )
    assert [(one.row, one.field) for one in caught.value.problems] == [
        (0, "wings"),
        (1, "length"),
        (1, "colour"),
    ]


def test_of_very_many_problems_the_first_are_listed(schema: Schema) -> None:
    """A batch in which everything is wrong answers with what a person would read, and with a count."""
    with pytest.raises(InvalidInput) as caught:
        rows_of_instances(schema, [{}] * 1000)
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.beyond == 4 * 1000 - MOST_PROBLEMS


@given(st.lists(st.floats(allow_nan=False, width=32) | st.integers(-(2**63), 2**63), min_size=1))
def test_finite_numbers_come_through_unchanged(values: list[float]) -> None:
    """Whatever JSON number single precision can hold is the number in the row; infinity is none."""
    schema = Schema((Field("a", "A", Kind.NUMBER),))
    instances = [{"a": value} for value in values]
    if np.isinf(np.array(values, dtype=np.float64)).any():
        with pytest.raises(InvalidInput):
            rows_of_instances(schema, instances)
    else:
        assert rows_of_instances(schema, instances).numbers[:, 0].tolist() == [float(one) for one in values]


def test_half_a_character_is_no_text(schema: Schema) -> None:
    """JSON can spell half of a surrogate pair, which no model can be given; it is refused by name."""
    with pytest.raises(InvalidInput) as caught:
        rows_of_instances(schema, [GOOD, GOOD | {"note": "\ud800"}])
    assert [(one.row, one.field) for one in caught.value.problems] == [(1, "note")]
