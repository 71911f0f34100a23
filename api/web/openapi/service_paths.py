"""The service's own routes: that it answers, that it is ready, and what describes it."""

from __future__ import annotations

from api.storage.users import Role
from api.web.openapi.errors import problems
from api.web.openapi.operations import PUBLIC, Json, answer, operation

TAG = "Service"


def service_paths() -> Json:
    """The paths; only the one that gives tokens needs to be signed in to."""
    return {
        "/api/v1.0/status": {"get": _get("status", "That the service answers", _STATUS)},
        "/api/v1.0/tokens": {"post": _token()},
        "/healthz": {"get": _get("alive", "That the process runs", _says("alive"))},
        "/readyz": {"get": _get("ready", "That every model can answer", _says("ready"), 503)},
        "/openapi.json": {"get": _openapi()},
        "/doc": {"get": _page()},
    }


def _get(id: str, summary: str, schema: Json, *statuses: int) -> Json:
    responses = {"200": answer(f"{summary}.", schema)} | problems(*statuses)
    return operation(TAG, id, summary, responses) | PUBLIC


def _says(status: str) -> Json:
    return {"type": "object", "properties": {"status": {"const": status}}, "required": ["status"]}


_STATUS: Json = {
    "type": "object",
    "properties": {"status": {"const": "success"}, "message": {"const": "pong!"}},
    "required": ["status", "message"],
}


def _openapi() -> Json:
    description = "Ranges, choices and examples may be left out for who has not signed in."
    responses = {"200": answer("An OpenAPI 3.1 document.", {"type": "object"})} | problems(429)
    described = operation(TAG, "openapi", "This document", responses)
    # To be signed in is possible and not needed.
    return described | {"description": description, "security": [{}, {"basicAuth": []}, {"bearerAuth": []}]}


def _token() -> Json:
    properties = {
        "token": {"type": "string"},
        "expires_at": {"type": "string", "format": "date-time"},
        "name": {"type": "string"},
        "role": {"enum": [str(role) for role in Role]},
    }
    given = {"type": "object", "properties": properties, "required": list(properties)}
    responses = {"201": answer("The token, and whose it is.", given)} | problems(401, 429, 503)
    described = operation(TAG, "token", "A token to send in place of the password, for an hour", responses)
    about = "Send it as `Authorization: Bearer …`. It ends with the user's password."
    # With a token there is no other token.
    return described | {"description": about, "security": [{"basicAuth": []}]}


def _page() -> Json:
    page = {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}
    return operation(TAG, "doc", "This document as a page to try", {"200": page}) | PUBLIC
