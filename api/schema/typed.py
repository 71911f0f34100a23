"""From a JSON value, which has a type of its own, to a field's value."""

from __future__ import annotations

import math

from api.errors import FieldProblem
from api.schema.fields import Field, Kind, Value
from api.schema.parse import too_large
from api.schema.problems import echo, misfits, missing

_LONGEST = 40


def typed_value(field: Field, given: object) -> Value | FieldProblem:
    """The value of a field, or what is wrong with what was given; None is missing.

    A number is a JSON number, a boolean a JSON boolean, and choices and texts are strings: nothing is
    guessed, so that what works in one row works in every row.
    """
    if given is None or given == "":
        return None if field.missing_allowed else missing(field, None)
    wrong = _misfit(field, given)
    if wrong:
        return misfits(field, f"{wrong}, not {_shown(given)}.", _shown(given))
    if field.kind is Kind.INTEGER and isinstance(given, int | float):
        return int(given)
    return given if isinstance(given, str | bool | int | float) else None


def _misfit(field: Field, given: object) -> str | None:
    """What the value must be, where it is not."""
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number_misfit(field, given)
    if field.kind is Kind.BOOLEAN:
        return None if isinstance(given, bool) else "must be true or false"
    if not isinstance(given, str):
        return "must be a string"
    if not is_text(given):
        return "must be Unicode text"
    if field.kind is Kind.CHOICE and not field.others_allowed:
        offered = [choice.value for choice in field.choices]
        return None if given in offered else "must be one of " + ", ".join(offered)
    return None


def _number_misfit(field: Field, given: object) -> str | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return "must be a number"
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value) or too_large(value):
        return "must be smaller than 3.4e38 in magnitude"
    if field.kind is Kind.INTEGER and not value.is_integer():
        return "must be a whole number"
    return None


def _shown(given: object) -> str:
    """The value as JSON would write it, as far as a person would read it."""
    if isinstance(given, dict | list):
        return "a list" if isinstance(given, list) else "an object"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int) and abs(given) >= 10**_LONGEST:
        # Python itself refuses to write out numbers of thousands of digits.
        return f"a number of more than {_LONGEST} digits"
    return echo(repr(given))


def is_text(text: str) -> bool:
    """Whether the text has bytes: JSON can spell half of a surrogate pair, which is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
