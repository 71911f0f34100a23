"""The record of what was answered."""

from __future__ import annotations

from api.web.openapi.errors import problems
from api.web.openapi.operations import (
    Json,
    answer,
    body,
    json_content,
    operation,
    path_parameter,
    query_parameter,
    ref,
)
from api.web.record_query import CSV, CURSOR, JSON, MOST_ROWS, USUAL_ROWS
from api.web.resources.feedback import MOST_ROWS as MOST_TOLD

TAG = "Record"
_TEXT: Json = {"type": "string"}
_TIME: Json = {"type": "string", "format": "date-time"}
_ROW: Json = {"type": "integer", "minimum": 0, "description": "Counts from 0 in its request."}
_CLASS_OR_VALUE: Json = {"type": ["string", "number"], "description": "A class or a value."}


def _only(properties: Json) -> Json:
    """An object of just these members."""
    members: Json = {"type": "object", "properties": properties, "required": list(properties)}
    return members | {"additionalProperties": False}


RECORD_SCHEMAS: Json = {
    "RecordedRow": {
        "type": "object",
        "title": "A row as it was answered",
        "properties": {
            "id": _TEXT | {"description": "The request's, as its answer had it."},
            "row": _ROW,
            "time": _TIME,
            **dict.fromkeys(("model", "version", "user", "route"), _TEXT),
            "seconds": {"type": "number", "description": "How long the model took for the request's rows."},
            "inputs": {"type": "object", "description": "The values by field; null is missing."},
            "answer": _CLASS_OR_VALUE,
            "probabilities": {
                "type": ["object", "null"],
                "additionalProperties": {"type": "number"},
                "description": "By class; null where the model gives none.",
            },
        },
        "required": [
            *("id", "row", "time", "model", "version", "user", "route"),
            *("seconds", "inputs", "answer", "probabilities"),
        ],
    },
    "RecordedRows": {
        "type": "object",
        "properties": {
            "predictions": {"type": "array", "items": ref("RecordedRow")},
            "next": {
                "type": ["string", "null"],
                "description": "The cursor with which the next page is asked for; null on the last.",
            },
        },
        "required": ["predictions", "next"],
    },
    "Told": {
        "type": "object",
        "title": "What turned out to be true of a request's rows",
        "properties": {
            "id": _TEXT,
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "row": _ROW,
                        **dict.fromkeys(("answer", "truth"), _CLASS_OR_VALUE),
                        "time": _TIME,
                        "user": _TEXT | {"description": "Who told it."},
                    },
                    "required": ["row", "answer", "truth", "time", "user"],
                },
            },
        },
        "required": ["id", "rows"],
    },
    "Feedback": {
        "oneOf": [
            _only({"truth": _CLASS_OR_VALUE}),
            _only(
                {
                    "rows": {
                        "type": "array",
                        "items": _only({"row": _ROW, "truth": _CLASS_OR_VALUE}),
                        "minItems": 1,
                        "maxItems": MOST_TOLD,
                    }
                }
            ),
        ]
    },
}

_FORM = [
    query_parameter(
        "limit",
        f"How many rows: {USUAL_ROWS} if not given, and of a CSV all.",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_ROWS,
        },
    ),
    query_parameter("cursor", "Where to go on: `next` of the page before.", _TEXT | {"pattern": CURSOR}),
    query_parameter("format", "JSON, or a CSV that is sent as it is read.", {"enum": [JSON, CSV]}),
]
_FILTERS = [
    query_parameter("model", "Only this model's.", _TEXT | {"minLength": 1}),
    query_parameter("version", "Only this version's.", _TEXT | {"minLength": 1}),
    query_parameter("user", "Only what this user asked.", _TEXT | {"minLength": 1}),
    query_parameter("since", "Not before this time.", _TIME),
    query_parameter("until", "Before this time.", _TIME),
]


def record_paths() -> Json:
    """The paths."""
    id = path_parameter("id", "What an answer had as its id, or in its header Bouquet-Prediction.", _TEXT)
    of_all = _get("predictions", "What was answered, newest first", 400, 401, 429, 503)
    of_one = _get("prediction", "What was answered to one request", 400, 401, 404, 429, 503)
    return {
        "/api/v1.0/predictions": {"get": of_all | {"parameters": [*_FILTERS, *_FORM]}},
        "/api/v1.0/predictions/{id}": {"parameters": [id], "get": of_one | {"parameters": _FORM}},
        "/api/v1.0/predictions/{id}/feedback": {"parameters": [id], "get": _told(), "post": _tell()},
    }


def _told() -> Json:
    given = {"200": answer("By row; none of which nobody told.", ref("Told"))}
    return operation(TAG, "feedback", "What turned out to be true", given | problems(401, 404, 429, 503))


def _tell() -> Json:
    given = {"201": answer("What is kept.", ref("Told"))}
    given |= problems(400, 401, 403, 404, 409, 413, 415, 429, 503)
    described = operation(TAG, "giveFeedback", "Tell what turned out to be true", given)
    about = "Of the first row with `truth` alone. The last word about a row counts; health shows the figures."
    return described | {"description": about} | body(json_content(ref("Feedback")))


def _get(id: str, summary: str, *statuses: int) -> Json:
    given = answer("A page of rows, or a CSV of them.", ref("RecordedRows"))
    given["content"]["text/csv"] = {"schema": {"type": "string"}}
    return operation(TAG, id, summary, {"200": given} | problems(*statuses))
