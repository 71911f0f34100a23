"""From tensors to rows: one tensor for all fields, or one for each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldProblem, InvalidInput
from api.runtime.rows import Rows, numbers_only
from api.schema.fields import Field, Kind
from api.schema.problems import unknown
from api.schema.schema import Schema
from api.schema.typed import typed_value
from api.web.open_inference.datatypes import BOOL, BYTES, NUMERIC, OF_KIND
from api.web.open_inference.misfit import misfit, shown
from api.web.open_inference.tensors import Floats, Tensor, Texts

# As many as a request of the other routes may have.
MOST_ROWS = 100_000

_LARGEST = float(np.finfo(np.float32).max)
_DATATYPES: dict[Kind, frozenset[str]] = {
    Kind.NUMBER: NUMERIC,
    Kind.INTEGER: NUMERIC,
    Kind.BOOLEAN: NUMERIC | {BOOL},
    Kind.CHOICE: frozenset({BYTES}),
    Kind.TEXT: frozenset({BYTES}),
}


def rows_of(schema: Schema, tensors: list[Tensor]) -> Rows:
    """The rows that the tensors hold.

    Either one tensor, named otherwise than any field, of shape (rows, fields) in the schema's order; or one
    for each field, by its name, of shape (rows,) or (rows, 1), where optional fields may be left out.
    Raises InvalidInput with a problem for each field that is missing or does not fit.
    """
    plain = _plain(schema, tensors)
    if plain is not None:
        return numbers_only(plain)
    columns = _columns(schema, tensors)
    counts = {len(one.values) for one in columns.values()}
    if len(counts) != 1 or not 0 < max(counts) <= MOST_ROWS:
        sentence = f"All inputs must have the same number of rows, from 1 to {MOST_ROWS}."
        raise misfit("inputs", sentence, f"1 to {MOST_ROWS} rows")
    rows = max(counts)
    parsed = [_parsed(field, columns.get(field.name), rows) for field in schema.fields]
    problems = [one for one in parsed if isinstance(one, FieldProblem)]
    if problems:
        raise InvalidInput(problems)
    return _rows(schema, [one for one in parsed if not isinstance(one, FieldProblem)], rows)


def _plain(schema: Schema, tensors: list[Tensor]) -> Floats | None:
    """The rows of one tensor of numbers for all fields, where nothing has to be looked at singly."""
    tensor = tensors[0]
    if len(tensors) > 1 or tensor.name in schema.by_name or tensor.datatype not in NUMERIC:
        return None
    shape = tensor.values.shape
    if len(shape) != 2 or shape[0] > MOST_ROWS or shape[1] != len(schema.fields):
        return None
    if any(one.kind is not Kind.NUMBER for one in schema.fields):
        return None
    values: Floats = tensor.values.astype(np.float64, copy=False)
    return values if (np.abs(values) <= _LARGEST).all() else None


def _columns(schema: Schema, tensors: list[Tensor]) -> dict[str, Tensor]:
    if len(tensors) == 1 and tensors[0].name not in schema.by_name:
        return _split(schema, tensors[0])
    strangers = [unknown(one.name, schema) for one in tensors if one.name not in schema.by_name]
    if strangers:
        raise InvalidInput(strangers)
    columns = {one.name: replace(one, values=_column(one)) for one in tensors}
    if len(columns) < len(tensors):
        raise misfit("inputs", "An input came twice: give each once.", "each input once")
    return columns


def _split(schema: Schema, tensor: Tensor) -> dict[str, Tensor]:
    """A tensor of all fields as a tensor for each."""
    shape = tensor.values.shape
    if len(shape) != 2 or shape[1] != len(schema.fields):
        expected = f"the shape [rows, {len(schema.fields)}], or inputs named {', '.join(schema.names)}"
        sentence = f"The input {shown(tensor.name)} of the shape {list(shape)} must have {expected}."
        raise misfit(tensor.name, sentence, expected)
    columns = zip(schema.names, tensor.values.T, strict=True)
    return {name: Tensor(name, tensor.datatype, values) for name, values in columns}


def _column(tensor: Tensor) -> Floats | Texts:
    shape = tensor.values.shape
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        return tensor.values.reshape(-1)
    expected = "the shape [rows] or [rows, 1]"
    raise misfit(tensor.name, f"{tensor.name} of the shape {list(shape)} must have {expected}.", expected)


def _parsed(field: Field, column: Tensor | None, rows: int) -> Floats | Texts | FieldProblem:
    """A field's values for all rows, or the first thing that is wrong with them."""
    if column is None:
        absent = typed_value(field, None)
        if isinstance(absent, FieldProblem):
            return absent
        return (
            np.full(rows, None, dtype=np.object_)
            if _DATATYPES[field.kind] == {BYTES}
            else np.full(rows, np.nan)
        )
    takes = _DATATYPES[field.kind]
    if column.datatype not in takes:
        expected = OF_KIND[field.kind] + (" or another datatype of numbers" if takes >= NUMERIC else "")
        sentence = f"{field.title} cannot be of {column.datatype}: give {expected}."
        return FieldProblem(field.name, sentence, sentence, expected)
    return _texts(field, column.values) if column.datatype == BYTES else _numbers(field, column.values)


def _texts(field: Field, given: NDArray[Any]) -> Texts | FieldProblem:
    """Each text as the schema reads it; a text that comes often is read once."""
    texts = given.tolist()
    read = {text: typed_value(field, text) for text in set(texts)}
    problems = {text: one for text, one in read.items() if isinstance(one, FieldProblem)}
    if problems:
        row = next(row for row, text in enumerate(texts) if text in problems)
        return _in_row(row, problems[texts[row]])
    if "" not in read:
        return given
    # A missing text may be sent as an empty one.
    values = np.empty(len(texts), dtype=np.object_)
    values[:] = [text or None for text in texts]
    return values


def _numbers(field: Field, given: Floats | Texts) -> Floats | FieldProblem:
    """The numbers, of which only those that may not fit are read one by one."""
    values = given.astype(np.float64)
    suspect = ~(np.abs(values) <= _LARGEST)
    if field.kind is Kind.INTEGER:
        suspect |= np.floor(values) != values
    if field.kind is Kind.BOOLEAN:
        suspect = ~np.isin(values, (0.0, 1.0))
    if field.missing_allowed:
        suspect &= ~np.isnan(values)
    for row in np.flatnonzero(suspect).tolist():
        value = float(values[row])
        problem = typed_value(field, None if np.isnan(value) else value)
        if isinstance(problem, FieldProblem):
            return _in_row(row, problem)
    return values


def _in_row(row: int, problem: FieldProblem) -> FieldProblem:
    return replace(problem, detail=f"Row {row}: {problem.detail}")


def _rows(schema: Schema, parsed: list[Floats | Texts], rows: int) -> Rows:
    numbers = np.empty((rows, len(schema.number_positions)))
    texts = np.empty((rows, len(schema.text_positions)), dtype=np.object_)
    for column, at in enumerate(schema.number_positions):
        numbers[:, column] = parsed[at]
    for column, at in enumerate(schema.text_positions):
        texts[:, column] = parsed[at]
    return Rows(numbers, texts)
