"""GET /api/v1.0: a prediction from the parameters of the query."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_restful import Resource

from api.predictions.predict import Predictor
from api.web.query import query_pairs


class Predict(Resource):
    """One row in the query, one answer."""

    def __init__(self, predictor: Predictor, default_model: str) -> None:
        self._predictor = predictor
        self._default = default_model

    def get(self) -> dict[str, Any]:
        """The default model's answer; `warnings` is there when the model has seen no such values."""
        prediction = self._predictor.from_pairs(self._default, query_pairs())
        answer: dict[str, Any] = {
            "response": prediction.response,
            "id": prediction.id,
            "model": prediction.model,
            "version": prediction.version,
        }
        if prediction.warnings:
            answer["warnings"] = [asdict(warning) for warning in prediction.warnings]
        return answer
