"""GET /api/v1.0, GET and POST /api/v1.0/models/<name>/predict: predictions."""

from __future__ import annotations

from flask import Response, request
from flask_restful import Resource
from werkzeug.exceptions import UnsupportedMediaType

from api.predictions.predict import Predictor
from api.web.asking import asking
from api.web.body import json_body
from api.web.csv_answer import CsvAnswers
from api.web.predicting import answer_many, answer_one
from api.web.query import query_pairs


class PredictDefault(Resource):
    """The default model: one row in the query, one answer."""

    def __init__(self, predictor: Predictor, default_model: str) -> None:
        self._predictor = predictor
        self._default = default_model

    def get(self) -> Response:
        """The answer; `warnings` is there when the model has seen no such values."""
        return answer_one(self._predictor, self._default, query_pairs(), asking()).response()


class Predict(Resource):
    """A model by name: one row in the query, or many in the body."""

    def __init__(self, predictor: Predictor, csv_answers: CsvAnswers) -> None:
        self._predictor = predictor
        self._csv_answers = csv_answers

    def get(self, name: str) -> Response:
        """The answer for one row, in the form of the default model's."""
        return answer_one(self._predictor, name, query_pairs(), asking()).response()

    def post(self, name: str) -> Response:
        """The answers for `{"instances": [{…}, …]}`, or for a CSV: the same rows with answers beside them."""
        if request.mimetype == "text/csv":
            return self._csv_answers.answer(name)
        if request.mimetype != "application/json":
            raise UnsupportedMediaType("Send rows as application/json or as text/csv.")
        return answer_many(self._predictor, name, json_body(), query_pairs(), asking()).response()
