"""From a list of JSON objects to rows, a column at a time."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldProblem, InvalidInput
from api.predictions.column_numbers import plain_numbers
from api.runtime.rows import Rows, stack
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
    given, complete = _columns(schema.names, instances)
    problems: list[FieldProblem] = []
    numbers = np.empty((len(instances), len(schema.number_positions)), dtype=np.float64)
    texts = np.empty((len(instances), len(schema.text_positions)), dtype=np.object_)
    for column, at in zip(numbers.T, schema.number_positions, strict=True):
        if not _fill_numbers(column, schema.fields[at], given[at]):
            problems += _fill_checked(column, schema.fields[at], given[at])
    for words, at in zip(texts.T, schema.text_positions, strict=True):
        if not _fill_texts(words, schema.fields[at], given[at]):
            problems += _fill_checked(words, schema.fields[at], given[at])
    if not complete:
        problems += _unknown_members(schema, instances)
    return Rows(numbers, texts), problems


def _columns(names: Sequence[str], instances: Sequence[dict[str, Any]]) -> tuple[list[list[Any]], bool]:
    """The members of all objects, a list for each name, None where there is none.

    The second is whether each object has all of these members and no other.
    """
    try:
        columns = [[one[name] for one in instances] for name in names]
    except KeyError:
        return [[one.get(name) for one in instances] for name in names], False
    return columns, set(map(len, instances)) == {len(names)}


def _fill_numbers(column: NDArray[np.float64], field: Field, values: list[Any]) -> bool:
    """Fill a column whose values are all plainly right; False where they have to be looked at singly."""
    if field.kind is Kind.BOOLEAN:
        known = {bool, type(None)} if field.missing_allowed else {bool}
        if not set(map(type, values)) <= known:
            return False
        # NumPy makes NaN of None.
        column[:] = np.array(values, dtype=np.float64)
        return True
    numbers = plain_numbers(values)
    if numbers is None and field.missing_allowed:
        numbers = plain_numbers([math.nan if one is None else one for one in values])
    if numbers is None:
        return False
    plain = np.abs(numbers) <= _LARGEST
    if field.kind is Kind.INTEGER:
        plain &= numbers == np.floor(numbers)
        # An integer has no negative zero.
        numbers += 0.0
    column[:] = numbers
    return bool(plain.all()) or all(values[row] is None for row in np.flatnonzero(~plain).tolist())


def _fill_texts(column: NDArray[np.object_], field: Field, values: list[Any]) -> bool:
    """The same of texts; the choices among them come often, and each is looked at once."""
    try:
        different: Collection[Any] = set(values) if field.kind is Kind.CHOICE else values
    except TypeError:
        # A list or an object.
        return False
    if field.missing_allowed:
        different = [one for one in different if one is not None]
    if set(map(type, different)) - {str} or "" in different or not is_text("".join(different)):
        return False
    column[:] = values
    allowed = {choice.value for choice in field.choices}
    return not allowed or field.others_allowed or allowed.issuperset(different)


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
