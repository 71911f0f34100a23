"""The trainings, as who asked for them sees them: add, look at, list, cancel."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select, update

from api.storage.access import add_if_new, clock, now, reading, writing
from api.storage.tables import TRAININGS

Json = dict[str, Any]

PENDING, PROCESSING, PROCESSED, ERROR, CANCELLED = "pending", "processing", "processed", "error", "cancelled"
STATUSES = (PENDING, PROCESSING, PROCESSED, ERROR, CANCELLED)

_T = TRAININGS.c
# A report can be long, and a list is read without them.
_SHOWN = (
    *(_T.number, _T.id, _T.status, _T.by, _T.request, _T.made_at, _T.started_at, _T.ended_at),
    *(_T.progress, _T.step, _T.message, _T.model, _T.version, _T.enabled, _T.metrics, _T.error, _T.cancel),
)


@dataclass(frozen=True, slots=True)
class Training:
    """One training.

    `number` grows with each; times are UTC in ISO 8601; `progress` is from 0 to 1. `metrics`, `report` and
    `error` are None until there are any; `report` also where it was not asked for. `cancel` says that it
    should stop.
    """

    number: int
    id: str
    status: str
    by: str
    request: Json
    made_at: str
    started_at: str | None
    ended_at: str | None
    progress: float
    step: str | None
    message: str | None
    model: str | None
    version: str | None
    enabled: bool | None
    metrics: Json | None
    error: Json | None
    cancel: bool
    report: Json | None = None


class Trainings:
    """The record of them. Every method raises StorageUnavailable where the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, request: Json, by: str, key: str | None = None) -> tuple[Training, bool]:
        """Add a pending one; returns it and True.

        Where `by` has given the same key before, returns what was added then, whatever was asked, and False.
        """
        row = {
            "id": uuid4().hex,
            "status": PENDING,
            "by": by[:200],
            "key": key,
            "request": json.dumps(request),
            "made_at": now(),
            "model": request.get("model"),
            "progress": 0.0,
            "cancel": False,
            "attempts": 0,
        }
        with writing(self._engine) as connection:
            added = add_if_new(connection, TRAININGS, row)
            mine = _T.id == row["id"] if added else (_T.by == row["by"]) & (_T.key == key)
            return _training(connection.execute(select(*_SHOWN).where(mine)).one()), added

    def get(self, id: str) -> Training | None:
        """One of them, with its report."""
        with reading(self._engine) as connection:
            found = connection.execute(select(*_SHOWN, _T.report).where(_T.id == id)).one_or_none()
        return found and _training(found)

    def page(self, before: int | None, most: int) -> list[Training]:
        """The newest `most` of those whose number is below `before`, newest first."""
        query = select(*_SHOWN).order_by(_T.number.desc()).limit(most)
        if before is not None:
            query = query.where(_T.number < before)
        with reading(self._engine) as connection:
            return [_training(row) for row in connection.execute(query)]

    def cancel(self, id: str) -> Training | None:
        """Let one stop: at once where nobody works on it, else its worker is told; returns it.

        One that has ended stays as it is.
        """
        idle = (_T.status == PENDING) | ((_T.status == PROCESSING) & (_T.lease_until < clock(self._engine)))
        ended = {"status": CANCELLED, "ended_at": now(), "owner": None, "lease_until": None, "cancel": True}
        with writing(self._engine) as connection:
            connection.execute(update(TRAININGS).where(_T.id == id, idle).values(ended))
            told = update(TRAININGS).where(_T.id == id, _T.status == PROCESSING).values(cancel=True)
            connection.execute(told)
        return self.get(id)


def _training(row: Any) -> Training:
    found = dict(row._mapping)
    for name in ("request", "metrics", "error", "report"):
        if name in found:
            found[name] = found[name] and json.loads(found[name])
    return Training(**found)
