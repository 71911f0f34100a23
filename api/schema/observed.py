"""What lies outside the range that a model has seen."""

from __future__ import annotations

from dataclasses import dataclass

from api.schema.schema import Row, Schema


@dataclass(frozen=True, slots=True)
class RangeWarning:
    """A value the model can answer for, though it has seen none like it."""

    field: str
    message: str


def outside_observed(schema: Schema, row: Row) -> tuple[RangeWarning, ...]:
    """A warning for each number in `row` outside the range of the training rows."""
    warnings = []
    for field, value in zip(schema.fields, row, strict=True):
        # A boolean is an int to Python; only numbers have a range.
        if field.observed is None or not isinstance(value, float | int) or value in field.observed:
            continue
        unit = f" {field.unit}" if field.unit else ""
        seen = f"{field.observed.minimum:g} to {field.observed.maximum:g}{unit}"
        warnings.append(
            RangeWarning(
                field.name,
                f"{field.title} {value:g}{unit} is outside what the model has seen ({seen}).",
            )
        )
    return tuple(warnings)
