"""From what a caller typed to values: one text per field in, a row or every problem out."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable

from api.errors import FieldProblem, InvalidInput
from api.schema.fields import Field, Kind, Value
from api.schema.schema import Row, Schema

# What existing clients of v1.0 are told to send, by kind.
_TYPE_NAMES = {
    Kind.NUMBER: "float",
    Kind.INTEGER: "int",
    Kind.CHOICE: "str",
    Kind.TEXT: "str",
    Kind.BOOLEAN: "bool",
}

_BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}

_ECHO_LIMIT = 100


class _Misfit(Exception):
    """A text that is not a value of its field's kind; the argument is a sentence that ends after 'It'."""


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
    problems += [_unknown(name, schema) for name in texts]
    if problems:
        raise InvalidInput(problems)
    return tuple(row)


def _one_value(field: Field, texts: list[str]) -> Value | FieldProblem:
    if len(texts) > 1:
        return _repeated(field, texts)
    text = texts[0] if texts else None
    if text is None or (field.kind is not Kind.TEXT and not text.strip()) or text == "":
        return None if field.missing_allowed else _missing(field, text)
    try:
        return _PARSERS[field.kind](field, text)
    except _Misfit as misfit:
        return _problem(field, f"{field.title} {misfit}", text)


def _number(field: Field, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise _Misfit(f"must be a number, not {_echo(text)!r}.") from None
    if not math.isfinite(value):
        raise _Misfit(f"must be a finite number, not {_echo(text)!r}.")
    try:
        # Tree models compare in single precision, so a larger magnitude has no answer.
        struct.pack("<f", value)
    except OverflowError:
        raise _Misfit(f"must be smaller than 3.4e38 in magnitude, not {_echo(text)!r}.") from None
    return value


def _integer(field: Field, text: str) -> int:
    value = _number(field, text)
    if value != int(value):
        raise _Misfit(f"must be a whole number, not {_echo(text)!r}.")
    return int(value)


def _choice(field: Field, text: str) -> str:
    if not field.others_allowed and all(text != choice.value for choice in field.choices):
        offered = ", ".join(choice.value for choice in field.choices)
        raise _Misfit(f"must be one of {offered}, not {_echo(text)!r}.")
    return text


def _text(field: Field, text: str) -> str:
    return text


def _boolean(field: Field, text: str) -> bool:
    value = _BOOLEANS.get(text.strip().lower())
    if value is None:
        raise _Misfit(f"must be true or false, not {_echo(text)!r}.")
    return value


_PARSERS: dict[Kind, Callable[[Field, str], Value]] = {
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.BOOLEAN: _boolean,
}


def expectation(field: Field) -> str:
    """What would be right for a field, in words: "a number in cm, for example 5.1"."""
    words = {
        Kind.NUMBER: "a number",
        Kind.INTEGER: "a whole number",
        Kind.CHOICE: "one of " + ", ".join(choice.value for choice in field.choices),
        Kind.TEXT: "text",
        Kind.BOOLEAN: "true or false",
    }[field.kind]
    unit = f" in {field.unit}" if field.unit else ""
    example = f", for example {field.example}" if field.example is not None else ""
    return f"{words}{unit}{example}"


def _problem(field: Field, sentence: str, received: str | None) -> FieldProblem:
    return FieldProblem(
        field=field.name,
        message=f"Please provide {field.name} data and make sure it is a '{_TYPE_NAMES[field.kind]}' type",
        detail=sentence,
        expected=expectation(field),
        received=None if received is None else _echo(received),
    )


def _missing(field: Field, text: str | None) -> FieldProblem:
    return _problem(field, f"{field.title} is missing: give {expectation(field)}.", text)


def _repeated(field: Field, texts: list[str]) -> FieldProblem:
    problem = _problem(field, f"{field.title} came {len(texts)} times: give it once.", ", ".join(texts))
    return FieldProblem(
        field=problem.field,
        message=f"Please provide {field.name} data once; it came {len(texts)} times",
        detail=problem.detail,
        expected=problem.expected,
        received=problem.received,
    )


def _unknown(name: str, schema: Schema) -> FieldProblem:
    known = ", ".join(schema.names)
    shown = _echo(name)
    return FieldProblem(
        field=name[:_ECHO_LIMIT],
        message=f"{shown} is not a parameter of this model; it takes {known}",
        detail=f"{shown!r} is not a field of this model, which takes {known}.",
        expected=f"one of {known}",
        received=shown,
    )


def _echo(text: str) -> str:
    return text if len(text) <= _ECHO_LIMIT else text[:_ECHO_LIMIT] + "…"
