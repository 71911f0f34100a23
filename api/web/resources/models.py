"""GET /api/v1.0/models and /api/v1.0/models/<name>: what is served."""

from __future__ import annotations

from flask_restful import Resource

from api.predictions.similar_jobs import MODEL
from api.registry.card import Card, card_to_json
from api.runtime.serving import ServingModels
from api.schema.as_json import Json
from api.web.resources.similar_jobs import ROUTES


class Models(Resource):
    """The models that answer."""

    def __init__(self, models: ServingModels, default_model: str) -> None:
        self._models = models
        self._default = default_model

    def get(self) -> Json:
        """A line for each model, and which one is the default."""
        cards = [self._models.get(name).card for name in self._models.names()]
        return {"default": self._default, "models": [self._line(card) for card in cards]}

    def _line(self, card: Card) -> Json:
        return {
            "name": card.name,
            "version": card.version,
            "title": card.title,
            "description": card.description,
            "task": card.task,
            # "skops" means that scikit-learn itself answers, because no compiled model was equal to it.
            "runtime": card.runtime.format,
            "default": card.name == self._default,
        }


class Model(Resource):
    """One model's card, with the schema of what it takes."""

    def __init__(self, models: ServingModels) -> None:
        self._models = models

    def get(self, name: str) -> Json:
        """The card of the version that answers, and the routes of its own; 404 for an unknown name."""
        card = card_to_json(self._models.get(name).card)
        return card | {"routes": ROUTES if name == MODEL else {}}
