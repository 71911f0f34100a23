"""The record of what was answered."""

from __future__ import annotations

from api.web.openapi.errors import problems
from api.web.openapi.operations import Json, answer, operation, path_parameter, query_parameter, ref
from api.web.record_query import CSV, CURSOR, JSON, MOST_ROWS, USUAL_ROWS

TAG = "Record"
_TEXT: Json = {"type": "string"}
_TIME: Json = {"type": "string", "format": "date-time"}

RECORD_SCHEMAS: Json = {
    "RecordedRow": {
        "type": "object",
        "title": "A row as it was answered",
        "properties": {
            "id": _TEXT | {"description": "The request's, as its answer had it."},
            "row": {"type": "integer", "minimum": 0, "description": "Counts from 0 in its request."},
            "time": _TIME,
            **dict.fromkeys(("model", "version", "user", "route"), _TEXT),
            "seconds": {"type": "number", "description": "How long the model took for the request's rows."},
            "inputs": {"type": "object", "description": "The values by field; null is missing."},
            "answer": {"type": ["string", "number"], "description": "A class or a value."},
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
    }


def _get(id: str, summary: str, *statuses: int) -> Json:
    given = answer("A page of rows, or a CSV of them.", ref("RecordedRows"))
    given["content"]["text/csv"] = {"schema": {"type": "string"}}
    return operation(TAG, id, summary, {"200": given} | problems(*statuses))
