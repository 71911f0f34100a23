"""Lists of numbers taken at once: the same numbers as one by one, and nothing that is none."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from api.predictions.column_numbers import plain_numbers

anything = st.one_of(
    *(st.floats(), st.integers(), st.integers(-(10**400), 10**400), st.booleans(), st.none()),
    *(st.sampled_from([0, 1, 0.0, 1.0, -0.0, "1", [], {}]),),
)


@given(st.lists(st.floats() | st.integers(-(10**308), 10**308)))
def test_numbers_are_taken_as_they_are(values: list[float]) -> None:
    """To the last bit, whole numbers rounded as Python rounds them."""
    found = plain_numbers(values)
    assert found is not None
    np.testing.assert_array_equal(found, np.array([float(one) for one in values], dtype=np.float64))
    assert np.signbit(found).tolist() == np.signbit([float(one) for one in values]).tolist()


@given(st.lists(anything, min_size=1))
def test_what_is_no_number_is_not_taken_for_one(values: list[Any]) -> None:
    """True and false are none, nor is what is missing, a text, or larger than any number can be."""
    fits = all(type(one) in (int, float) and not _too_large(one) for one in values)
    assert (plain_numbers(values) is not None) == fits


def _too_large(one: float) -> bool:
    try:
        float(one)
    except OverflowError:
        return True
    return False
