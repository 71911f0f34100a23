"""The JSON body of a request."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import orjson
from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


def json_body() -> Any:
    """The body as JSON; raises UnsupportedMediaType, RequestEntityTooLarge, or BadRequest saying where."""
    if request.mimetype != "application/json":
        sent = request.mimetype[:80] or "none"
        raise UnsupportedMediaType(f"Send the body as application/json; its content type is {sent}.")
    return json_of(request.get_data(cache=False))


def json_of(body: bytes) -> Any:
    """Bytes as JSON; raises BadRequest saying where they are none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # It is stricter than Python, which also knows how to say what is wrong.
        return _slowly(body)


def _slowly(body: bytes) -> Any:
    try:
        return _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}."[:300]) from None


def json_object(*members: str) -> dict[str, Any]:
    """The body as an object with just these members; raises BadRequest naming what is missing or too much."""
    return object_of(json_body(), *members)


def object_of(body: Any, *members: str) -> dict[str, Any]:
    """A JSON value as an object with just these members; raises BadRequest as `json_object` does."""
    if not isinstance(body, dict) or set(body) != set(members):
        wanted = ", ".join(f'"{member}": …' for member in members)
        raise BadRequest(f"The body must be the object {{{wanted}}}.")
    return body


def _refuse_constant(name: str) -> NoReturn:
    # Python reads NaN and Infinity, which JSON does not have.
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
