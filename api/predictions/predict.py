"""Making predictions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from api.predictions.prediction import Prediction, respond
from api.runtime.rows import rows_from
from api.runtime.serving import ServingModels
from api.schema.observed import outside_observed
from api.schema.parse import parse_pairs


class Predictor:
    """Answers for one row at a time, from the models in memory."""

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
