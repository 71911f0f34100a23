"""The tutorial: a Flask-RESTful resource that calls scikit-learn. `gunicorn flask_restful_app:app`.

With CHECK_PASSWORD, every request is signed in as the tutorials do: Flask-HTTPAuth, and werkzeug's scrypt.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas
from flask import Flask, request
from flask_httpauth import HTTPBasicAuth
from flask_restful import Api, Resource
from werkzeug.security import check_password_hash, generate_password_hash

_FLOWER = ("sepal_length", "sepal_width", "petal_length", "petal_width")

app = Flask(__name__)
api = Api(app)
auth = HTTPBasicAuth()
_hash = generate_password_hash(os.environ.get("CHECK_PASSWORD", ""))


@auth.verify_password
def _is_right(username: str, password: str) -> bool:
    return check_password_hash(_hash, password)


class Predict(Resource):
    """One row."""

    def __init__(self, name: str, model: Any) -> None:
        self._name, self._model = name, model

    def get(self) -> dict[str, Any]:
        """From the query."""
        return _answer(self._model, _table(self._name, [request.args.to_dict()]))

    def post(self) -> dict[str, Any]:
        """From a JSON object."""
        return _answer(self._model, _table(self._name, [request.get_json()]))


class PredictMany(Resource):
    """Many rows."""

    def __init__(self, name: str, model: Any) -> None:
        self._name, self._model = name, model

    def post(self) -> dict[str, Any]:
        """From a JSON object with lists, or objects where there are texts."""
        rows = request.get_json()["rows"]
        return _answer(self._model, _table(self._name, rows) if self._name == "mixed" else np.array(rows))


def _table(name: str, rows: list[dict[str, Any]]) -> Any:
    if name == "mixed":
        frame = pandas.DataFrame(rows, columns=["age", "income", "city", "plan"])
        return frame.astype({"age": float, "income": float})
    return np.array([[float(row[field]) for field in _FLOWER] for row in rows])


def _answer(model: Any, table: Any) -> dict[str, Any]:
    probabilities = model.predict_proba(table)
    labels = model.classes_[probabilities.argmax(axis=1)]
    return {"labels": labels.tolist(), "probabilities": probabilities.tolist()}


if "CHECK_PASSWORD" in os.environ:
    app.before_request(auth.login_required(lambda: None))
for _name in os.environ["SERVED"].split(","):
    _model = joblib.load(Path(os.environ["MODELS"]) / _name / "model.joblib")
    _given = (_name, _model)
    api.add_resource(Predict, f"/{_name}", endpoint=_name, resource_class_args=_given)
    api.add_resource(PredictMany, f"/{_name}/many", endpoint=f"{_name}_many", resource_class_args=_given)
