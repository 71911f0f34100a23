"""From a list of JSON objects to rows, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldProblem, InvalidInput
from api.runtime.rows import Rows
from api.schema.fields import Field, Kind, Value
from api.schema.problems import unknown
from api.schema.schema import Schema
from api.schema.typed import is_text, typed_value

# The largest magnitude that single precision holds.
_LARGEST = float(np.finfo(np.float32).max)
# What a person would read of a batch in which everything is wrong.
MOST_PROBLEMS = 100

_PLAIN_TYPES: dict[Kind, frozenset[type]] = {
    Kind.NUMBER: frozenset({float, int}),
    Kind.INTEGER: frozenset({int}),
    Kind.BOOLEAN: frozenset({bool}),
    Kind.CHOICE: frozenset({str}),
    Kind.TEXT: frozenset({str}),
}


def rows_of_instances(schema: Schema, instances: Sequence[dict[str, Any]]) -> Rows:
    """The rows of some objects, each with a member for each field.

    Raises InvalidInput with the first `MOST_PROBLEMS` values that do not fit, in the order of the rows.
    """
    problems: list[FieldProblem] = []
    numbers = np.empty((len(instances), len(schema.number_positions)), dtype=np.float64)
    texts = np.empty((len(instances), len(schema.text_positions)), dtype=np.object_)
    for columns, positions in ((numbers, schema.number_positions), (texts, schema.text_positions)):
        for column, at in enumerate(positions):
            field = schema.fields[at]
            values = [one.get(field.name) for one in instances]
            if not _fill_plain(columns[:, column], field, values):
                problems += _fill_checked(columns[:, column], field, values)
    problems += _unknown_members(schema, instances)
    if problems:
        order = {name: place for place, name in enumerate(schema.names)}
        problems.sort(key=lambda one: (one.row or 0, order.get(one.field, len(order))))
        raise InvalidInput(problems[:MOST_PROBLEMS], beyond=max(0, len(problems) - MOST_PROBLEMS))
    return Rows(numbers, texts)


def _fill_plain(column: NDArray[Any], field: Field, values: list[Any]) -> bool:
    """Fill a column whose values are all plainly right; False where they have to be looked at singly."""
    if not set(map(type, values)) <= _PLAIN_TYPES[field.kind]:
        return False
    if field.kind in (Kind.CHOICE, Kind.TEXT):
        column[:] = values
        if not is_text("".join(values)):
            return False
        allowed = {choice.value for choice in field.choices}
        return "" not in values and (not allowed or field.others_allowed or allowed.issuperset(values))
    try:
        column[:] = values
    except OverflowError:
        return False
    return bool((np.abs(column) <= _LARGEST).all())


def _fill_checked(column: NDArray[Any], field: Field, values: list[Any]) -> list[FieldProblem]:
    """Fill a column value by value, and say which do not fit."""
    problems = []
    for row, given in enumerate(values):
        value: Value | FieldProblem = typed_value(field, given)
        if isinstance(value, FieldProblem):
            problems.append(replace(value, row=row))
        else:
            column[row] = value
    return problems


def _unknown_members(schema: Schema, instances: Sequence[dict[str, Any]]) -> list[FieldProblem]:
    known = set(schema.names)
    odd = [(row, one) for row, one in enumerate(instances) if not known.issuperset(one)]
    return [replace(unknown(name, schema), row=row) for row, one in odd for name in one if name not in known]
