"""Making predictions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from api.predictions.asking import Asking
from api.predictions.prediction import Batch, Prediction, respond
from api.predictions.record import Recorder
from api.runtime.load import LoadedModel
from api.runtime.rows import Rows, rows_from
from api.runtime.serving import ServingModels
from api.schema.observed import outside_observed
from api.schema.parse import parse_pairs
from api.schema.schema import Schema


class Predictor:
    """Answers from the models in memory, and has every answer recorded before it is given.

    Without a recorder none is. Whatever answers may also raise NotRecorded, and NoAnswer.
    """

    def __init__(self, models: ServingModels, recorder: Recorder | None = None) -> None:
        self._models = models
        self._recorder = recorder

    def from_pairs(self, name: str, pairs: Iterable[tuple[str, str]], asking: Asking) -> Prediction:
        """Ask the model `name` about one row, given as (field, text) pairs.

        Raises UnknownModel, ModelUnavailable or InvalidInput.
        """
        loaded = self.model(name)
        card = loaded.card
        row = parse_pairs(card.schema, pairs)
        batch = self.answer(loaded, rows_from(card.schema, [row]), asking)
        (response,) = respond(card.target, batch.answers)
        return Prediction(batch.id, card.name, card.version, response, outside_observed(card.schema, row))

    def from_rows(
        self, name: str, parse: Callable[[Schema], Rows], asking: Asking, version: str | None = None
    ) -> Batch:
        """Ask the model `name`, or one version of it, about the rows that `parse` makes for its schema.

        Raises what `parse` raises (InvalidInput), UnknownModel, UnknownVersion, ModelUnavailable or
        RefusedVersion.
        """
        loaded = self.model(name, version)
        return self.answer(loaded, parse(loaded.card.schema), asking)

    def model(self, name: str, version: str | None = None) -> LoadedModel:
        """The model that answers for `name` now, to be asked several times.

        Raises UnknownModel, UnknownVersion, ModelUnavailable or RefusedVersion.
        """
        return self._models.get(name, version)

    def answer(
        self, loaded: LoadedModel, rows: Rows, asking: Asking, numbers: NDArray[np.int64] | None = None
    ) -> Batch:
        """Ask a model about some rows of its schema.

        `numbers` (rows,) are the rows' in the request where they do not count from 0 on.
        """
        started = time.perf_counter()
        answers = loaded.predict(rows)
        batch = Batch(asking.id, loaded.card, answers, time.perf_counter() - started)
        if self._recorder is not None:
            self._recorder.record(asking, batch, rows, numbers)
        return batch

    @contextmanager
    def holding(self) -> Iterator[tuple[Predictor, Callable[[], None]]]:
        """A predictor for an answer of many parts that may still be refused, and what to call when it is not.

        Only then does all that was answered meanwhile count as recorded.
        """
        if self._recorder is None:
            yield self, lambda: None
            return
        with self._recorder.holding() as held:
            yield Predictor(self._models, held), held.keep
