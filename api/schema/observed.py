"""What lies outside the range that a model has seen."""

from __future__ import annotations

from dataclasses import dataclass

from api.schema.fields import Field
from api.schema.schema import Row, Schema

_ECHO_LIMIT = 100


@dataclass(frozen=True, slots=True)
class RangeWarning:
    """A value the model can answer for, though it has seen none like it."""

    field: str
    message: str


def outside_observed(schema: Schema, row: Row) -> tuple[RangeWarning, ...]:
    """A warning for each value in `row` that the training rows had none like.

    These are numbers outside their range, unknown choices, and texts that are not read to their end.
    """
    warnings = []
    for field, value in zip(schema.fields, row, strict=True):
        if field.others_allowed and isinstance(value, str):
            if all(value != choice.value for choice in field.choices):
                warnings.append(_unseen(field, value))
            continue
        if field.longest and isinstance(value, str) and len(value) > field.longest:
            warnings.append(_too_long(field, value))
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


def _too_long(field: Field, value: str) -> RangeWarning:
    return RangeWarning(
        field.name,
        f"{field.title} has {len(value):,} characters; the model reads the first {field.longest:,} only.",
    )


def _unseen(field: Field, value: str) -> RangeWarning:
    shown = value if len(value) <= _ECHO_LIMIT else value[:_ECHO_LIMIT] + "…"
    return RangeWarning(field.name, f"{field.title} {shown!r} is a value that the model has not seen.")
