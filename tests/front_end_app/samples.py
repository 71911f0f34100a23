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

# An answer of two classes with a threshold and with reasons.
FRAUD: dict[str, Any] = {
    "name": "fraud",
    "version": "2",
    "title": "Fraud",
    "description": "An invented model that says why it answers as it does.",
    "task": "classification",
    "schema": {"fields": [plain("amount", "number", example=181.0), plain("hour", "integer", example=3)]},
    "target": {
        "name": "fraud",
        "title": "Fraud",
        "classes": [{"key": "legitimate", "label": "legitimate"}, {"key": "fraud", "label": "fraud"}],
        "threshold": 0.35,
    },
}


def reason(field: str, weight: float, sentence: str) -> dict[str, Any]:
    """A reason as the API gives it."""
    return {
        "field": field,
        "title": field.capitalize(),
        "value": 1,
        "typical": 2,
        "weight": weight,
        "sentence": sentence,
    }


FRAUD_ANSWER: dict[str, Any] = {
    "response": {"predicted_fraud": "fraud", "prob_legitimate": 0.588, "prob_fraud": 0.412},
    "threshold": 0.35,
    "reasons": [
        reason("amount", 2.31, "Amount 181.00 instead of the usual 74.20 speaks for fraud"),
        reason("hour", -0.4, "Hour 14 instead of the usual 13 speaks against fraud"),
    ],
    "id": "0191-a-prediction",
    "model": "fraud",
    "version": "2",
}


YIELD: dict[str, Any] = {
    "name": "yield",
    "version": "3",
    "title": "Pears in autumn",
    "description": "An invented model that predicts a number.",
    "task": "regression",
    "schema": {
        "fields": [
            plain("age", "integer", unit="years", example=12),
            plain("sort", "choice", choices=chosen("anjou", "bosc"), others_allowed=True),
            plain(
                "soil",
                "choice",
                choices=chosen("clay", "loam", "sand", "peat", "chalk", "silt"),
                others_allowed=True,
                missing_allowed=True,
            ),
        ]
    },
    "target": {
        "name": "kilograms",
        "title": "Kilograms",
        "classes": [],
        "probabilities": True,
        "distribution": {"edges": [0.0, 10.0, 20.0, 30.0, 40.0], "counts": [10, 40, 40, 10]},
    },
    "figures": {
        "r2": 0.5184,
        "mean_absolute_error": 4.3281,
        "root_mean_squared_error": 5.5,
        "median_absolute_error": 3.9,
        "seconds": None,
    },
    "rows": {"training": None, "hold_out": None, "sample": 100},
    "trained_at": "2026-11-19T14:05:00+00:00",
    "source": "imported from pears.skops",
    "notes": ["The figures were measured on rows that it may have learnt from."],
    "libraries": {"scikit-learn": "1.9.1"},
    "runtime": {"format": "skops", "file": "model.skops", "parity": None, "refused": ["bouquet: too odd."]},
}

YIELD_ANSWER = {"response": {"predicted_kilograms": 25.04321}, "id": "2", "model": "yield", "version": "3"}


def with_classes(count: int) -> dict[str, Any]:
    """A model of as many classes, named Class 1 and so on, that takes as many fields."""
    classes = [{"key": f"class_{n}", "label": f"Class {n}"} for n in range(1, count + 1)]
    fields = [plain(f"value_{n}", "number", example=n) for n in range(1, count + 1)]
    return {
        "name": "many",
        "version": "1",
        "title": "One of many",
        "task": "classification",
        "schema": {"fields": fields},
        "target": {"name": "class", "title": "Class", "classes": classes},
    }


def answer_of_many(count: int) -> dict[str, Any]:
    """An answer of the model of many classes: the higher its number, the more probable a class is."""
    total = count * (count + 1) / 2
    probabilities = {f"prob_class_{n}": n / total for n in range(1, count + 1)}
    return {"response": {"predicted_class": f"Class {count}", **probabilities}, "id": "3"}


def serving(card: dict[str, Any], answer: dict[str, Any] = ANSWER) -> Behaviour:
    """Answer as the API does for one model: list, card, predictions and complaints about input."""
    return serving_all([(card, answer)])


def serving_all(models: list[tuple[dict[str, Any], dict[str, Any]]]) -> Behaviour:
    """Answer as the API does for several models, each with its one answer; the first is the default."""
    listed = [{"name": card["name"], "title": card["title"]} for card, _ in models]

    def behave(request: Received) -> Reply:
        if request.path == "/api/v1.0/models":
            return Reply(200, {"default": listed[0]["name"], "models": listed})
        for card, answer in models:
            address = f"/api/v1.0/models/{card['name']}"
            if request.path == address:
                return Reply(200, card)
            if request.path == f"{address}/predict":
                return predicted(card, answer, request)
        return problem(404, "Not Found", [])

    return behave


def predicted(card: dict[str, Any], answer: dict[str, Any], request: Received) -> Reply:
    """The answer to a row in the query, or a CSV back with an answer beside each row."""
    if request.body:
        header, *rows = request.body.decode().splitlines()
        lines = [f"{header},predicted", *(f"{row},yes" for row in rows)]
        body = "\n".join([*lines, ""]).encode()
        return Reply(200, body, media_type="text/csv")
    errors = complaints(card, request.pairs)
    return problem(400, "Bad Request", errors) if errors else Reply(200, answer)


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
