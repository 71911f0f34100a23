"""What was done to models' versions: kept back, published, enabled, deleted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, insert, select

from api.storage.access import now, reading, writing
from api.storage.tables import VERSION_EVENTS

# A version that is kept back answers only when somebody enables it; else a model follows its newest one.
KEPT, PUBLISHED, ENABLED, DELETED = "kept", "published", "enabled", "deleted"


@dataclass(frozen=True, slots=True)
class VersionEvent:
    """One thing that was done; `at` is UTC in ISO 8601, `by` who did it."""

    model: str
    version: str
    what: str
    at: str
    by: str


class VersionEvents:
    """The record of them, in order. Every method raises StorageUnavailable where the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, model: str, version: str, what: str, by: str) -> None:
        """Add one, as of now; enabling a version is this one write."""
        row = {"model": model, "version": version, "what": what, "at": now(), "by": by[:200]}
        with writing(self._engine) as connection:
            connection.execute(insert(VERSION_EVENTS).values(row))

    def newest(self) -> int:
        """A number that grows with each event: equal numbers mean that nothing was done in between."""
        with reading(self._engine) as connection:
            # Counted, because an event with a lower id may be committed after one with a higher.
            return connection.execute(select(func.count()).select_from(VERSION_EVENTS)).scalar() or 0

    def enabled(self) -> dict[str, str]:
        """The version that was enabled last, by model; a model nobody chose a version for is not in it."""
        last = (
            select(func.max(VERSION_EVENTS.c.id))
            .where(VERSION_EVENTS.c.what == ENABLED)
            .group_by(VERSION_EVENTS.c.model)
        )
        query = select(VERSION_EVENTS.c.model, VERSION_EVENTS.c.version).where(VERSION_EVENTS.c.id.in_(last))
        with reading(self._engine) as connection:
            return {row.model: row.version for row in connection.execute(query)}

    def kept(self) -> set[tuple[str, str]]:
        """The versions, with their models, that were kept back and not enabled since."""
        last = (
            select(func.max(VERSION_EVENTS.c.id))
            .where(VERSION_EVENTS.c.what.in_((KEPT, ENABLED)))
            .group_by(VERSION_EVENTS.c.model, VERSION_EVENTS.c.version)
        )
        table = VERSION_EVENTS.c
        query = select(table.model, table.version).where(table.id.in_(last), table.what == KEPT)
        with reading(self._engine) as connection:
            return {(row.model, row.version) for row in connection.execute(query)}

    def of(self, model: str) -> list[VersionEvent]:
        """What was done to one model's versions, newest first."""
        table = VERSION_EVENTS.c
        query = (
            select(table.model, table.version, table.what, table.at, table.by)
            .where(table.model == model)
            .order_by(table.id.desc())
        )
        with reading(self._engine) as connection:
            return [VersionEvent(*row) for row in connection.execute(query)]
