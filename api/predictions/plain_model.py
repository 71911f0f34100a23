"""A version in memory as it answers one plain row: what is made beforehand of it, and what it said lately."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache, partial

from api.predictions.plain_row import PlainRow, PlainRows
from api.predictions.plain_said import PlainAnswer, PlainSaid
from api.predictions.record import head_end
from api.runtime.answers import usable_one
from api.runtime.load import LoadedModel
from api.runtime.one_row.cells import Cells

# A table of a few fields has some hundred answers, and most rows get one of few: their texts are kept.
_ANSWERS = 1024
# How many users, by the routes they ask by, are remembered at the same time.
_WHO = 256


class PlainModel:
    """Reads and answers rows of one version; `told` is what an answer says of it, as members of its JSON."""

    def __init__(self, loaded: LoadedModel) -> None:
        card = self.card = loaded.card
        self.rows = PlainRows(card)
        self._texts = PlainSaid(card.target)
        # Ids, names and numbers of versions need no quoting but their own.
        self._threshold = card.target.threshold
        decided = "" if self._threshold is None else f', "threshold": {self._threshold!r}'
        self.told = f'"model": "{card.name}", "version": "{card.version}"{decided}'
        # By a user and a route, what the record has of them and of the version.
        self.asked_by = lru_cache(maxsize=_WHO)(self._asked_by)
        self._table = loaded.one if isinstance(loaded.one, Cells) else None
        self._predict = loaded.predict_one if loaded.one is None else loaded.one.predict_one
        self._said: Callable[[int], PlainAnswer | None]
        if self._table is not None:
            self._said = lru_cache(maxsize=_ANSWERS)(partial(self._say, self._table))

    def ask(self, row: PlainRow) -> tuple[PlainAnswer | None, int]:
        """The texts of the version's answer, None where it is not plain, and its time in nanoseconds."""
        numbers, texts, _ = row
        started = time.perf_counter_ns()
        if self._table is None:
            found = self._predict(numbers, texts)
            took = time.perf_counter_ns() - started
            found = found and usable_one(found, self._threshold)
            return found and self._texts.answer(found), took
        which = self._table.which(numbers, texts)
        took = time.perf_counter_ns() - started
        return self._said(which), took

    def _asked_by(self, user: str, route: str) -> str:
        return head_end(user, route, self.card.name, self.card.version)

    def _say(self, table: Cells, which: int) -> PlainAnswer | None:
        found = usable_one(table.answer(which), self._threshold)
        return found and self._texts.answer(found)
