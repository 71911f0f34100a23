"""From a list of JSON objects to rows, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldProblem, InvalidInput
from api.runtime.rows import Rows, numbers_only, stack
from api.schema.fields import Field, Kind, Value
from api.schema.problems import unknown
from api.schema.schema import Schema
from api.schema.typed import is_text, typed_value

# The largest magnitude that single precision holds.
_LARGEST = float(np.finfo(np.float32).max)
# What a person would read of a batch in which everything is wrong.
MOST_PROBLEMS = 100
# How many objects are looked at in one go, in which no other thread gets its turn.
_AT_ONCE = 5000

_PLAIN_TYPES: dict[Kind, frozenset[type]] = {
    Kind.NUMBER: frozenset({float, int}),
    Kind.INTEGER: frozenset({float, int}),
    Kind.BOOLEAN: frozenset({bool}),
    Kind.CHOICE: frozenset({str}),
    Kind.TEXT: frozenset({str}),
}


def rows_of_instances(schema: Schema, instances: Sequence[dict[str, Any]]) -> Rows:
    """The rows of some objects, each with a member for each field.

    Raises InvalidInput with the first `MOST_PROBLEMS` values that do not fit, in the order of the rows.
    """
    parts: list[Rows] = []
    problems: list[FieldProblem] = []
    for first in range(0, len(instances), _AT_ONCE):
        rows, found = _some_rows(schema, instances[first : first + _AT_ONCE])
        parts.append(rows)
        problems += [replace(one, row=first + (one.row or 0)) for one in found]
    if problems:
        order = {name: place for place, name in enumerate(schema.names)}
        problems.sort(key=lambda one: (one.row or 0, order.get(one.field, len(order))))
        raise InvalidInput(problems[:MOST_PROBLEMS], beyond=max(0, len(problems) - MOST_PROBLEMS))
    return parts[0] if len(parts) == 1 else stack(parts)


def _some_rows(schema: Schema, instances: Sequence[dict[str, Any]]) -> tuple[Rows, list[FieldProblem]]:
    """The rows of so few objects that other threads wait for milliseconds, and what does not fit."""
    values, complete = _flat(schema.names, instances)
    if complete and not schema.text_positions:
        plain = _plain_numbers(schema, values)
        if plain is not None:
            return numbers_only(plain), []
    problems: list[FieldProblem] = []
    numbers = np.empty((len(instances), len(schema.number_positions)), dtype=np.float64)
    texts = np.empty((len(instances), len(schema.text_positions)), dtype=np.object_)
    for columns, positions in ((numbers, schema.number_positions), (texts, schema.text_positions)):
        for column, at in enumerate(positions):
            field = schema.fields[at]
            given = values[at :: len(schema.fields)]
            if not _fill_plain(columns[:, column], field, given):
                problems += _fill_checked(columns[:, column], field, given)
    if not complete:
        problems += _unknown_members(schema, instances)
    return Rows(numbers, texts), problems


def _flat(names: Sequence[str], instances: Sequence[dict[str, Any]]) -> tuple[list[Any], bool]:
    """The members of all objects, row by row in the order of `names`, None where there is none.

    The second is whether each object has all of these members and no other.
    """
    if len(names) > 1:
        try:
            flat = list(chain.from_iterable(map(itemgetter(*names), instances)))
        except KeyError:
            pass
        else:
            return flat, set(map(len, instances)) == {len(names)}
    return [one.get(name) for one in instances for name in names], False


def _plain_numbers(schema: Schema, values: list[Any]) -> NDArray[np.float64] | None:
    """The rows (rows, fields) where all values are plain numbers, or None."""
    if {field.kind for field in schema.fields} != {Kind.NUMBER}:
        return None
    if not set(map(type, values)) <= _PLAIN_TYPES[Kind.NUMBER]:
        return None
    try:
        numbers = np.array(values, dtype=np.float64).reshape(-1, len(schema.fields))
    except OverflowError:
        return None
    return numbers if (np.abs(numbers) <= _LARGEST).all() else None


def _fill_plain(column: NDArray[Any], field: Field, values: list[Any]) -> bool:
    """Fill a column whose values are all plainly right; False where they have to be looked at singly."""
    types = set(map(type, values))
    missing = values.count(None) if field.missing_allowed and type(None) in types else 0
    if not types <= (_PLAIN_TYPES[field.kind] | {type(None)} if missing else _PLAIN_TYPES[field.kind]):
        return False
    if field.kind in (Kind.CHOICE, Kind.TEXT):
        column[:] = values
        given = [one for one in values if one is not None] if missing else values
        if not is_text("".join(given)):
            return False
        allowed = {choice.value for choice in field.choices}
        return "" not in given and (not allowed or field.others_allowed or allowed.issuperset(given))
    try:
        # NumPy makes NaN of None.
        column[:] = np.array(values, dtype=np.float64)
    except OverflowError:
        return False
    plain = np.abs(column) <= _LARGEST
    if field.kind is Kind.INTEGER:
        plain &= column == np.floor(column)
        # An integer has no negative zero.
        column += 0.0
    return int(plain.sum()) == len(values) - missing


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
