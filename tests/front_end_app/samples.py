"""Models as the API describes them, and a behaviour for the fake API that serves one of them."""

from __future__ import annotations

import math
from typing import Any

from .fake_api import Behaviour, Received, Reply

SPECIES = [
    {"key": "setosa", "label": "Iris-Setosa"},
    {"key": "versicolour", "label": "Iris-Versicolour"},
    {"key": "virginica", "label": "Iris-Virginica"},
]


def measure(name: str, title: str, lowest: float, highest: float, example: float) -> dict[str, Any]:
    """A field of the iris model, in centimetres."""
    return {
        "name": name,
        "title": title,
        "description": f"{title} of the flower.",
        "kind": "number",
        "unit": "cm",
        "observed": {"minimum": lowest, "maximum": highest},
        "step": 0.1,
        "choices": None,
        "example": example,
        "missing_allowed": False,
    }


IRIS: dict[str, Any] = {
    "name": "iris",
    "version": "1",
    "title": "Iris species",
    "description": "Tells three species of iris apart by the size of their sepals and petals.",
    "task": "classification",
    "schema": {
        "fields": [
            measure("sepal_length", "Sepal length", 4.3, 7.9, 5.1),
            measure("sepal_width", "Sepal width", 2.0, 4.4, 3.5),
            measure("petal_length", "Petal length", 1.0, 6.9, 1.4),
            measure("petal_width", "Petal width", 0.1, 2.5, 0.2),
        ]
    },
    "target": {"name": "species", "title": "Species", "classes": SPECIES},
    "figures": {"accuracy": 0.9667},
    "rows": {"training": 120, "hold_out": 30},
}


def plain(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A field with nothing but a name and a kind, and whatever else is given."""
    return {"name": name, "title": name.capitalize(), "kind": kind, **more}


def chosen(*values: str) -> list[dict[str, str]]:
    """Choices whose titles are their values, capitalised."""
    return [{"value": value, "title": value.capitalize()} for value in values]


GARDEN: dict[str, Any] = {
    "name": "garden",
    "version": "7",
    "title": "Will it flower?",
    "description": "An invented model with a field of every kind.",
    "schema": {
        "fields": [
            plain("buds", "integer", observed={"minimum": 0, "maximum": 40}, example=3),
            plain("frost", "number", unit="°C", observed={"minimum": -20.5, "maximum": 4}, step=0.5),
            plain("light", "choice", choices=chosen("shade", "half", "sun"), example="sun"),
            plain("soil", "choice", choices=chosen("clay", "loam", "sand", "peat", "chalk", "silt")),
            plain("notes", "text", example="moved in spring", missing_allowed=True),
            plain("watered", "boolean", example=True),
            plain("pruned", "boolean", missing_allowed=True),
            plain("age", "number", unit="years", missing_allowed=True),
        ]
    },
    "target": {"name": "flower", "title": "Flower", "classes": []},
}

ANSWER: dict[str, Any] = {
    "response": {
        "predicted_species": "Iris-Setosa",
        "prob_setosa": 0.98,
        "prob_versicolour": 0.02,
        "prob_virginica": 0.0,
    },
    "id": "0190-a-prediction",
    "model": "iris",
    "version": "1",
}


def serving(card: dict[str, Any], answer: dict[str, Any] = ANSWER) -> Behaviour:
    """Answer as the API does for one model: list, card, predictions and complaints about input."""

    def behave(request: Received) -> Reply:
        if request.path == "/api/v1.0/models":
            return Reply(200, {"default": card["name"], "models": [{"name": card["name"]}]})
        if request.path == f"/api/v1.0/models/{card['name']}":
            return Reply(200, card)
        if request.path != "/api/v1.0":
            return problem(404, "Not Found", [])
        errors = complaints(card, request.pairs)
        return problem(400, "Bad Request", errors) if errors else Reply(200, answer)

    return behave


def problem(status: int, title: str, errors: list[dict[str, Any]]) -> Reply:
    """An error as the API gives it."""
    body = {"type": "about:blank", "title": title, "status": status, "message": title, "errors": errors}
    return Reply(status, body, (("Content-Type", "application/problem+json"),))


def complaints(card: dict[str, Any], pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """What is wrong with a query: missing, not a number, unknown or repeated."""
    names = [name for name, _ in pairs]
    fields = {field["name"]: field for field in card["schema"]["fields"]}
    found = [(name, f"{name} is not known to this model.") for name in names if name not in fields]
    found += [(name, f"{name} was given more than once.") for name in fields if names.count(name) > 1]
    for name, field in fields.items():
        value = dict(pairs).get(name)
        if value is None and not field.get("missing_allowed"):
            found.append((name, f"Please provide {name}."))
        elif value is not None and field["kind"] == "number" and not _finite(value):
            found.append((name, f"Please provide {name} as a number."))
    return [{"pointer": f"#/{name}", "detail": detail} for name, detail in found]


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
