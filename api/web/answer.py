"""An answer as bytes: what a resource and the express lane both send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

JSON = "application/json"
# Answers are about people and about now: no cache keeps them, no browser guesses their type.
ON_EVERY_ANSWER = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


# Not frozen, because one is made for each request, and frozen ones take four times as long to make.
@dataclass(slots=True)
class Answer:
    """A 200: its body, its content type, and the headers that stand before that."""

    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def response(self) -> Response:
        """The answer as Flask sends it."""
        return Response(self.body, headers=list(self.headers), content_type=self.content_type)


def json_answer(value: Any) -> Answer:
    """A JSON value on a line, as Flask-RESTful writes it."""
    return Answer(json.dumps(value).encode() + b"\n")


def compact_json(value: Any) -> bytes:
    """A JSON value without blanks, in which NumPy's arrays are lists: for answers of many numbers."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:
        # JSON can spell half of a surrogate pair, which a caller may send and wants back.
        return json.dumps(value, separators=(",", ":"), default=_listed).encode()


def _listed(array: Any) -> Any:
    return array.tolist()
