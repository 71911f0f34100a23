"""The record of what was answered: added once, counted, read back, forgotten after a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from sqlalchemy import ColumnElement, Engine, Insert, and_, delete, func, or_, select, tuple_
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from api.errors import BouquetError, StorageUnavailable
from api.storage.access import add_if_new, insert_into
from api.storage.tables import PREDICTION_COUNTS, PREDICTIONS

_MINUTE = 16  # characters of an ISO time up to its minute
_FORGOTTEN_AT_ONCE = 500


def _counting(dialect: str) -> Insert:
    """Adds to the counts of minutes, or begins them; its values are those of the table's columns."""
    adding, table = insert_into(PREDICTION_COUNTS, dialect), PREDICTION_COUNTS.c
    return adding.on_conflict_do_update(
        index_elements=[table.model, table.version, table.minute],
        set_={"predictions": table.predictions + adding.excluded.predictions},
    )


# SQLite's driver fills in a statement for each row, in C; Postgres reads them all from one piece of JSON.
_SQLITE_ADD = str(sqlite.insert(PREDICTIONS).on_conflict_do_nothing().compile(dialect=sqlite.dialect()))
_SQLITE_COUNT = str(_counting("sqlite").compile(dialect=sqlite.dialect()))
_COUNTED = {"preserve_rowcount": True}


class RecordRefused(BouquetError):
    """The database is there and does not take some record as it is."""


class Answered(NamedTuple):
    """Some rows that one request was answered, numbered from `row` on within it.

    It is a tuple in the order of the table's columns, as drivers take thousands of them at once.

    `at` is UTC in ISO 8601 with microseconds, `by` the user, `seconds` how long the model took for these
    rows. `inputs` (field to a list of values), `answers` (a list) and `probabilities` (class to a list; None
    where there are none) are JSON, each list with one value a row.
    """

    id: str
    row: int
    rows: int
    at: str
    model: str
    version: str
    by: str
    route: str
    seconds: float
    inputs: str
    answers: str
    probabilities: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: each condition holds unless it is None. `since` is included, `until` is not."""

    id: str | None = None
    model: str | None = None
    version: str | None = None
    by: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A row in the order of the record: newest first, and of one request from its first row on."""

    at: str
    id: str
    row: int


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError, OverflowError) as error:
        raise RecordRefused(str(error).splitlines()[0]) from error
    except SQLAlchemyError as error:
        raise StorageUnavailable(str(error).splitlines()[0]) from error


class Predictions:
    """The record. Every method raises StorageUnavailable where the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, records: Sequence[Answered]) -> None:
        """Add what is not there yet, all or nothing, and count it; raises RecordRefused."""
        with _database():
            if not self._add_all(records):
                self._add_new(records)

    def _add_all(self, records: Sequence[Answered]) -> bool:
        """Add records of which none is there yet; False, and nothing was done, where one is."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            if connection.dialect.name == "postgresql":
                from api.storage.add_postgres import ADD  # noqa: PLC0415 (only where Postgres is used)

                rows = orjson.dumps([tuple(one) for one in records]).decode()
                added = connection.execute(ADD, {"records": rows}, execution_options=_COUNTED)
            else:
                added = connection.exec_driver_sql(_SQLITE_ADD, list(records), execution_options=_COUNTED)
            if added.rowcount != len(records):
                transaction.rollback()
                return False
            self._count(connection, records)
        return True

    def _add_new(self, records: Sequence[Answered]) -> None:
        """Add those that are not there yet: a process was killed before it could say that others are."""
        with self._engine.begin() as connection:
            new = [record for record in records if add_if_new(connection, PREDICTIONS, record._asdict())]
            self._count(connection, new)

    def _count(self, connection: Connection, added: Sequence[Answered]) -> None:
        counts: Counter[tuple[str, str, str]] = Counter()
        for one in added:
            counts[(one.model, one.version, one.at[:_MINUTE])] += one.rows
        # In one order everywhere, so that two processes wait for each other and never both.
        rows = [(*key, rows) for key, rows in sorted(counts.items())]
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_SQLITE_COUNT, rows)
            return
        adding, names = _counting(connection.dialect.name), PREDICTION_COUNTS.c.keys()
        for row in rows:
            connection.execute(adding, dict(zip(names, row, strict=True)))

    def page(self, wanted: Wanted, after: Place | None, most: int) -> list[Answered]:
        """The first `most` records of those wanted, from the one that holds the row after `after` on."""
        table = PREDICTIONS.c
        query = select(PREDICTIONS).where(*_conditions(wanted))
        if after is not None:
            rest = and_(table.id == after.id, table.row + table.rows > after.row + 1)
            older = tuple_(table.at, table.id) < (after.at, after.id)
            # What the first condition says again is what an index can find.
            query = query.where(table.at <= after.at, or_(older, and_(table.at == after.at, rest)))
        query = query.order_by(table.at.desc(), table.id.desc(), table.row).limit(most)
        with _database(), self._engine.connect() as connection:
            return [Answered(**row) for row in connection.execute(query).mappings()]

    def count(self, model: str, version: str, since: str) -> int:
        """How many rows a version has answered since a time, which is written as `Answered.at` is.

        By its counts of whole minutes; of the minute in which `since` lies, what is on record is counted.
        """
        counts, table, minute = PREDICTION_COUNTS.c, PREDICTIONS.c, since[:_MINUTE]
        whole = select(func.coalesce(func.sum(counts.predictions), 0)).where(
            counts.model == model, counts.version == version, counts.minute > minute
        )
        part = select(func.coalesce(func.sum(table.rows), 0)).where(
            *(table.model == model, table.version == version),
            *(table.at >= since, table.at <= f"{minute}:59.999999Z"),
        )
        with _database(), self._engine.connect() as connection:
            return int(connection.execute(whole).scalar_one()) + int(connection.execute(part).scalar_one())

    def forget(self, before: str) -> int:
        """Delete some of the records from before a time, and return how many; none are left at 0."""
        keys = (PREDICTIONS.c.id, PREDICTIONS.c.row)
        oldest = (
            select(*keys)
            .where(PREDICTIONS.c.at < before)
            .order_by(PREDICTIONS.c.at)
            .limit(_FORGOTTEN_AT_ONCE)
        )
        with _database(), self._engine.begin() as connection:
            return connection.execute(delete(PREDICTIONS).where(tuple_(*keys).in_(oldest))).rowcount


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    table = PREDICTIONS.c
    conditions: list[ColumnElement[bool]] = []
    for name in ("id", "model", "version", "by"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(table[name] == value)
    if wanted.since is not None:
        conditions.append(table.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(table.at < wanted.until)
    return conditions
