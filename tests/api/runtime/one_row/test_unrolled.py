"""Sums without loops."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from api.runtime.choice_codes import Mapped
from api.runtime.one_row.unrolled import MOST, unrolled

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


def test_many_products_are_left_to_a_loop() -> None:
    """They take no longer there."""
    assert unrolled([[1.0] * MOST], [0.0], []) is not None
    assert unrolled([[1.0] * (MOST + 1)], [0.0], []) is None
    assert unrolled([[1.0] * MOST] * 2, [0.0, 0.0], []) is None
