"""What turned out to be true of answers, as somebody told later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Engine, func, select

from api.storage.access import insert_into, reading, writing
from api.storage.tables import FEEDBACK


@dataclass(frozen=True, slots=True)
class Told:
    """What turned out to be true of one row: `answer` and `truth` are class labels, or values.

    `score` is the probability that was given to the second of two classes, None where there was none. `at` is
    UTC in ISO 8601, `by` the user.
    """

    id: str
    row: int
    model: str
    version: str
    answer: str | float
    truth: str | float
    score: float | None
    at: str
    by: str


_AS_JSON = ("answer", "truth")
_COLUMNS = tuple(field.name for field in fields(Told))


class Feedback:
    """Keeps it. Every method raises StorageUnavailable where the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, told: Sequence[Told]) -> None:
        """Keep what was told, all or nothing; of a row that was told of before, this is the last word."""
        adding = insert_into(FEEDBACK, self._engine.dialect.name)
        keys = ("id", "row")
        changed = {name: adding.excluded[name] for name in _COLUMNS if name not in keys}
        adding = adding.on_conflict_do_update(index_elements=keys, set_=changed)
        # In one order everywhere, so that two callers wait for each other and never both.
        rows = sorted((_values(one) for one in told), key=lambda row: (row["id"], row["row"]))
        with writing(self._engine) as connection:
            connection.execute(adding, rows)

    def of(self, id: str) -> list[Told]:
        """What was told of the rows of one request, in their order."""
        query = select(FEEDBACK).where(FEEDBACK.c.id == id).order_by(FEEDBACK.c.row)
        with reading(self._engine) as connection:
            return [_told(row) for row in connection.execute(query).mappings()]

    def counts(self, model: str, version: str) -> dict[tuple[str | float, str | float], int]:
        """How many rows of a version have each pair of answer and truth."""
        query = (
            select(FEEDBACK.c.answer, FEEDBACK.c.truth, func.count())
            .where(FEEDBACK.c.model == model, FEEDBACK.c.version == version)
            .group_by(FEEDBACK.c.answer, FEEDBACK.c.truth)
        )
        with reading(self._engine) as connection:
            return {
                (json.loads(answer), json.loads(truth)): count
                for answer, truth, count in connection.execute(query)
            }

    def newest(self, model: str, version: str, most: int) -> list[Told]:
        """What was told of a version last, at most so many rows."""
        query = (
            select(FEEDBACK)
            .where(FEEDBACK.c.model == model, FEEDBACK.c.version == version)
            .order_by(FEEDBACK.c.at.desc(), FEEDBACK.c.id, FEEDBACK.c.row)
            .limit(most)
        )
        with reading(self._engine) as connection:
            return [_told(row) for row in connection.execute(query).mappings()]


def _values(one: Told) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _COLUMNS}
    return values | {name: json.dumps(values[name]) for name in _AS_JSON}


def _told(row: Any) -> Told:
    return Told(**dict(row) | {name: json.loads(row[name]) for name in _AS_JSON})
