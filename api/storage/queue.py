"""The trainings, as workers see them: claim one, keep it, give it back, end it.

Every write says whose it is: a worker that lost its training to another can change nothing any more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert, or_, select, update

from api.storage.access import clock, now, reading, writing
from api.storage.leases import LEASE_SECONDS
from api.storage.tables import TRAININGS, VERSION_EVENTS
from api.storage.trainings import CANCELLED, ERROR, PENDING, PROCESSED, PROCESSING, Json
from api.storage.version_events import ENABLED, KEPT, PUBLISHED

# How often a training may be begun by workers that then fall silent.
MOST_ATTEMPTS = 3
# An id that nobody took is sent again this long after a lease's time: the queue may have lost it.
_SEND_AGAIN_SECONDS = 5.0

_T = TRAININGS.c


@dataclass(frozen=True, slots=True)
class Claim:
    """A training that is `owner`'s to do; `request` is what was asked for, and `by` who asked."""

    id: str
    owner: str
    request: Json
    by: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What comes of a training: the columns of its row that are filled in at the end.

    `step` is the last one; where it is None, it stays what was told before.
    """

    status: str
    model: str | None = None
    version: str | None = None
    enabled: bool | None = None
    metrics: Json | None = None
    report: Json | None = None
    error: Json | None = None
    step: str | None = None


class Queue:
    """The trainings to do. Every method raises StorageUnavailable where the database is away.

    A worker that is silent for `lease_seconds` counts as dead.
    """

    def __init__(self, engine: Engine, lease_seconds: float = LEASE_SECONDS) -> None:
        self._engine = engine
        self.lease_seconds = lease_seconds

    def waiting(self) -> list[str]:
        """The ids of those that anybody may claim, oldest first."""
        query = select(_T.id).where(self._free()).order_by(_T.number).limit(100)
        with reading(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def claim(self, id: str, owner: str) -> Claim | None:
        """Make a training `owner`'s, or return None where it is another's, has ended or does not exist.

        One that was cancelled, or whose workers fell silent too often, ends here.
        """
        taken = {
            "status": PROCESSING,
            "owner": owner,
            "lease_until": clock(self._engine) + self.lease_seconds,
            "attempts": _T.attempts + 1,
            # It has arrived; if its lease runs out it is sent again at once.
            "sent_at": None,
            "progress": 0.0,
            "step": None,
            "message": None,
        }
        with writing(self._engine) as connection:
            for unfit, ending in ((_T.cancel.is_(True), _STOPPED), (_T.attempts >= MOST_ATTEMPTS, _LOST)):
                ended = ending | {"ended_at": now(), "owner": None, "lease_until": None}
                connection.execute(update(TRAININGS).where(_T.id == id, self._free(), unfit).values(ended))
            claimed = update(TRAININGS).where(_T.id == id, self._free()).values(taken)
            if connection.execute(claimed).rowcount != 1:
                return None
            row = connection.execute(select(_T.request, _T.by, _T.started_at).where(_T.id == id)).one()
            if row.started_at is None:
                connection.execute(update(TRAININGS).where(_T.id == id).values(started_at=now()))
        return Claim(id, owner, json.loads(row.request), row.by)

    def keep(self, claim: Claim, progress: float, step: str | None, message: str | None) -> str:
        """Say that it is still worked on, and how far it is.

        Returns `processing`; `cancelled` where it should stop; and an empty string where it is not this
        owner's any more.
        """
        told = {
            "lease_until": clock(self._engine) + self.lease_seconds,
            "progress": progress,
            "step": step,
            "message": message,
        }
        with writing(self._engine) as connection:
            if connection.execute(update(TRAININGS).where(_owned(claim)).values(told)).rowcount != 1:
                return ""
            cancel = connection.execute(select(_T.cancel).where(_T.id == claim.id)).scalar_one()
        return CANCELLED if cancel else PROCESSING

    def announce(self, claim: Claim, model: str, version: str, answers: str | None) -> bool:
        """Before a version exists: let it not answer until it is enabled, and what answers now stay.

        `answers` is the version of the model that answers now. False where the training is not this
        owner's any more or should stop; then nothing is noted, and nothing may be published.
        """
        with writing(self._engine) as connection:
            mine = update(TRAININGS).where(_owned(claim), _T.cancel.is_(False))
            # From here on there is a whole lease's time to publish in.
            until = clock(self._engine) + self.lease_seconds
            if connection.execute(mine.values(model=model, lease_until=until)).rowcount != 1:
                return False
            if answers is not None and not _ever_enabled(connection, model):
                _note(connection, model, answers, ENABLED, "training")
            _note(connection, model, version, KEPT, claim.by)
        return True

    def end(self, claim: Claim, ending: Ending) -> bool:
        """Write what came of it, and what it did to versions, in one transaction.

        False where it is not this owner's any more; then nothing is written.
        """
        values: Json = {
            "status": ending.status,
            "ended_at": now(),
            "owner": None,
            "lease_until": None,
            "version": ending.version,
            "enabled": ending.enabled,
            "metrics": ending.metrics and json.dumps(ending.metrics, allow_nan=False),
            "report": ending.report and json.dumps(ending.report, allow_nan=False),
            "error": ending.error and json.dumps(ending.error),
        }
        if ending.step:
            values["step"] = ending.step
        if ending.model:
            values["model"] = ending.model
        if ending.status == PROCESSED:
            values |= {"progress": 1.0, "message": None}
        with writing(self._engine) as connection:
            if connection.execute(update(TRAININGS).where(_owned(claim)).values(values)).rowcount != 1:
                return False
            if ending.model and ending.version:
                _note(connection, ending.model, ending.version, PUBLISHED, claim.by)
                if ending.enabled:
                    _note(connection, ending.model, ending.version, ENABLED, claim.by)
        return True

    def give_back(self, claim: Claim, *, begun: bool) -> None:
        """Let anybody claim it again; `begun` says whether it counts as an attempt."""
        values = {"status": PENDING, "owner": None, "lease_until": None, "sent_at": None}
        attempts = {} if begun else {"attempts": _T.attempts - 1}
        with writing(self._engine) as connection:
            connection.execute(update(TRAININGS).where(_owned(claim)).values(values | attempts))

    def to_send(self) -> list[str]:
        """The ids to send to the workers now, marked as sent: each is given to one caller only."""
        at = clock(self._engine)
        due = or_(_T.sent_at.is_(None), _T.sent_at < at - self.lease_seconds - _SEND_AGAIN_SECONDS)
        with writing(self._engine) as connection:
            query = select(_T.id).where(self._free(), due).order_by(_T.number).limit(100)
            found = list(connection.execute(query).scalars())
            mark = update(TRAININGS).values(sent_at=at)
            return [id for id in found if connection.execute(mark.where(_T.id == id, due)).rowcount == 1]

    def not_sent(self, ids: list[str]) -> None:
        """Take back the mark: the queue was away."""
        with writing(self._engine) as connection:
            connection.execute(update(TRAININGS).where(_T.id.in_(ids)).values(sent_at=None))

    def unfinished(self) -> set[str]:
        """The ids of all that have not ended."""
        query = select(_T.id).where(_T.status.in_((PENDING, PROCESSING)))
        with reading(self._engine) as connection:
            return set(connection.execute(query).scalars())

    def uploads(self) -> set[str]:
        """The names of the uploaded files that trainings which have not ended are about."""
        query = select(_T.request).where(_T.status.in_((PENDING, PROCESSING)))
        with reading(self._engine) as connection:
            found = [json.loads(text).get("upload") for text in connection.execute(query).scalars()]
        return {name for name in found if name}

    def _free(self) -> Any:
        lost = (_T.status == PROCESSING) & (_T.lease_until < clock(self._engine))
        return or_(_T.status == PENDING, lost)


def _owned(claim: Claim) -> Any:
    return (_T.id == claim.id) & (_T.owner == claim.owner) & (_T.status == PROCESSING)


_STOPPED: Json = {"status": CANCELLED}
_LOST: Json = {
    "status": ERROR,
    "error": json.dumps(
        {
            "detail": f"The work was begun {MOST_ATTEMPTS} times, and each time the process that did it "
            "ended without a word: it may need more memory than there is. Try it with fewer rows or columns."
        }
    ),
}


def _ever_enabled(connection: Connection, model: str) -> bool:
    events = VERSION_EVENTS.c
    query = select(events.id).where(events.model == model, events.what == ENABLED).limit(1)
    return connection.execute(query).first() is not None


def _note(connection: Connection, model: str, version: str, what: str, by: str) -> None:
    row = {"model": model, "version": version, "what": what, "at": now(), "by": by[:200]}
    connection.execute(insert(VERSION_EVENTS).values(row))
