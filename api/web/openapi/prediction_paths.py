"""Predictions: each model's own path, with the fields of its schema."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from api.predictions.field_reasons import MOST_EXPLAINED, MOST_REASONS, can_explain
from api.registry.card import Card
from api.schema.fields import Field
from api.schema.json_schema import answer_json_schema, example_row, field_json_schema, row_json_schema
from api.web.openapi.errors import problems
from api.web.openapi.operations import Json, answer, body, json_content, operation, query_parameter, ref

TAG = "Predictions"
MOST_ROWS = 100_000
_WARNINGS: Json = {
    "type": "array",
    "description": "There where the model has seen no such values.",
    "items": {
        "type": "object",
        "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
        "required": ["field", "message"],
    },
}
_REASONS: Json = {
    "type": "array",
    "maxItems": MOST_REASONS,
    "description": (
        "There where reasons were asked for, or the model gives them unasked: the fields whose own values "
        "say most for the answer (weight above 0) or against it, in place of the usual ones."
    ),
    "items": {
        "type": "object",
        "properties": {
            "field": {"type": "string"},
            "title": {"type": "string"},
            "value": {"description": "The field's value; null where it is missing."},
            "typical": {"description": "The usual one; null where it is usually missing."},
            "weight": {
                "type": "number",
                "description": "What it adds to the log-odds of the answer, or to the answered number.",
            },
            "sentence": {"type": "string"},
        },
        "required": ["field", "title", "value", "typical", "weight", "sentence"],
    },
}
_THRESHOLD: Json = {
    "type": "number",
    "minimum": 0,
    "maximum": 1,
    "description": "From which probability on the answer is the second class, where that is not one half.",
}
_EXPLAIN = query_parameter(
    "explain",
    f"1: with the reasons of each answer, of at most {MOST_EXPLAINED} rows; 0: without.",
    {"enum": ["0", "1"]},
)
_ON_ERROR = query_parameter(
    "on_error",
    "Of a CSV: refuse it where a cell does not fit (stop), or score the other rows (skip).",
    {"type": "string", "enum": ["stop", "skip"], "default": "stop"},
)


def prediction_paths(cards: Sequence[Card], default: str, details: bool) -> Json:
    """The default model's path, and one for each model."""
    paths: Json = {}
    for card in sorted(cards, key=lambda one: one.name != default):
        if card.name == default:
            paths["/api/v1.0"] = {"get": _one_row(card, "predict", details)}
        paths[f"/api/v1.0/models/{card.name}/predict"] = {
            "get": _one_row(card, f"predict_{card.name}", details),
            "post": _many_rows(card, details),
        }
    return paths


def prediction_schemas(cards: Sequence[Card], details: bool) -> Json:
    """The schemas of what each model takes and gives."""
    schemas: Json = {}
    for card in cards:
        row = row_json_schema(card.schema, details=details) | {"title": f"A row for {card.title}"}
        gives = answer_json_schema(card.target, details=details) | {"title": f"An answer of {card.title}"}
        schemas |= {f"{card.name}.row": row, f"{card.name}.answer": gives}
    return schemas


def _one_row(card: Card, id: str, details: bool) -> Json:
    parameters = [_parameter(field, details) for field in card.schema.fields]
    parameters += [] if "explain" in card.schema.by_name else _explain(card)
    responses = {"200": answer("The answer.", _prediction(card))} | problems(400, 401, 404, 429, 503)
    described = operation(TAG, id, f"{card.title}: one row in the query", responses)
    return described | {"description": card.description, "parameters": parameters}


def _explain(card: Card) -> list[Json]:
    """The parameter that asks for reasons, of a model whose answers have any."""
    return [_EXPLAIN] if can_explain(card) else []


def _parameter(field: Field, details: bool) -> Json:
    """A field in the query; its example is what the page of the document has filled in."""
    schema = field_json_schema(field, details=details, nullable=False)
    said = f"{field.title}. {schema['description']}".strip()
    parameter = query_parameter(field.name, said, schema, required=not field.missing_allowed)
    return parameter | {"example": field.example} if details and field.example is not None else parameter


def _many_rows(card: Card, details: bool) -> Json:
    example = example_row(card.schema) if details else None
    content = json_content(_instances(card), {"instances": [example]} if example else None)
    content["text/csv"] = {"schema": {"type": "string"}}
    if example:
        content["text/csv"]["example"] = _csv(card, example)
    scored = answer(
        "The answers in the order of the rows, or the CSV with them beside it.", _predictions(card)
    )
    scored["content"]["text/csv"] = {"schema": {"type": "string"}}
    responses = {"200": scored} | problems(400, 401, 404, 413, 415, 429, 503, 507)
    described = operation(TAG, f"predict_many_{card.name}", f"{card.title}: many rows in the body", responses)
    return (
        described
        | body(content)
        | {"description": card.description, "parameters": [_ON_ERROR, *_explain(card)]}
    )


def _instances(card: Card) -> Json:
    rows = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": ref(f"{card.name}.row")}
    return {
        "type": "object",
        "properties": {"instances": rows},
        "required": ["instances"],
        "additionalProperties": False,
    }


def _prediction(card: Card) -> Json:
    optional = {"reasons": _REASONS, "warnings": _WARNINGS}
    return _answered(card, {"response": ref(f"{card.name}.answer")}, optional)


def _predictions(card: Card) -> Json:
    explained = {"allOf": [ref(f"{card.name}.answer"), {"properties": {"reasons": _REASONS}}]}
    return _answered(card, {"predictions": {"type": "array", "items": explained}}, {})


def _answered(card: Card, what: Json, optional: Json) -> Json:
    who = {"id": {"type": "string"}, "model": {"type": "string"}, "version": {"type": "string"}}
    properties = what | who
    if card.target.threshold is not None:
        properties["threshold"] = _THRESHOLD
    required = list(properties)
    return {"type": "object", "properties": properties | optional, "required": required}


def _csv(card: Card, example: Json) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(card.schema.names)
    values = [example.get(name, "") for name in card.schema.names]
    writer.writerow([str(one).lower() if isinstance(one, bool) else one for one in values])
    return out.getvalue()
