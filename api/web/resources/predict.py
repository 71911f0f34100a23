"""GET /api/v1.0, GET and POST /api/v1.0/models/<name>/predict: predictions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, request
from flask_restful import Resource
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.predictions.instances import rows_of_instances
from api.predictions.predict import Predictor
from api.predictions.prediction import Prediction, respond
from api.web.asking import asking
from api.web.body import json_object
from api.web.csv_answer import CsvAnswers
from api.web.query import query_pairs

MOST_ROWS = 100_000


class PredictDefault(Resource):
    """The default model: one row in the query, one answer."""

    def __init__(self, predictor: Predictor, default_model: str) -> None:
        self._predictor = predictor
        self._default = default_model

    def get(self) -> dict[str, Any]:
        """The answer; `warnings` is there when the model has seen no such values."""
        return _answer(self._predictor.from_pairs(self._default, query_pairs(), asking()))


class Predict(Resource):
    """A model by name: one row in the query, or many in the body."""

    def __init__(self, predictor: Predictor, csv_answers: CsvAnswers) -> None:
        self._predictor = predictor
        self._csv_answers = csv_answers

    def get(self, name: str) -> dict[str, Any]:
        """The answer for one row, in the form of the default model's."""
        return _answer(self._predictor.from_pairs(name, query_pairs(), asking()))

    def post(self, name: str) -> dict[str, Any] | Response:
        """The answers for `{"instances": [{…}, …]}`, or for a CSV: the same rows with answers beside them."""
        if request.mimetype == "text/csv":
            return self._csv_answers.answer(name)
        if request.mimetype != "application/json":
            raise UnsupportedMediaType("Send rows as application/json or as text/csv.")
        instances = _instances(json_object("instances")["instances"])
        batch = self._predictor.from_rows(
            name, lambda schema: rows_of_instances(schema, instances), asking(), query=query_pairs()
        )
        card = batch.card
        predictions: list[dict[str, Any]] = [*respond(card.target, batch.answers)]
        for prediction, reasons in zip(predictions, batch.reasons or (), strict=False):
            prediction["reasons"] = [asdict(one) for one in reasons]
        answer = {"predictions": predictions, "id": batch.id, "model": card.name, "version": card.version}
        return answer | _threshold(card.target.threshold)


def _answer(prediction: Prediction) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "response": prediction.response,
        "id": prediction.id,
        "model": prediction.model,
        "version": prediction.version,
    }
    answer |= _threshold(prediction.threshold)
    if prediction.reasons is not None:
        answer["reasons"] = [asdict(one) for one in prediction.reasons]
    if prediction.warnings:
        answer["warnings"] = [asdict(warning) for warning in prediction.warnings]
    return answer


def _threshold(threshold: float | None) -> dict[str, float]:
    """The member that says from which probability on the answer is the second class, where that is set."""
    return {} if threshold is None else {"threshold": threshold}


def _instances(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ROWS:
        raise BadRequest(f'"instances" must be a list of 1 to {MOST_ROWS} objects, one for each row.')
    for row, one in enumerate(given):
        if not isinstance(one, dict):
            raise BadRequest(f'"instances" must be a list of objects; number {row} is none.')
    return given
