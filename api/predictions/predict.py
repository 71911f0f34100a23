"""Making predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from api.predictions.prediction import Prediction, respond
from api.registry.card import Card
from api.runtime.answers import Answers
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
        loaded = self._models.get(name)
        card = loaded.card
        row = parse_pairs(card.schema, pairs)
        answers = loaded.predict(rows_from(card.schema, [row]))
        return Prediction(
            id=str(uuid4()),
            model=card.name,
            version=card.version,
            response=respond(card.target, answers, 0),
            warnings=outside_observed(card.schema, row),
        )

    def from_rows(self, name: str, parse: Callable[[Schema], Rows], version: str | None = None) -> Batch:
        """Ask the model `name`, or one version of it, about the rows that `parse` makes for its schema.

        Raises what `parse` raises (InvalidInput), UnknownModel, UnknownVersion, ModelUnavailable or
        RefusedVersion.
        """
        loaded = self._models.get(name, version)
        return Batch(str(uuid4()), loaded.card, loaded.predict(parse(loaded.card.schema)))
