"""The form in which an estimator takes its rows: which columns, in which order, of which type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.rows import Rows
from api.schema.fields import Kind
from api.schema.schema import Schema

FILE = "frame.json"

# The types a column can have for the estimator.
FLOAT, INTEGER, BOOLEAN, TEXT = "float", "integer", "boolean", "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column the estimator was fitted to.

    `field` is the schema's field it is filled from, None for a column that the estimator ignores; `none`
    says that the estimator knows a missing text as None, and not as NaN.
    """

    name: str
    type: str = FLOAT
    field: str | None = None
    none: bool = False


@dataclass(frozen=True)
class Frame:
    """Makes of rows what an estimator takes.

    `named` is whether it was fitted to a table whose columns have names (then it gets a pandas DataFrame),
    or else to a plain array.
    """

    schema: Schema
    columns: tuple[Column, ...]
    named: bool

    def of(self, rows: Rows) -> Any:
        """`rows` as the estimator takes them: a DataFrame, or an array of shape (rows, columns)."""
        if self._plain:
            return rows.numbers
        values = [self._values(column, rows) for column in self.columns]
        if self.named:
            import pandas as pd  # noqa: PLC0415 (a serving process needs it for such estimators only)

            # Series, because a DataFrame would make objects of equal numbers into numbers.
            return pd.DataFrame({column.name: one for column, one in zip(self.columns, values, strict=True)})
        if all(one.dtype != np.object_ for one in values):
            return np.column_stack(values).astype(np.float64)
        return np.column_stack([one.astype(np.object_) for one in values])

    @property
    def _plain(self) -> bool:
        """Whether the estimator takes exactly the numbers of the rows, as they are."""
        fields = tuple(column.field for column in self.columns)
        return not self.named and not self.schema.text_positions and fields == self.schema.names

    def _values(self, column: Column, rows: Rows) -> NDArray[Any]:
        if column.field is None:
            return np.full(len(rows), np.nan)
        at = self.schema.names.index(column.field)
        if at in self.schema.text_positions:
            return _texts(column, rows.texts[:, self.schema.text_positions.index(at)])
        return _numbers(column, rows.numbers[:, self.schema.number_positions.index(at)])


_TYPES = {Kind.INTEGER: INTEGER, Kind.BOOLEAN: BOOLEAN, Kind.CHOICE: TEXT, Kind.TEXT: TEXT}


def natural_frame(schema: Schema) -> Frame:
    """The frame that training fits to: a plain array where the schema has numbers only, else a table."""
    if not schema.text_positions:
        return Frame(schema, tuple(Column(name, FLOAT, name) for name in schema.names), named=False)
    columns = tuple(Column(one.name, _TYPES.get(one.kind, FLOAT), one.name) for one in schema.fields)
    return Frame(schema, columns, named=True)


def frame_to_json(frame: Frame) -> dict[str, Any]:
    """The content of `frame.json`."""
    return {"named": frame.named, "columns": [asdict(column) for column in frame.columns]}


def frame_from_json(schema: Schema, data: Mapping[str, Any]) -> Frame:
    """The frame that `frame_to_json` wrote; raises KeyError or TypeError where it is none."""
    return Frame(schema, tuple(Column(**one) for one in data["columns"]), data["named"])


def _texts(column: Column, texts: NDArray[np.object_]) -> NDArray[Any]:
    """Texts as they are, or the numbers that they spell where the estimator's categories are numbers."""
    missing = np.array([one is None for one in texts], dtype=bool)
    if column.type != TEXT:
        numbers = np.array([np.nan if one is None else float(one) for one in texts], dtype=np.float64)
        return numbers if column.type == FLOAT or missing.any() else numbers.astype(np.int64)
    filled = texts.copy()
    filled[missing] = None if column.none else np.nan
    return filled


def _numbers(column: Column, numbers: NDArray[np.float64]) -> NDArray[Any]:
    missing: NDArray[np.bool_] = np.isnan(numbers)
    if column.type == BOOLEAN and missing.any():
        values: NDArray[Any] = numbers.astype(bool).astype(np.object_)
        values[missing] = np.nan
        return values
    if column.type == BOOLEAN:
        return numbers.astype(bool)
    return numbers.astype(np.int64) if column.type == INTEGER and not missing.any() else numbers
