"""How Postgres adds to the record: all rows as one piece of JSON, which it takes apart itself.

In a module of its own, because Postgres's dialect is 3 MB, which a service without it has no use for.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, String, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from api.storage.tables import PREDICTIONS

_NAMES = [column.name for column in PREDICTIONS.columns]
_GIVEN = func.jsonb_array_elements(cast(bindparam("records", type_=Text), JSONB)).column_valued("given")


def _given(at: int, column: Column[Any]) -> ColumnElement[Any]:
    """A column's value in a row that is given as a JSON list."""
    given: ColumnElement[Any] = _GIVEN.op("->>", return_type=Text())(literal_column(str(at)))
    # A text gets no length here, to which it would be cut in silence.
    return given if isinstance(column.type, String) else cast(given, column.type)


# Adds those of `records` that are not there yet; a record is the list of its columns' values.
ADD = (
    insert(PREDICTIONS)
    .from_select(_NAMES, select(*(_given(at, column) for at, column in enumerate(PREDICTIONS.columns))))
    .on_conflict_do_nothing()
)
