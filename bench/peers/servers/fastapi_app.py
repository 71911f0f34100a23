"""What people write by hand: FastAPI routes that call scikit-learn. `uvicorn fastapi_app:app`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import joblib
import numpy as np
import pandas
from fastapi import FastAPI, Query
from pydantic import BaseModel

app = FastAPI()


class Flower(BaseModel):
    """Four measures."""

    sepal_length: float
    sepal_width: float
    petal_length: float
    petal_width: float


class Person(BaseModel):
    """Numbers, of which any may be missing, and texts."""

    age: float | None = None
    income: float | None = None
    city: str
    plan: str


class Flowers(BaseModel):
    """Many rows, of four measures each."""

    rows: list[list[float]]


class People(BaseModel):
    """Many rows."""

    rows: list[Person]


def _answer(model: Any, table: Any) -> dict[str, Any]:
    probabilities = model.predict_proba(table)
    labels = model.classes_[probabilities.argmax(axis=1)]
    return {"labels": labels.tolist(), "probabilities": probabilities.tolist()}


def _array(flower: Flower) -> Any:
    return np.array([[flower.sepal_length, flower.sepal_width, flower.petal_length, flower.petal_width]])


def _frame(people: list[Person]) -> Any:
    frame = pandas.DataFrame([one.model_dump() for one in people])
    return frame.astype({"age": float, "income": float})


def _add_flowers(name: str, model: Any) -> None:
    @app.get(f"/{name}")
    def one_by_get(flower: Annotated[Flower, Query()]) -> dict[str, Any]:
        return _answer(model, _array(flower))

    @app.post(f"/{name}")
    def one_by_post(flower: Flower) -> dict[str, Any]:
        return _answer(model, _array(flower))

    @app.post(f"/{name}/many")
    def many(flowers: Flowers) -> dict[str, Any]:
        return _answer(model, np.array(flowers.rows))


def _add_people(name: str, model: Any) -> None:
    @app.get(f"/{name}")
    def one_by_get(person: Annotated[Person, Query()]) -> dict[str, Any]:
        return _answer(model, _frame([person]))

    @app.post(f"/{name}")
    def one_by_post(person: Person) -> dict[str, Any]:
        return _answer(model, _frame([person]))

    @app.post(f"/{name}/many")
    def many(people: People) -> dict[str, Any]:
        return _answer(model, _frame(people.rows))


for _name in os.environ["SERVED"].split(","):
    _model = joblib.load(Path(os.environ["MODELS"]) / _name / "model.joblib")
    (_add_people if _name == "mixed" else _add_flowers)(_name, _model)
