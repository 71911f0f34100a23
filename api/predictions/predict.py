"""Making predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from api.predictions.prediction import Prediction, respond
from api.registry.card import Card
from api.runtime.answers import Answers
from api.runtime.load import LoadedModel
from api.runtime.rows import Rows, rows_from
from api.runtime.serving import ServingModels
from api.schema.observed import outside_observed
from api.schema.parse import parse_pairs
from api.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Batch:
    """The answers for some rows, all by one version; `id` is unique to the batch."""

    id: str
    card: Card
    answers: Answers


class Predictor:
    """Answers from the models in memory."""

    def __init__(self, models: ServingModels) -> None:
        self._models = models

    def from_pairs(self, name: str, pairs: Iterable[tuple[str, str]]) -> Prediction:
        """Ask the model `name` about one row, given as (field, text) pairs.

        Raises UnknownModel, ModelUnavailable or InvalidInput.
        """
        loaded = self.model(name)
        card = loaded.card
        row = parse_pairs(card.schema, pairs)
        batch = self.answer(loaded, rows_from(card.schema, [row]))
        (response,) = respond(card.target, batch.answers)
        return Prediction(batch.id, card.name, card.version, response, outside_observed(card.schema, row))

    def from_rows(self, name: str, parse: Callable[[Schema], Rows], version: str | None = None) -> Batch:
        """Ask the model `name`, or one version of it, about the rows that `parse` makes for its schema.

        Raises what `parse` raises (InvalidInput), UnknownModel, UnknownVersion, ModelUnavailable or
        RefusedVersion.
        """
        loaded = self.model(name, version)
        return self.answer(loaded, parse(loaded.card.schema))

    def model(self, name: str, version: str | None = None) -> LoadedModel:
        """The model that answers for `name` now, to be asked several times.

        Raises UnknownModel, UnknownVersion, ModelUnavailable or RefusedVersion.
        """
        return self._models.get(name, version)

    def answer(self, loaded: LoadedModel, rows: Rows) -> Batch:
        """Ask a model about some rows of its schema."""
        return Batch(str(uuid4()), loaded.card, loaded.predict(rows))
