"""The errors: problems of RFC 9457, and the inference protocol's own shape under /v2."""

from __future__ import annotations

from api.web.openapi.operations import Json
from api.web.problems import CONTENT_TYPE

_SAID = {
    400: "What was sent does not fit, every problem named at once; or the model has no answer to it.",
    401: "There were no credentials, or they were wrong.",
    403: "The user's role is not enough.",
    404: "There is no such model, version, training, prediction or user.",
    409: "The version is refused, is the one that answers, or cannot be changed here; the training has "
    "ended; the key came before, with another request; or there is a user of that name.",
    413: "The body is too long.",
    415: "The body is of a type that is not read here.",
    422: "The file cannot be read as a CSV, or cannot be trained from.",
    429: "Too many failed sign-ins; try again after some seconds.",
    503: "The model, or what it needs, cannot answer now; try again after some seconds.",
    507: "There is no room on the disk for the answer.",
}
_WAIT = {"Retry-After": {"description": "In how many seconds to try again.", "schema": {"type": "integer"}}}
_HEADERS = {
    401: {"WWW-Authenticate": {"description": "Basic, with the realm.", "schema": {"type": "string"}}},
    429: _WAIT,
    503: _WAIT,
}

PROBLEM: Json = {
    "type": "object",
    "title": "Problem",
    "description": "An error, as RFC 9457 describes it, with the message that clients of v1.0 expect.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "message": {
            "description": "Of a row that does not fit, a sentence for each field; otherwise the detail.",
            "oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
        },
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "errors_not_listed": {"type": "integer"},
        "nearest": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What there is that is named most like what was asked for.",
        },
    },
    "required": ["type", "title", "status", "detail", "message"],
}
FIELD_ERROR: Json = {
    "type": "object",
    "title": "Field error",
    "description": "One value that does not fit: where it is, what would be right and what came.",
    "properties": {
        "pointer": {"type": "string", "description": "A JSON Pointer to the value."},
        "row": {"type": "integer", "minimum": 1, "description": "Of a CSV, the row under the header."},
        "column": {"type": ["string", "null"]},
        "detail": {"type": "string"},
        "expected": {"type": "string"},
        "received": {"type": ["string", "null"]},
    },
    "required": ["detail", "expected", "received"],
}
PROTOCOL_ERROR: Json = {
    "type": "object",
    "title": "Error of the inference protocol",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
}


def problems(*statuses: int) -> Json:
    """The responses of the statuses, as problems; who has to sign in may also lack the role."""
    if 401 in statuses:
        statuses = (*statuses, 403)
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def protocol_errors(*statuses: int) -> Json:
    """The responses of the statuses in the inference protocol's shape, 403 as in `problems`."""
    if 401 in statuses:
        statuses = (*statuses, 403)
    return {str(status): {"$ref": f"#/components/responses/Error{status}"} for status in statuses}


def error_responses() -> Json:
    """What `problems` and `protocol_errors` refer to."""
    as_problems = {
        f"Problem{status}": _response(status, CONTENT_TYPE, {"$ref": "#/components/schemas/Problem"})
        for status in _SAID
    }
    as_errors = {
        f"Error{status}": _response(
            status, "application/json", {"$ref": "#/components/schemas/ProtocolError"}
        )
        for status in _SAID
    }
    return as_problems | as_errors


def _response(status: int, content_type: str, schema: Json) -> Json:
    response: Json = {"description": _SAID[status], "content": {content_type: {"schema": schema}}}
    return response | {"headers": _HEADERS[status]} if status in _HEADERS else response
