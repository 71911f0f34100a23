"""Rows in memory, and the canary that is kept of them."""

from __future__ import annotations

import numpy as np
import pytest

from api.runtime.answers import ClassAnswers, ValueAnswers, choose, join
from api.runtime.canary import Canary, canary_from_bytes
from api.runtime.rows import Rows, numbers_only, row_at, rows_from, stack
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema

MIXED = Schema(
    (
        Field("colour", "Colour", Kind.CHOICE, choices=(Choice("red", "Red"),), missing_allowed=True),
        Field("count", "Count", Kind.INTEGER, missing_allowed=True),
        Field("note", "Note", Kind.TEXT),
        Field("member", "Member", Kind.BOOLEAN),
        Field("weight", "Weight", Kind.NUMBER),
    )
)
ROWS = [("red", 3, "a", True, 0.5), (None, None, "b", False, -1.25)]


def test_values_are_grouped_by_kind_in_the_schemas_order() -> None:
    """Numbers and booleans are one array, choices and texts another; missing is NaN and None."""
    rows = rows_from(MIXED, ROWS)
    np.testing.assert_array_equal(rows.numbers, [[3, 1, 0.5], [np.nan, 0, -1.25]])
    assert rows.texts.tolist() == [["red", "a"], [None, "b"]]


def test_a_batch_gives_its_rows_back() -> None:
    """What went in comes out: whole numbers whole, booleans as such, None where missing."""
    rows = rows_from(MIXED, ROWS)
    assert [row_at(MIXED, rows, at) for at in range(len(rows))] == ROWS


def test_rows_of_numbers_alone_are_one_array() -> None:
    """The usual schema needs no grouping; a missing number is NaN there too."""
    schema = Schema((Field("a", "A", Kind.NUMBER, missing_allowed=True), Field("b", "B", Kind.INTEGER)))
    rows = rows_from(schema, [(1.5, 2), (None, 3)])
    np.testing.assert_array_equal(rows.numbers, [[1.5, 2], [np.nan, 3]])
    assert rows.texts.shape == (2, 0)
    assert len(rows_from(schema, [])) == 0


def test_batches_can_be_cut_and_put_together() -> None:
    """Any slice is a batch, and the batches of a whole make it again."""
    rows = rows_from(MIXED, ROWS * 3)
    again = stack([rows[:2], rows[2:]])
    np.testing.assert_array_equal(again.numbers, rows.numbers)
    assert again.texts.tolist() == rows.texts.tolist()


def test_answers_can_be_put_together() -> None:
    """The answers of batches in order are the answers of all, with and without probabilities."""
    values = join([ValueAnswers(np.array([1.0])), ValueAnswers(np.array([2.0, 3.0]))])
    assert isinstance(values, ValueAnswers)
    assert values.values.tolist() == [1, 2, 3]
    classes = join([ClassAnswers(np.array([1]), None), ClassAnswers(np.array([0]), None)])
    assert isinstance(classes, ClassAnswers)
    assert (classes.classes.tolist(), classes.probabilities) == ([1, 0], None)


def test_a_tie_goes_to_the_first_class() -> None:
    """Probabilities that differ by less than single precision tells are equal."""
    assert choose(np.array([[0.3, 0.35, 0.35 + 1e-7]])).classes.tolist() == [1]


@pytest.mark.parametrize(
    "answers",
    [
        ClassAnswers(np.array([0, 1]), np.array([[0.75, 0.25], [0.1, 0.9]])),
        ClassAnswers(np.array([0, 1]), None),
        ValueAnswers(np.array([0.1, 1e300])),
    ],
    ids=["probabilities", "labels alone", "values"],
)
def test_a_canary_is_kept_to_the_last_digit(answers: ClassAnswers | ValueAnswers) -> None:
    """Rows and answers of every kind survive being written, missing values included."""
    canary = Canary(rows_from(MIXED, ROWS), answers)
    again = canary_from_bytes(canary.to_bytes())
    np.testing.assert_array_equal(again.rows.numbers, canary.rows.numbers)
    assert again.rows.texts.tolist() == canary.rows.texts.tolist()
    assert again.difference(answers) is None
    assert again.to_bytes() == canary.to_bytes()


@pytest.mark.parametrize(
    ("answers", "phrase"),
    [
        (ClassAnswers(np.array([1, 1]), np.array([[0.75, 0.25], [0.1, 0.9]])), "1 of 2 canary rows"),
        (ClassAnswers(np.array([0, 1]), np.array([[0.74, 0.26], [0.1, 0.9]])), "probability differs by 0.01"),
        (ClassAnswers(np.array([0, 1]), np.array([[np.nan, 0.25], [0.1, 0.9]])), "differs by nan"),
        (ClassAnswers(np.array([0, 1]), None), "gives probabilities where it gave none"),
        (ValueAnswers(np.array([0.0, 1.0])), "another kind of thing"),
    ],
)
def test_a_canary_says_what_changed(answers: ClassAnswers | ValueAnswers, phrase: str) -> None:
    """Another class, another probability, none at all: each is told as a phrase."""
    kept = ClassAnswers(np.array([0, 1]), np.array([[0.75, 0.25], [0.1, 0.9]]))
    difference = Canary(numbers_only(np.zeros((2, 1))), kept).difference(answers)
    assert difference is not None
    assert phrase in difference


def test_values_may_differ_by_a_sliver_of_their_spread() -> None:
    """A regressor's canary allows what another processor's arithmetic does, and no more."""
    canary = Canary(
        Rows(np.zeros((2, 1)), np.empty((2, 0), dtype=object)), ValueAnswers(np.array([0.0, 1e6]))
    )
    assert canary.difference(ValueAnswers(np.array([1.0, 1e6]))) is None
    assert canary.difference(ValueAnswers(np.array([100.0, 1e6]))) == (
        "a canary row's value differs by 0.0001 of their spread"
    )
