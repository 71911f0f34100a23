"""JSON objects to rows: typed, whole columns at a time, every misfit named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import FieldProblem, InvalidInput
from api.predictions.instances import MOST_PROBLEMS, rows_of_instances
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema
from api.schema.typed import typed_value

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


cells = st.sampled_from(
    [None, 1, 4.0, 4.5, -0.0, True, "", "red", "green", "nan", 1e39, 10**400, "\ud800", [1]]
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, cells)), min_size=1, max_size=4))
def test_columns_are_read_as_single_values_are(instances: list[dict[str, Any]]) -> None:
    """Whole columns give the values and the problems that one value at a time gives, missing or not."""
    for allowed in (False, True):
        fields = [
            Field("length", "Length", Kind.NUMBER, missing_allowed=allowed),
            Field("legs", "Legs", Kind.INTEGER, missing_allowed=allowed),
            Field("colour", "Colour", Kind.CHOICE, choices=(Choice("red", "Red"),), missing_allowed=allowed),
            Field("note", "Note", Kind.TEXT, missing_allowed=allowed),
            Field("tame", "Tame", Kind.BOOLEAN, missing_allowed=allowed),
        ]
        singly = [[typed_value(field, one[field.name]) for field in fields] for one in instances]
        wrong = [(row, one.field) for row, values in enumerate(singly) for one in values
                 if isinstance(one, FieldProblem)]  # fmt: skip
        if wrong:
            with pytest.raises(InvalidInput) as caught:
                rows_of_instances(Schema(tuple(fields)), instances)
            assert [(one.row, one.field) for one in caught.value.problems] == wrong
            continue
        rows = rows_of_instances(Schema(tuple(fields)), instances)
        numbers = np.array(_columns(singly, 0, 1, 4), dtype=np.float64)
        np.testing.assert_array_equal(rows.numbers, numbers)
        assert rows.texts.tolist() == _columns(singly, 2, 3)


def _columns(rows: list[list[Any]], *places: int) -> list[list[Any]]:
    return [[row[at] for at in places] for row in rows]
