"""The database engine: SQLite in the data directory by default, any SQLAlchemy URL otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from api.errors import BadSetting
from api.storage.tables import METADATA

FILE = "bouquet.db"
# A number of our own for the lock, and how long a server may take to let one in.
_MAKING = 0xB0C9
_CONNECT_SECONDS = 5
# Steps of SQLite's machine between two looks whether others want to run: those of some thirty records.
_STEPS = 2000


def open_engine(url: str, data_dir: Path) -> Engine:
    """An engine for `url`, or for a SQLite file in `data_dir` where it is empty; connects to nothing yet.

    Raises BadSetting where the URL cannot be used.
    """
    try:
        engine = create_engine(
            url or f"sqlite:///{data_dir / FILE}", pool_pre_ping=True, connect_args=_connect_args(url)
        )
    except (SQLAlchemyError, ImportError) as error:
        raise BadSetting("DATABASE_URL", f"is no database that can be used here ({error}).") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def make_tables(engine: Engine) -> None:
    """Make the tables and their indexes that are not there yet.

    Raises BadSetting where the database cannot be reached or written.
    """
    try:
        if engine.dialect.name == "sqlite" and engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                # Two processes that make the same table at once fail over it, "if not exists" or not.
                connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
            for table in METADATA.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
            there = inspect(connection).get_multi_indexes()
            for table in METADATA.sorted_tables:
                names = {one["name"] for one in there[None, table.name]}
                for index in sorted(table.indexes, key=lambda one: one.name or ""):
                    # Postgres would wait for whoever writes to the table also where there is nothing to make.
                    if index.name not in names:
                        connection.execute(CreateIndex(index, if_not_exists=True))
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise BadSetting("DATABASE_URL", f"the database cannot be opened ({reason}).") from error


def give_way(engine: Engine) -> Engine:
    """Have the engine let others run every fraction of a millisecond while SQLite works in this process.

    A system may let a thread finish its turn of milliseconds, however nice it is, when others wake up.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _give_way_often)
    return engine


def _give_way_often(connection: Any, record: object) -> None:
    connection.set_progress_handler(os.sched_yield, _STEPS)


def _connect_args(url: str) -> dict[str, int]:
    """A server that does not answer at all holds nobody up for minutes."""
    ours = url.startswith("postgresql") and "connect_timeout" not in url
    return {"connect_timeout": _CONNECT_SECONDS} if ours else {}


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Let readers go on while one writes, and let writers wait for each other."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()
