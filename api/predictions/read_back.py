"""The record read back, a row at a time: newest first, in pages that writing does not shift."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.errors import UnknownPrediction
from api.storage.predictions import Answered, Place, Predictions, Wanted

# How many records are in memory at once: of long ones, which hold thousands of rows each, fewer.
_RECORDS, _LONG_RECORDS = 200, 10


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One row as it was answered; `row` counts from 0 in its request, `time` is UTC in ISO 8601.

    `answer` is a class's label or a value; `probabilities` are by label, None where there were none.
    """

    id: str
    row: int
    time: str
    model: str
    version: str
    user: str
    route: str
    seconds: float
    inputs: dict[str, Any]
    answer: str | float
    probabilities: dict[str, float] | None

    @property
    def place(self) -> Place:
        """Where it stands in the record."""
        return Place(self.time, self.id, self.row)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the place after which the others follow; None after the last."""

    rows: list[RecordedRow]
    next: Place | None


class ReadBack:
    """Reads the record; every method raises StorageUnavailable where the database is away."""

    def __init__(self, predictions: Predictions) -> None:
        self._predictions = predictions

    def page(self, wanted: Wanted, after: Place | None, most: int) -> Page:
        """The first `most` of the rows wanted that come after a place, or of all of them.

        In the order of the record: newest first, and of one request from its first row on. What is recorded
        meanwhile moves no row to another page. Raises UnknownPrediction where an id is wanted that is not on
        record.
        """
        rows: list[RecordedRow] = []
        for row in self._rows(wanted, after):
            if len(rows) == most:
                return Page(rows, rows[-1].place)
            rows.append(row)
        if not rows and wanted.id is not None and after is None:
            raise UnknownPrediction(wanted.id)
        return Page(rows, None)

    def _rows(self, wanted: Wanted, after: Place | None) -> Iterator[RecordedRow]:
        most = _LONG_RECORDS
        while records := self._predictions.page(wanted, after, most):
            for record in records:
                for row in _rows_of(record):
                    if after is None or (row.time, row.id) != (after.at, after.id) or row.row > after.row:
                        yield row
            last = records[-1]
            after = Place(last.at, last.id, last.row + last.rows - 1)
            if len(records) < most:
                return
            most = _RECORDS if all(one.rows == 1 for one in records) else _LONG_RECORDS


def _rows_of(record: Answered) -> Iterator[RecordedRow]:
    """The rows of a record, in order."""
    inputs, answers = json.loads(record.inputs), json.loads(record.answers)
    shares = None if record.probabilities is None else json.loads(record.probabilities)
    for at in range(record.rows):
        yield RecordedRow(
            id=record.id,
            row=record.row + at,
            time=record.at,
            model=record.model,
            version=record.version,
            user=record.by,
            route=record.route,
            seconds=record.seconds,
            inputs={name: values[at] for name, values in inputs.items()},
            answer=answers[at],
            probabilities=None if shares is None else {name: given[at] for name, given in shares.items()},
        )
