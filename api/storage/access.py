"""Reading and writing: what a database that is away becomes, and what time it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Float, Table, cast, func, literal
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from api.errors import StorageUnavailable

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection; raises StorageUnavailable where the database is away."""
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StorageUnavailable(str(error).splitlines()[0]) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction, committed at the end; raises StorageUnavailable where the database is away."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StorageUnavailable(str(error).splitlines()[0]) from error


def clock(engine: Engine) -> Any:
    """An SQL expression: the seconds since 1970 by the one clock that every process shares.

    That is a server's own; a SQLite file is used on one machine, so there it is the machine's.
    """
    if engine.dialect.name == "sqlite":
        return literal(time.time(), Float)
    return cast(func.extract("epoch", func.clock_timestamp()), Float)


def insert_into(table: Table, dialect: str) -> PostgresInsert | sqlite.Insert:
    """An insert that may say what is done about rows that are there already."""
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (3 MB, of no use to a service without it)

    return postgresql.insert(table)


def add_if_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row unless one with the same keys is there already; True where it was inserted."""
    # Asked back, because not every driver counts the rows of such an insert.
    asked = (
        insert_into(table, connection.dialect.name)
        .on_conflict_do_nothing()
        .values(row)
        .returning(*table.primary_key)
    )
    return connection.execute(asked).first() is not None


def now() -> str:
    """The time in UTC, in ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
