"""The least that the server does for any answer: a WSGI application with one answer to everything.

`ANSWER` is its JSON: `{"headers": [[name, value], …], "body": text}`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

_ANSWER = json.loads(os.environ["ANSWER"])
_HEADERS = [(name, value) for name, value in _ANSWER["headers"]]
_BODY = _ANSWER["body"].encode()


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer."""
    start_response("200 OK", list(_HEADERS))
    return [_BODY]
