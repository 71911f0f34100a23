"""The similar-jobs model's own routes, which answer 404 until there is such a model."""

from __future__ import annotations

from collections.abc import Sequence

from api.predictions.experience import MOST_EXPERIENCES, MOST_YEARS
from api.predictions.similar_jobs import MODEL
from api.registry.card import Card
from api.web.openapi.errors import problems
from api.web.openapi.operations import (
    Json,
    answer,
    body,
    json_content,
    operation,
    path_parameter,
    query_parameter,
)

TAG = "Similar jobs"
_TEXT: Json = {"type": "string"}
_PHRASE: Json = {"type": "string", "minLength": 1, "pattern": r"[^\s\x00]"}
_EXAMPLE = {"experience": [{"description": "organizing projects with agile and scrum methodologies"}]}
_TOP = query_parameter(
    "top",
    "Answer with the first so many titles only.",
    {"type": "integer", "minimum": 1, "maximum": 10**9 - 1},
)


def _object(properties: Json, optional: Json | None = None) -> Json:
    return {"type": "object", "properties": properties | (optional or {}), "required": list(properties)}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_EXPERIENCE = _object(
    {"description": _PHRASE | {"description": "What somebody did, in English."}},
    {
        "title": {"type": ["string", "null"], "pattern": r"[^\s\x00]", "description": "Read with the rest."},
        "years": {
            "type": ["number", "null"],
            "exclusiveMinimum": 0,
            "maximum": MOST_YEARS,
            "description": "How much the experience weighs beside the others; 1 where it is left out.",
        },
    },
) | {"additionalProperties": False}
_ASKED = _object({"experience": _list(_EXPERIENCE) | {"minItems": 1, "maxItems": MOST_EXPERIENCES}}) | {
    "additionalProperties": False
}
_RANKED = _object(
    {
        "results": _list(
            _object({"probability": {"type": "number", "minimum": 0, "maximum": 1}, "title": _TEXT})
        ),
        "id": _TEXT,
        "model": _TEXT,
        "version": _TEXT,
    },
    {
        "base_rates": {
            "type": "boolean",
            "description": "Whether no word of anything sent is known, and these are base rates.",
        },
        "warnings": _list(_object({"field": _TEXT, "message": _TEXT})),
    },
)


def similar_jobs_paths(cards: Sequence[Card]) -> Json:
    """The paths; with an example where one of `cards` is the model's."""
    title = path_parameter("title", "A job title.", {"type": "string", "minLength": 1})
    titles = answer("In alphabetical order.", _object({"titles": _list(_TEXT)}))
    skills = answer("The most its own first.", _object({"title": _TEXT, "skills": _list(_TEXT)}))
    errors = problems(401, 404, 429, 503)
    return {
        "/model/similar_jobs": {"post": _rank(any(card.name == MODEL for card in cards))},
        "/model/titles": {"get": operation(TAG, "titles", "The titles told apart", {"200": titles} | errors)},
        "/model/skills/{title}": {
            "parameters": [title],
            "get": operation(TAG, "skills", "What a title takes", {"200": skills} | errors),
        },
    }


def _rank(there: bool) -> Json:
    ranked = answer("Every title, the most probable first.", _RANKED)
    responses = {"200": ranked} | problems(400, 401, 404, 413, 415, 429, 503)
    described = operation(TAG, "similar_jobs", "Job titles for what somebody has done", responses)
    return described | body(json_content(_ASKED, _EXAMPLE if there else None)) | {"parameters": [_TOP]}
