"""The similar-jobs model's own routes, which answer 404 until there is such a model."""

from __future__ import annotations

from collections.abc import Sequence

from api.predictions.experience import MOST_EXPERIENCES, MOST_YEARS
from api.predictions.reasons import MOST_EXPLAINED
from api.predictions.similar_jobs import MODEL, MOST_TITLES_EXPLAINED
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
_EXPLAIN = query_parameter(
    "explain",
    f"1: of each of the first {MOST_TITLES_EXPLAINED} titles, the words that spoke for it and against it. "
    f"At most {MOST_EXPLAINED} characters are explained.",
    {"enum": ["0", "1"]},
)
_SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
_PLACE: Json = {"type": "integer", "minimum": 0}
_WORD = _object(
    {
        "word": _TEXT,
        "in": {"enum": ["description", "title"], "description": "The member that it stands in."},
        "start": _PLACE | {"description": "Its first character, in Unicode code points from 0."},
        "end": _PLACE | {"description": "After its last character."},
        "weight": {"type": "number", "description": "Above 0 for the title, below 0 against it."},
    }
)
_REASON = _object(
    {
        "experience": _PLACE | {"description": "Which one, from 0. Those without a known word have none."},
        "share": _SHARE | {"description": "How much it counts among the experiences."},
        "probability": _SHARE | {"description": "The title's, were this the only experience."},
        "score": {
            "type": "number",
            "description": "Relative to the mean of all titles; its softmax over them is the probability. "
            "It is base and the weights of all words together.",
        },
        "base": {"type": "number", "description": "The score without any word."},
        "words": _list(_WORD) | {"description": "From the most for the title to the most against it."},
    }
)
_RESULT = _object(
    {"probability": _SHARE, "title": _TEXT},
    {"explanation": _list(_REASON) | {"description": "What each experience says of the title."}},
)
_RANKED = _object(
    {
        "results": _list(_RESULT),
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
    return (
        described | body(json_content(_ASKED, _EXAMPLE if there else None)) | {"parameters": [_TOP, _EXPLAIN]}
    )
