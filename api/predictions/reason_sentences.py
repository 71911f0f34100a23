"""A reason as a sentence: "Amount 181.00 instead of the usual 74.20 speaks for fraud"."""

from __future__ import annotations

from api.schema.fields import Field, Kind, Value
from api.schema.target import Target

_LONGEST = 60


def class_sentence(field: Field, value: Value, typical: Value, weight: float, label: str) -> str:
    """What a value says of the class that was answered, whose name is `label`."""
    return f"{_compared(field, value, typical)} speaks {'for' if weight > 0 else 'against'} {label}"


def value_sentence(field: Field, value: Value, typical: Value, weight: float, target: Target) -> str:
    """What a value does to the number that was answered."""
    does = "raises" if weight > 0 else "lowers"
    return f"{_compared(field, value, typical)} {does} {target.title} by {abs(weight):.4g}"


def _compared(field: Field, value: Value, typical: Value) -> str:
    if field.kind is Kind.TEXT and value is not None and typical is None:
        # A text is compared with none, which is no usual one.
        return f"{field.title} {_shown(field, value)}"
    if value is None:
        return f"{field.title} not given instead of the usual {_shown(field, typical)}"
    if typical is None:
        return f"{field.title} {_shown(field, value)}, which is usually not given,"
    return f"{field.title} {_shown(field, value)} instead of the usual {_shown(field, typical)}"


def _shown(field: Field, value: Value) -> str:
    """A value as a person would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        title = next((one.title for one in field.choices if one.value == value), " ".join(value.split()))
        return f'"{title if len(title) <= _LONGEST else title[:_LONGEST] + "…"}"'
    if value is None:
        return "nothing"
    unit = f" {field.unit}" if field.unit else ""
    return f"{_number(field, value)}{unit}"


def _number(field: Field, value: float) -> str:
    """With as many decimals as the field is measured with, at least where that loses nothing."""
    if field.kind is Kind.INTEGER and float(value).is_integer():
        return str(int(value))
    plain = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    if field.step and abs(value) < 1e15:
        decimals = len(f"{field.step:.10f}".rstrip("0").partition(".")[2])
        fixed = f"{value:.{decimals}f}"
        return fixed if abs(float(fixed) - value) < field.step / 2 else plain
    return plain
