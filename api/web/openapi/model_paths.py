"""The models: what is served, each one's card, and its versions."""

from __future__ import annotations

from collections.abc import Sequence

from api.web.openapi.errors import problems
from api.web.openapi.operations import (
    Json,
    answer,
    body,
    json_content,
    model_parameter,
    operation,
    ref,
    version_parameter,
)

TAG = "Models"
_MODEL = "/api/v1.0/models/{name}"
_TEXT: Json = {"type": "string"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_MAYBE_OBJECT: Json = {"type": ["object", "null"]}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


_LINE = dict.fromkeys(("name", "version", "title", "description", "task"), _TEXT)
_MODELS = _object(
    {
        "default": _TEXT,
        "models": {
            "type": "array",
            "items": _object(_LINE | {"runtime": _TEXT, "default": {"type": "boolean"}}),
        },
    }
)
_ENABLED = _object({"model": _TEXT, "version": _TEXT})
_VERSION = _object(
    {
        "version": _TEXT,
        "enabled": {"type": "boolean"},
        "trained_at": _MAYBE_TEXT,
        "figures": _MAYBE_OBJECT,
        "runtime": _MAYBE_TEXT,
        "refused": _MAYBE_TEXT,
    }
)
_EVENT = _object(dict.fromkeys(("model", "version", "what", "at", "by"), _TEXT))

MODEL_SCHEMAS: Json = {
    "Card": _object(
        {
            "name": _TEXT,
            "version": _TEXT,
            "title": _TEXT,
            "description": _TEXT,
            "task": {"enum": ["classification", "regression"]},
            "schema": _object({"fields": {"type": "array", "items": {"type": "object"}}}),
            "target": {"type": "object"},
            "figures": _MAYBE_OBJECT,
            "rows": {"type": "object"},
            "data_digest": _MAYBE_TEXT,
            "trained_at": _TEXT,
            "libraries": {"type": "object", "additionalProperties": _TEXT},
            "runtime": {"type": "object"},
            "explanation": _MAYBE_OBJECT,
            "files": {"type": "object", "additionalProperties": _TEXT},
            "routes": {
                "type": "object",
                "additionalProperties": _TEXT,
                "description": "The routes that answer for this model alone, by what they are for.",
            },
        }
    )
    | {"title": "A model's card: what it takes and gives, its figures, how it was made and checked"},
    "Versions": _object(
        {
            "model": _TEXT,
            "versions": {"type": "array", "items": _VERSION},
            "history": {"type": "array", "items": _EVENT},
        }
    ),
    "Enabled": _ENABLED,
    "Health": _object(
        {
            "model": _TEXT,
            "version": _TEXT,
            "figures": _MAYBE_OBJECT,
            "enabled_since": _TEXT,
            "predictions": {"type": "integer", "minimum": 0},
            "in_use": _object({"rows": {"type": "integer", "minimum": 0}, "figures": _MAYBE_OBJECT}),
        }
    ),
}


def model_paths(names: Sequence[str]) -> Json:
    """The paths; `names` are the models that answer."""
    model, version = model_parameter(names), version_parameter()
    return {
        "/api/v1.0/models": {"get": _models()},
        _MODEL: {"parameters": [model], "get": _card()},
        f"{_MODEL}/versions": {"parameters": [model], "get": _versions()},
        f"{_MODEL}/versions/{{version}}": {"parameters": [model, version], "delete": _delete()},
        f"{_MODEL}/health": {"parameters": [model], "get": _health()},
        f"{_MODEL}/enabled": {"parameters": [model], "get": _enabled(), "put": _enable()},
    }


def _models() -> Json:
    responses = {"200": answer("A line for each, and which one is the default.", _MODELS)}
    return operation(TAG, "models", "The models that answer", responses | problems(401, 429, 503))


def _card() -> Json:
    responses = {"200": answer("The card.", ref("Card"))} | problems(401, 404, 429, 503)
    return operation(TAG, "model", "A model's card", responses)


def _versions() -> Json:
    responses = {"200": answer("Both, newest first.", ref("Versions"))} | problems(401, 404, 429, 503)
    return operation(TAG, "versions", "A model's versions, and what was done to them", responses)


def _health() -> Json:
    responses = {"200": answer("Both, of the version that answers.", ref("Health"))}
    responses |= problems(401, 404, 429, 503)
    summary = (
        "How good a model was on rows kept back, what it has answered, and how good that turned out to be"
    )
    return operation(TAG, "health", summary, responses)


def _delete() -> Json:
    responses: Json = {"204": {"description": "It is deleted."}}
    responses |= problems(401, 404, 409, 429, 503)
    return operation(TAG, "delete_version", "Delete a version that does not answer", responses)


def _enabled() -> Json:
    responses = {"200": answer("Its number.", ref("Enabled"))} | problems(401, 404, 429, 503)
    return operation(TAG, "enabled", "The version that answers", responses)


def _enable() -> Json:
    version: Json = {"type": "string", "description": 'A version\'s number, or "previous" to roll back.'}
    schema = _object({"version": version}) | {"additionalProperties": False}
    responses = {"200": answer("The version that answers now.", ref("Enabled"))}
    responses |= problems(400, 401, 404, 409, 413, 415, 429, 503)
    described = operation(TAG, "enable", "Let a version answer from now on", responses)
    described["description"] = "What answered before answers still if this one is refused."
    return described | body(json_content(schema, {"version": "previous"}))
