"""Sums without loops."""

from __future__ import annotations

import math
from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from api.runtime.choice_codes import Mapped
from api.runtime.one_row.unrolled import MOST, located, unrolled, within

floats = st.floats(-1e6, 1e6)
sizes = st.tuples(st.integers(0, 9), st.integers(1, 5), st.integers(0, 3))


@given(sizes, st.data())
def test_sums_are_those_of_a_loop(size: tuple[int, int, int], data: st.DataObject) -> None:
    """Whatever the number of fields, classes and choices."""
    fields, classes, choices = size
    columns = st.lists(floats, min_size=classes, max_size=classes)
    row = st.lists(floats, min_size=fields, max_size=fields)
    weights, start = data.draw(st.lists(row, min_size=classes, max_size=classes)), data.draw(columns)
    known: list[dict[str | None, list[float]]] = [
        {"a": data.draw(columns), "b": data.draw(columns)} for _ in range(choices)
    ]
    others = [data.draw(columns) for _ in range(choices)]
    numbers = data.draw(row)
    texts = data.draw(st.lists(st.sampled_from("abc"), min_size=choices, max_size=choices))
    # The columns of texts are not in the order of the tables.
    tables = [
        (choices - 1 - at, Mapped(one, other))
        for at, (one, other) in enumerate(zip(known, others, strict=True))
    ]
    add = unrolled(weights, start, tables)
    assert add is not None
    wanted = []
    for k in range(classes):
        one = start[k]
        for weight, number in zip(weights[k], numbers, strict=True):
            one += weight * number
        for column, table in tables:
            one += table[texts[column]][k]
        wanted.append(one)
    assert add(numbers, texts) == wanted


def test_a_missing_number_makes_every_sum_one() -> None:
    """Also where its weight is nothing."""
    add = unrolled([[0.0, 1.0], [0.0, 2.0]], [0.0, 0.0], [])
    assert add is not None
    assert all(map(math.isnan, add([math.nan, 1.0], [])))


def test_many_terms_are_left_to_a_loop() -> None:
    """They take no longer there."""
    assert unrolled([[1.0] * MOST], [0.0], []) is not None
    assert unrolled([[1.0] * (MOST + 1)], [0.0], []) is None
    assert unrolled([[1.0] * MOST] * 2, [0.0, 0.0], []) is None
    assert unrolled([[1.0] * MOST], [0.0], [(0, Mapped({}, [1.0]))]) is None


numbers = st.floats(-3, 3, allow_nan=False) | st.just(math.nan)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), numbers), max_size=MOST + 2))
def test_numbers_are_within_their_bounds_or_not(rows: list[tuple[float, float, float]]) -> None:
    """However many there are; NaN never is, and of no number there is none outside."""
    lows, highs, given_numbers = ([one[at] for one in rows] for at in range(3))
    inside = all(low <= one <= high for low, high, one in rows)
    assert within(lows, highs)(given_numbers) == inside


def test_more_fields_are_compared_too() -> None:
    """In a loop, where there are many."""
    compare = within([0.0] * (MOST + 1), [1.0] * (MOST + 1))
    assert compare([0.5] * (MOST + 1))
    assert not compare([0.5] * MOST + [2.0])


@given(
    st.lists(st.tuples(st.lists(st.floats(-3, 3), max_size=4), numbers), max_size=5),
    st.lists(st.sampled_from("abc"), max_size=3),
)
def test_a_place_is_that_of_a_loop(fields: list[tuple[list[float], float]], texts: list[str]) -> None:
    """Missing numbers have places of their own, and so have texts that are not known."""
    counted = [(sorted(cuts), 7 + at, 1000 + at) for at, (cuts, _) in enumerate(fields)]
    tables: list[Mapped[int]] = [Mapped({"a": 3 + at, "b": 5}, 90 + at) for at in range(len(texts))]
    wanted = sum(
        gap if math.isnan(one) else bisect_left(cuts, one) * step
        for (cuts, step, gap), (_, one) in zip(counted, fields, strict=True)
    )
    wanted += sum(table[text] for table, text in zip(tables, texts, strict=True))
    locate = located(counted, list(enumerate(tables)))
    assert locate is not None
    assert locate([one for _, one in fields], texts) == wanted


def test_many_fields_are_left_to_a_loop() -> None:
    """As many terms are."""
    assert located([([1.0], 1, 2)] * (MOST + 1), []) is None
    assert located([([1.0], 1, 2)] * MOST, [(0, Mapped({}, 1))]) is None
