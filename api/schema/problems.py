"""What can be wrong with a value, in words a person can act on."""

from __future__ import annotations

from api.errors import FieldProblem
from api.schema.fields import Field, Kind
from api.schema.schema import Schema

_ECHO_LIMIT = 100

# What existing clients of v1.0 are told to send, by kind.
_TYPE_NAMES = {
    Kind.NUMBER: "float",
    Kind.INTEGER: "int",
    Kind.CHOICE: "str",
    Kind.TEXT: "str",
    Kind.BOOLEAN: "bool",
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
        received=None if received is None else echo(received),
    )


def misfits(field: Field, misfit: str, received: str) -> FieldProblem:
    """A value that does not fit its field; `misfit` completes a sentence that begins with the title."""
    return _problem(field, f"{field.title} {misfit}", received)


def missing(field: Field, text: str | None) -> FieldProblem:
    """A value that is not there, or is empty."""
    return _problem(field, f"{field.title} is missing: give {expectation(field)}.", text)


def repeated(field: Field, texts: list[str]) -> FieldProblem:
    """A value that came more than once."""
    problem = _problem(field, f"{field.title} came {len(texts)} times: give it once.", ", ".join(texts))
    return FieldProblem(
        field=problem.field,
        message=f"Please provide {field.name} data once; it came {len(texts)} times",
        detail=problem.detail,
        expected=problem.expected,
        received=problem.received,
    )


def unknown(name: str, schema: Schema) -> FieldProblem:
    """A name that is no field."""
    known = ", ".join(schema.names)
    shown = echo(name)
    return FieldProblem(
        field=name[:_ECHO_LIMIT],
        message=f"{shown} is not a parameter of this model; it takes {known}",
        detail=f"{shown!r} is not a field of this model, which takes {known}.",
        expected=f"one of {known}",
        received=shown,
    )


def echo(text: str) -> str:
    """What came, cut to what a person would read."""
    return text if len(text) <= _ECHO_LIMIT else text[:_ECHO_LIMIT] + "…"
