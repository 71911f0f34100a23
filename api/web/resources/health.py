"""GET /api/v1.0/models/<name>/health: how good a model was and is, and how much it has answered."""

from __future__ import annotations

from dataclasses import asdict

from flask_restful import Resource

from api.monitoring.health import HealthOf
from api.schema.as_json import Json


class ModelHealth(Resource):
    """The health of the version of one model that answers."""

    def __init__(self, health: HealthOf) -> None:
        self._health = health

    def get(self, name: str) -> Json:
        """Its figures, what it has answered since it was enabled, and how good its answers turned out."""
        found = self._health.model(name)
        card = found.card
        return {
            "model": card.name,
            "version": card.version,
            "figures": asdict(card.figures) if card.figures else None,
            "enabled_since": found.since,
            "predictions": found.predictions,
            "in_use": asdict(found.in_use),
        }
