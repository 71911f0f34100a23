"""Making predictions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from api.errors import InvalidInput
from api.ids import new_time_uuid
from api.predictions.asking import Asking
from api.predictions.explain import EXPLAIN, explain_problems, explains, without_explain
from api.predictions.field_reasons import reasons_of
from api.predictions.plain_model import PlainModel
from api.predictions.plain_row import PlainRow, PlainRows
from api.predictions.prediction import Batch, Prediction, respond
from api.predictions.record import Recorder
from api.runtime.load import LoadedModel
from api.runtime.rows import Rows, rows_from
from api.runtime.serving import ServingModels
from api.schema.observed import outside_observed
from api.schema.parse import parse_pairs
from api.schema.schema import Schema

_Given = TypeVar("_Given")
# A user's name and the route he asks by.
_Who = tuple[str, str]


class Predictor:
    """Answers from the models in memory, and has every answer recorded before it is given.

    Without a recorder none is. Whatever answers may also raise NotRecorded, and NoAnswer.
    """

    def __init__(self, models: ServingModels, recorder: Recorder | None = None) -> None:
        self._models = models
        self._recorder = recorder
        # What is made beforehand of the version that answered last, by model.
        self._plain: dict[str, PlainModel] = {}

    def from_pairs(self, name: str, pairs: Iterable[tuple[str, str]], asking: Asking) -> Prediction:
        """Ask the model `name` about one row, given as (field, text) pairs, `explain` among them.

        Raises UnknownModel, ModelUnavailable or InvalidInput.
        """
        loaded = self.model(name)
        card = loaded.card
        values, explain = without_explain(card.schema, pairs)
        try:
            row = parse_pairs(card.schema, values)
        except InvalidInput as invalid:
            raise InvalidInput([*invalid.problems, *explain_problems(loaded, explain)]) from None
        batch = self._explained(loaded, rows_from(card.schema, [row]), asking, explain)
        (response,) = respond(card.target, batch.answers)
        return Prediction(
            *(batch.id, card.name, card.version, response, outside_observed(card.schema, row)),
            threshold=card.target.threshold,
            reasons=None if batch.reasons is None else batch.reasons[0],
        )

    def from_rows(
        self,
        name: str,
        parse: Callable[[Schema], Rows],
        asking: Asking,
        version: str | None = None,
        query: Iterable[tuple[str, str]] | None = None,
    ) -> Batch:
        """Ask the model `name`, or one version of it, about the rows that `parse` makes for its schema.

        `query` may ask for reasons by `explain`; where there is no query the answers come without any.

        Raises what `parse` raises (InvalidInput), UnknownModel, UnknownVersion, ModelUnavailable or
        RefusedVersion.
        """
        loaded = self.model(name, version)
        rows = parse(loaded.card.schema)
        if query is None:
            return self.answer(loaded, rows, asking)
        return self._explained(loaded, rows, asking, [text for at, text in query if at == EXPLAIN])

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

    def _explained(self, loaded: LoadedModel, rows: Rows, asking: Asking, explain: list[str]) -> Batch:
        """Answer, with reasons where `explain` or the card asks for them; raises InvalidInput."""
        wanted = explains(loaded, explain, len(rows))
        batch = self.answer(loaded, rows, asking)
        return replace(batch, reasons=reasons_of(loaded, rows, batch.answers)) if wanted else batch

    def plainly(
        self, name: str, read: Callable[[PlainRows, _Given], PlainRow | None], given: _Given, who: _Who
    ) -> tuple[str, str, str] | None:
        """Ask the model `name` about the one row that `read` finds in what was given, where that and its
        answer are plain; `who` asks, and by which route.

        Gives the answer as JSON, its id, and what `PlainModel.told` is. Where row and answer are not plain
        there is none, and nothing is recorded: the others find out what to say.
        Raises UnknownModel or ModelUnavailable, and what `read` raises.
        """
        at, loaded = time.time_ns(), self._models.get(name)
        plain = self._plain.get(name)
        if plain is None or plain.card is not loaded.card:
            plain = self._plain[name] = PlainModel(loaded)
        row = read(plain.rows, given)
        if row is None:
            return None
        answer, took = plain.ask(row)
        if answer is None:
            return None
        response, recorded = answer
        id = new_time_uuid()
        if self._recorder is not None:
            self._recorder.record_plain(id, at, took, plain.asked_by(*who), row[2] + recorded)
        return response, id, plain.told

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
