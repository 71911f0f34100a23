"""The JSON body of a request."""

from __future__ import annotations

import json
import re
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
        return orjson.loads(body) if len(body) <= _PIECE else _in_pieces(body)
    except orjson.JSONDecodeError:
        # It is stricter than Python, which also knows how to say what is wrong.
        return _slowly(body)


def _in_pieces(body: bytes) -> Any:
    """A long body as JSON: a list of instances piece by piece, so that other threads get their turn between.

    It is cut between what seem to be two objects. A piece that is cut elsewhere, within a string or an inner
    object, is no JSON by itself, and then neither is the whole taken for it: it is read at once.
    """
    beginning = _BEGINNING.match(body)
    ending = body.rfind(b"]")
    if beginning is None or ending < beginning.end() or not _ENDING.fullmatch(body, ending):
        return orjson.loads(body)
    instances: list[Any] = []
    start = beginning.end()
    try:
        while between := _BETWEEN.search(body, start + _PIECE, ending):
            instances += orjson.loads(b"[%b]" % body[start : between.start() + 1])
            start = between.end() - 1
        instances += orjson.loads(b"[%b]" % body[start:ending])
    except orjson.JSONDecodeError:
        return orjson.loads(body)
    return {"instances": instances}


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


# About a millisecond's work.
_PIECE = 256 * 1024
_BEGINNING = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"instances"[ \t\r\n]*:[ \t\r\n]*\[')
_BETWEEN = re.compile(rb"\}[ \t\r\n]*,[ \t\r\n]*\{")
_ENDING = re.compile(rb"\][ \t\r\n]*\}[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
