"""Trainings."""

from __future__ import annotations

from api.storage.trainings import STATUSES
from api.training.request import METRICS, TASKS
from api.training.watch import STEPS
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
from api.web.resources.training import CURSOR, ID, KEY, MOST, USUAL

TAG = "Training"
_TEXT: Json = {"type": "string"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_MAYBE_TIME: Json = {"type": ["string", "null"], "format": "date-time"}
_MAYBE_NUMBER: Json = {"type": ["number", "null"], "minimum": 0}
_MAYBE_OBJECT: Json = {"type": ["object", "null"]}

_KNOWN: Json = {
    "model": _TEXT
    | {"pattern": "^[a-z][a-z0-9_-]{0,63}$", "description": "The model's name; if not given, the file's."},
    "target": _TEXT | {"maxLength": 500, "description": "The column to predict; if not given, it is found."},
    "task": {"enum": list(TASKS), "description": "If not given, the target tells."},
    "metric": {
        "enum": [metric for metrics in METRICS.values() for metric in metrics],
        "description": "What better means: f1 of a classification, r2 of a regression, if not given.",
    },
    "title": _TEXT | {"maxLength": 200, "description": "What people call the model."},
}
_LINK: Json = {
    "type": "string",
    "maxLength": 2000,
    "pattern": "^https?://[^@ ]+$",
    "description": "A link to a CSV file, perhaps packed by gzip.",
    "examples": ["https://example.org/transactions.csv"],
}
_UPLOAD: Json = _TEXT | {"description": "The name that a preview gave an uploaded file."}
_FILE: Json = {"type": "string", "contentMediaType": "text/csv", "description": "The CSV file."}

_TRAINING: Json = {
    "id": _TEXT,
    "status": {"enum": list(STATUSES)},
    "by": _TEXT,
    "request": {"type": "object", "description": "What was asked for."},
    "made_at": {"type": "string", "format": "date-time"},
    "started_at": _MAYBE_TIME,
    "ended_at": _MAYBE_TIME,
    "progress": {"type": "number", "minimum": 0, "maximum": 1},
    "step": {"enum": [*STEPS, None]},
    "message": _MAYBE_TEXT,
    "model": _MAYBE_TEXT,
    "version": _MAYBE_TEXT,
    "enabled": {"type": ["boolean", "null"], "description": "Whether its version answers from then on."},
    "metrics": _MAYBE_OBJECT,
    "error": _MAYBE_OBJECT | {"description": "Its detail is a sentence; errors say where, if there are any."},
    "elapsed_seconds": _MAYBE_NUMBER,
    "expected_seconds": _MAYBE_NUMBER | {"description": "How long it is thought to go on."},
}

TRAINING_SCHEMAS: Json = {
    "TrainingRequest": {
        "type": "object",
        "title": "What a training is about",
        "properties": {"dataset": _LINK, "upload": _UPLOAD, **_KNOWN},
        "additionalProperties": False,
    },
    "TrainingForm": {
        "type": "object",
        "title": "The same with the file itself",
        "properties": {"file": _FILE, **_KNOWN},
        "required": ["file"],
        "additionalProperties": False,
    },
    "Training": {
        "type": "object",
        "title": "A training",
        "properties": _TRAINING,
        "required": list(_TRAINING),
    },
}


def training_paths() -> Json:
    """The paths."""
    one = path_parameter("id", "The training's id.", _TEXT | {"pattern": ID})
    return {
        "/api/v1.0/training": {"get": _list(), "post": _post()},
        "/api/v1.0/training/preview": {"post": _preview()},
        "/api/v1.0/training/{id}": {"parameters": [one], "get": _get(), "delete": _delete()},
    }


def _content() -> Json:
    return {
        **json_content(ref("TrainingRequest")),
        "multipart/form-data": {"schema": ref("TrainingForm")},
    }


def _list() -> Json:
    schema: Json = {
        "type": "object",
        "properties": {"trainings": {"type": "array", "items": ref("Training")}, "next": _MAYBE_TEXT},
        "required": ["trainings", "next"],
    }
    responses = {"200": answer("A page, newest first, and the cursor of the next.", schema)}
    described = operation(TAG, "trainings", "The trainings", responses | problems(400, 401, 429, 503))
    described["parameters"] = [
        query_parameter(
            "limit", f"How many; {USUAL} if not given.", {"type": "integer", "minimum": 1, "maximum": MOST}
        ),
        query_parameter("cursor", "Where to go on: `next` of the page before.", _TEXT | {"pattern": CURSOR}),
    ]
    return described


def _post() -> Json:
    schema: Json = {
        "type": "object",
        "properties": {"id": _TEXT, "status": {"enum": list(STATUSES)}},
        "required": ["id", "status"],
    }
    made = answer("It is written down, and will be done.", schema)
    made["headers"] = {"Location": {"description": "Where to follow it.", "schema": _TEXT}}
    responses = {"201": made} | problems(400, 401, 409, 413, 415, 429, 503, 507)
    described = operation(TAG, "train", "Train a model from a CSV", responses)
    described["parameters"] = [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A name of one's own for this request: sent again, it asks for nothing new.",
            "schema": _TEXT | {"pattern": KEY},
        }
    ]
    return described | body(_content())


def _preview() -> Json:
    schema: Json = {
        "type": "object",
        "properties": {
            "file": {"type": "object", "description": "How it is written."},
            "columns": {"type": "array", "items": {"type": "object"}},
            "target": _MAYBE_OBJECT,
            "upload": _MAYBE_TEXT | {"description": "With this name a training can be asked for."},
        },
        "required": ["upload"],
    }
    responses = {"200": answer("What was found in its beginning.", schema)}
    responses |= problems(400, 401, 413, 415, 422, 429, 503, 507)
    described = operation(TAG, "preview_training", "Look at a CSV before training from it", responses)
    return described | body(_content())


def _get() -> Json:
    schema: Json = {
        "allOf": [
            ref("Training"),
            {"type": "object", "properties": {"report": _MAYBE_OBJECT}, "required": ["report"]},
        ]
    }
    responses = {"200": answer("It, with its report.", schema)} | problems(401, 404, 429, 503)
    return operation(TAG, "training", "How far a training is, and what came of it", responses)


def _delete() -> Json:
    responses = {"200": answer("It, as it is now; within two seconds it has stopped.", ref("Training"))}
    responses |= problems(401, 404, 409, 429, 503)
    return operation(TAG, "cancel_training", "Cancel a training", responses)
