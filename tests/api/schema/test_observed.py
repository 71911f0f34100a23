"""Ranges that a model has seen."""

from __future__ import annotations

import pytest

from api.schema.fields import Field, Kind, Observed
from api.schema.observed import outside_observed
from api.schema.schema import Schema

SCHEMA = Schema((Field("length", "Length", Kind.NUMBER, unit="cm", observed=Observed(1.0, 6.9)),))


@pytest.mark.parametrize("value", [1.0, 3.0, 6.9])
def test_a_value_inside_is_not_warned_of(value: float) -> None:
    """The ends of the range belong to it."""
    assert outside_observed(SCHEMA, (value,)) == ()


def test_a_value_outside_is_warned_of_with_the_range() -> None:
    """The warning says what came and what the model has seen."""
    (warning,) = outside_observed(SCHEMA, (70.0,))
    assert warning.field == "length"
    assert warning.message == "Length 70 cm is outside what the model has seen (1 to 6.9 cm)."


def test_a_missing_value_is_not_warned_of() -> None:
    """Nothing can be said of the range of a value that is not there."""
    assert outside_observed(SCHEMA, (None,)) == ()
