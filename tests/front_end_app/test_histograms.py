"""A predicted number among those a model has seen: the drawing, and the same in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from front_end_app.cards import Distribution
from front_end_app.histograms import HEIGHT, draw, plain, share_below, standing

SPREAD = Distribution((0.0, 10.0, 20.0, 30.0, 40.0), (10, 40, 40, 10))
ROWS = "the 100 rows the model learnt from"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-1.0, "This is lower than in any of the 100 rows the model learnt from: the lowest there is 0."),
        (41.0, "This is higher than in any of the 100 rows the model learnt from: the highest there is 40."),
        (25.0, "This is higher than in about 70 % of the 100 rows the model learnt from."),
        (5.0, "This is lower than in about 95 % of the 100 rows the model learnt from."),
        (0.0, "This is lower than in almost all of the 100 rows the model learnt from."),
        (40.0, "This is higher than in almost all of the 100 rows the model learnt from."),
        (20.0, "This is higher than in about 50 % of the 100 rows the model learnt from."),
    ],
)
def test_where_it_stands_is_said(value: float, said: str) -> None:
    """On whichever side more rows are, and never a certainty that is none."""
    assert standing(SPREAD, value, ROWS) == said


@given(st.floats(-1e9, 1e9))
def test_the_share_of_rows_below_is_a_share(value: float) -> None:
    """Nothing below the lowest, everything below the highest."""
    assert 0 <= share_below(SPREAD, value) <= 1


def test_columns_are_as_tall_as_there_are_rows() -> None:
    """The tallest fills the height, the others in proportion, an empty one has none."""
    heights = [float(column.height) for column in draw(SPREAD, 25.0).columns]
    assert heights == [HEIGHT / 4, HEIGHT, HEIGHT, HEIGHT / 4]
    assert float(draw(Distribution((0.0, 1.0, 2.0), (5, 0)), 1.0).columns[1].height) == 0


def test_the_answer_stands_at_its_place() -> None:
    """In percent of the width, within the column that holds it."""
    drawn = draw(SPREAD, 25.0)
    assert (drawn.answer.left, drawn.answer.text, drawn.answer.anchor) == ("62.50%", "25.00", "middle")
    assert [column.holds for column in drawn.columns] == [False, False, True, False]
    assert [(end.left, end.text, end.anchor) for end in drawn.ends] == [
        ("0.00%", "0", "start"),
        ("100.00%", "40", "end"),
    ]


@pytest.mark.parametrize(("value", "left"), [(45.0, "100.00%"), (1e12, "100.00%"), (-1e12, "0.00%")])
def test_an_answer_beside_the_distribution_stays_on_the_page(value: float, left: str) -> None:
    """A little out, the drawing reaches to it; far out, it stands at the edge and no column holds it."""
    drawn = draw(SPREAD, value)
    assert drawn.answer.left == left
    assert ("→" in drawn.answer.text, "←" in drawn.answer.text) == (value == 1e12, value == -1e12)
    assert not any(column.holds for column in drawn.columns)
    assert drawn.ends[0].left != drawn.ends[1].left


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (152.13348, 25.0, 346.0, "152.1"),
        (2.34567, 0.15, 5.0, "2.346"),
        (206855.6, 15000.0, 500000.0, "206\N{NARROW NO-BREAK SPACE}856"),
        (1234.5, 0.0, 5000.0, "1234"),
        (0.000123456, 0.0, 0.0005, "0.0001235"),
        (-3.21, -10.0, 10.0, "\N{MINUS SIGN}3.21"),
        (-0.0001, -10.0, 10.0, "0.00"),
    ],
)
def test_numbers_have_as_many_digits_as_mean_something(
    value: float, low: float, high: float, text: str
) -> None:
    """A thousandth of the spread, roughly; no comma, which half the world reads as a point."""
    assert plain(value, Distribution((low, high), (1,))) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_can_be_written(value: float) -> None:
    """With a distribution and without, however large or small it is."""
    assert plain(value, None)
    assert plain(value, SPREAD)
