"""From what a caller typed to values: one text per field in, a row or every problem out."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable

from api.errors import FieldProblem, InvalidInput
from api.schema.fields import Field, Kind, Value
from api.schema.problems import echo, misfits, missing, repeated, unknown
from api.schema.schema import Row, Schema

# Numbers up to here are neither infinite nor too large, which is most of what has to be looked at.
PLAIN = 1e38
BOOLEAN_WORDS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


class Misfit(Exception):
    """Not a value of its field's kind; the argument completes a sentence that begins with its title."""


def parse_pairs(schema: Schema, pairs: Iterable[tuple[str, str]]) -> Row:
    """Make a row from (name, text) pairs, as a query string holds them.

    Raises InvalidInput with a problem for each field that is missing, empty, repeated or does not fit,
    in the schema's order, and then one for each name that is no field.
    """
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    problems: list[FieldProblem] = []
    row: list[Value] = []
    for field in schema.fields:
        value = _one_value(field, texts.pop(field.name, []))
        if isinstance(value, FieldProblem):
            problems.append(value)
        else:
            row.append(value)
    problems += [unknown(name, schema) for name in texts]
    if problems:
        raise InvalidInput(problems)
    return tuple(row)


def parse_text(field: Field, text: str | None) -> Value | FieldProblem:
    """The value that `text` stands for, or what is wrong with it; an empty one is missing."""
    if text is None or (field.kind is not Kind.TEXT and not text.strip()) or text == "":
        return None if field.missing_allowed else missing(field, text)
    try:
        return _PARSERS[field.kind](field, text)
    except Misfit as misfit:
        return misfits(field, str(misfit), text)


def _one_value(field: Field, texts: list[str]) -> Value | FieldProblem:
    if len(texts) > 1:
        return repeated(field, texts)
    return parse_text(field, texts[0] if texts else None)


def _number(field: Field, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise Misfit(f"must be a number, not {echo(text)!r}.") from None
    if -PLAIN <= value <= PLAIN:
        return value
    if not math.isfinite(value):
        raise Misfit(f"must be a finite number, not {echo(text)!r}.")
    if too_large(value):
        raise Misfit(f"must be smaller than 3.4e38 in magnitude, not {echo(text)!r}.")
    return value


def too_large(value: float) -> bool:
    """Whether a number overflows single precision, in which tree models compare."""
    try:
        struct.pack("<f", value)
    except OverflowError:
        return True
    return False


def _integer(field: Field, text: str) -> int:
    value = _number(field, text)
    if value != int(value):
        raise Misfit(f"must be a whole number, not {echo(text)!r}.")
    return int(value)


def _choice(field: Field, text: str) -> str:
    if not field.others_allowed and all(text != choice.value for choice in field.choices):
        offered = ", ".join(choice.value for choice in field.choices)
        raise Misfit(f"must be one of {offered}, not {echo(text)!r}.")
    return text


def _text(field: Field, text: str) -> str:
    return text


def _boolean(field: Field, text: str) -> bool:
    value = BOOLEAN_WORDS.get(text.strip().lower())
    if value is None:
        raise Misfit(f"must be true or false, not {echo(text)!r}.")
    return value


_PARSERS: dict[Kind, Callable[[Field, str], Value]] = {
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.BOOLEAN: _boolean,
}
