"""What was done to models' versions: published, enabled, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from api.errors import StorageUnavailable
from api.storage.tables import VERSION_EVENTS

PUBLISHED, ENABLED, DELETED = "published", "enabled", "deleted"


@dataclass(frozen=True, slots=True)
class VersionEvent:
    """One thing that was done; `at` is UTC in ISO 8601, `by` who did it."""

    model: str
    version: str
    what: str
    at: str
    by: str


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageUnavailable(str(error).splitlines()[0]) from error


class VersionEvents:
    """The record of them, in order. Every method raises StorageUnavailable where the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, model: str, version: str, what: str, by: str) -> None:
        """Add one, as of now; enabling a version is this one write."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row = {"model": model, "version": version, "what": what, "at": at, "by": by[:200]}
        with _database(), self._engine.begin() as connection:
            connection.execute(insert(VERSION_EVENTS).values(row))

    def newest(self) -> int:
        """A number that grows with each event: equal numbers mean that nothing was done in between."""
        with _database(), self._engine.connect() as connection:
            return connection.execute(select(func.max(VERSION_EVENTS.c.id))).scalar() or 0

    def enabled(self) -> dict[str, str]:
        """The version that was enabled last, by model; a model nobody chose a version for is not in it."""
        last = (
            select(func.max(VERSION_EVENTS.c.id))
            .where(VERSION_EVENTS.c.what == ENABLED)
            .group_by(VERSION_EVENTS.c.model)
        )
        query = select(VERSION_EVENTS.c.model, VERSION_EVENTS.c.version).where(VERSION_EVENTS.c.id.in_(last))
        with _database(), self._engine.connect() as connection:
            return {row.model: row.version for row in connection.execute(query)}

    def of(self, model: str) -> list[VersionEvent]:
        """What was done to one model's versions, newest first."""
        table = VERSION_EVENTS.c
        query = (
            select(table.model, table.version, table.what, table.at, table.by)
            .where(table.model == model)
            .order_by(table.id.desc())
        )
        with _database(), self._engine.connect() as connection:
            return [VersionEvent(*row) for row in connection.execute(query)]
