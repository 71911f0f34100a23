"""Feedback: what turned out to be true of what was answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from api.errors import FieldProblem, InvalidInput
from api.predictions.lines import time_text
from api.predictions.read_back import ReadBack, RecordedRow
from api.registry.card import Card
from api.storage import feedback as kept
from api.storage.feedback import Told
from api.storage.predictions import Place, Wanted

# The number of a row in its request, and what turned out to be true of it.
Truth = tuple[int, Any]
# Labels that an error lists: more are on the model's card.
_LISTED = 20


class Feedback:
    """Takes the truth about rows on record; every method raises StorageUnavailable.

    `card_of` gives the card of a model's version, and raises UnknownModel or UnknownVersion.
    """

    def __init__(
        self, record: ReadBack, card_of: Callable[[str, str], Card], feedback: kept.Feedback
    ) -> None:
        self._record = record
        self._card_of = card_of
        self._feedback = feedback

    def give(self, id: str, truths: Sequence[Truth], by: str) -> list[Told]:
        """Keep the truth about rows of a request.

        Raises UnknownPrediction, InvalidInput naming everything that does not fit, and what `card_of` does;
        then nothing is kept.
        """
        first = self._first(id)
        card = self._card_of(first.model, first.version)
        at = time_text(datetime.now(UTC))
        told: dict[int, Told] = {}
        problems = []
        for place, (number, truth) in enumerate(truths):
            row = self._row(first, number)
            if row is None:
                problems.append(_problem(place, "row", f"Row {number} of {id} is not on record.", number))
            elif number in told:
                problems.append(_problem(place, "row", f"Row {number} comes twice.", number))
            elif (wanted := _wanted(card, truth)) is not None:
                problems.append(_problem(place, "truth", f"The truth must be {wanted}.", truth))
            else:
                named = (id, number, card.name, card.version)
                told[number] = Told(*named, row.answer, _plain(truth), _score(card, row), at, by)
        if problems:
            raise InvalidInput(problems)
        self._feedback.put(list(told.values()))
        return list(told.values())

    def of(self, id: str) -> list[Told]:
        """What was told of a request's rows; raises UnknownPrediction."""
        self._first(id)
        return self._feedback.of(id)

    def _first(self, id: str) -> RecordedRow:
        """The first row on record of a request; raises UnknownPrediction."""
        return self._record.page(Wanted(id=id), None, 1).rows[0]

    def _row(self, first: RecordedRow, number: int) -> RecordedRow | None:
        """A row of the same request, None where it is not on record."""
        if number == first.row:
            return first
        page = self._record.page(Wanted(id=first.id), Place(first.time, first.id, number - 1), 1)
        return page.rows[0] if page.rows and page.rows[0].row == number else None


def _wanted(card: Card, truth: Any) -> str | None:
    """What the truth would have to be, or None where it is that."""
    labels = [one.label for one in card.target.classes]
    if not labels:
        right = isinstance(truth, int | float) and not isinstance(truth, bool) and _finite(truth)
        return None if right else "a number"
    if isinstance(truth, str) and truth in labels:
        return None
    more = f" or {len(labels) - _LISTED} others" if len(labels) > _LISTED else ""
    return f"one of {', '.join(labels[:_LISTED])}{more}"


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _plain(truth: str | float) -> str | float:
    return truth if isinstance(truth, str) else float(truth)


def _score(card: Card, row: RecordedRow) -> float | None:
    """The probability that was given to the second of two classes."""
    classes = card.target.classes
    if len(classes) != 2 or row.probabilities is None:
        return None
    return row.probabilities.get(classes[1].label)


def _problem(place: int, field: str, detail: str, received: Any) -> FieldProblem:
    return FieldProblem(field, detail, detail, detail, str(received)[:80], row=place, within="rows")
