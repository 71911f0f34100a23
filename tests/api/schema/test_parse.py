"""Parsing: every problem at once, each with words a person can act on."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidInput
from api.schema.fields import Choice, Field, Kind
from api.schema.parse import parse_pairs
from api.schema.schema import Schema

LENGTH = Field("length", "Length", Kind.NUMBER, unit="cm", example=1.4)
SCHEMA = Schema(
    (
        LENGTH,
        Field("legs", "Legs", Kind.INTEGER),
        Field("colour", "Colour", Kind.CHOICE, choices=(Choice("red", "Red"), Choice("blue", "Blue"))),
        Field("note", "Note", Kind.TEXT),
        Field("tame", "Tame", Kind.BOOLEAN),
        Field("age", "Age", Kind.NUMBER, missing_allowed=True),
    )
)
GOOD = {"length": "1.5", "legs": "4", "colour": "red", "note": "a b", "tame": "yes", "age": ""}


def test_a_row_is_in_the_order_of_the_schema() -> None:
    """Values come out in the schema's order and kinds, whatever order they were sent in."""
    assert parse_pairs(SCHEMA, reversed(GOOD.items())) == (1.5, 4, "red", "a b", True, None)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("length", "long", "must be a number, not 'long'"),
        ("length", "nan", "must be a finite number"),
        ("length", "-inf", "must be a finite number"),
        ("length", "1e39", "must be smaller than 3.4e38 in magnitude"),
        ("length", " ", "is missing: give a number in cm, for example 1.4."),
        ("legs", "4.5", "must be a whole number"),
        ("colour", "green", "must be one of red, blue, not 'green'"),
        ("note", "", "is missing: give text."),
        ("tame", "maybe", "must be true or false"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name: str, text: str, words: str) -> None:
    """A misfit is one problem, at its field, that says what is wrong and what would be right."""
    with pytest.raises(InvalidInput) as caught:
        parse_pairs(SCHEMA, (GOOD | {name: text}).items())
    (problem,) = caught.value.problems
    assert problem.field == name
    assert words in problem.detail


def test_every_problem_comes_at_once() -> None:
    """Missing, misfitting, repeated and unknown parameters are all named in one error."""
    pairs = [("length", "x"), ("legs", "1"), ("legs", "2"), ("colour", "red"), ("wings", "2")]
    with pytest.raises(InvalidInput) as caught:
        parse_pairs(SCHEMA, pairs)
    assert [one.field for one in caught.value.problems] == ["length", "legs", "note", "tame", "wings"]
    assert caught.value.problems[1].received == "1, 2"


def test_clients_of_the_first_version_find_their_message() -> None:
    """A missing number keeps the sentence that existing clients show."""
    with pytest.raises(InvalidInput) as caught:
        parse_pairs(Schema((LENGTH,)), [])
    assert caught.value.problems[0].message == (
        "Please provide length data and make sure it is a 'float' type"
    )


def test_a_long_value_is_cut_in_the_answer() -> None:
    """What came is echoed only as far as a person would read it."""
    with pytest.raises(InvalidInput) as caught:
        parse_pairs(Schema((LENGTH,)), [("length", "z" * 10_000)])
    assert len(caught.value.problems[0].detail) < 300


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_whatever_float_reads_is_that_value(value: float) -> None:
    """Every finite single-precision number comes through unchanged."""
    assert parse_pairs(Schema((LENGTH,)), [("length", repr(value))]) == (value,)


@given(st.text())
def test_any_text_is_a_finite_number_or_a_problem(text: str) -> None:
    """No text at all makes anything else than a finite number or InvalidInput."""
    try:
        (value,) = parse_pairs(Schema((LENGTH,)), [("length", text)])
    except InvalidInput:
        return
    assert isinstance(value, float)
    assert math.isfinite(value)
