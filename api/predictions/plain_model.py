"""A version in memory as it answers one plain row: what is made beforehand of it, and what it said lately."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache, partial

from api.predictions.plain_row import PlainAnswer, PlainRow, PlainRows
from api.runtime.answers import usable_one
from api.runtime.load import LoadedModel
from api.runtime.one_row.cells import Cells

# A table of a few fields has some hundred answers, and most rows get one of few: their texts are kept.
_ANSWERS = 1024


class PlainModel:
    """Reads and answers rows of one version; `told` is what an answer says of it, as members of its JSON."""

    def __init__(self, loaded: LoadedModel) -> None:
        card = self.card = loaded.card
        self.rows = PlainRows(card)
        # Ids, names and numbers of versions need no quoting but their own.
        decided = "" if card.target.threshold is None else f', "threshold": {card.target.threshold!r}'
        self.told = f'"model": "{card.name}", "version": "{card.version}"{decided}'
        self._table = loaded.one if isinstance(loaded.one, Cells) else None
        self._said: Callable[[int], PlainAnswer | None]
        if self._table is not None:
            self._said = lru_cache(maxsize=_ANSWERS)(partial(self._say, self._table))

    def ask(self, loaded: LoadedModel, row: PlainRow) -> tuple[PlainAnswer | None, int]:
        """The texts of the version's answer, None where it is not plain, and its time in nanoseconds."""
        numbers, texts, _ = row
        started = time.perf_counter_ns()
        if self._table is None:
            found = loaded.predict_one(numbers, texts)
            took = time.perf_counter_ns() - started
            return (None if found is None else self.rows.answer(found)), took
        which = self._table.which(numbers, texts)
        took = time.perf_counter_ns() - started
        return self._said(which), took

    def _say(self, table: Cells, which: int) -> PlainAnswer | None:
        found = usable_one(table.answer(which), self.card.target.threshold)
        return None if found is None else self.rows.answer(found)
