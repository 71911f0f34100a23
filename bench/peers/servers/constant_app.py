"""The limits: the bytes of the file that ANSWER names, from a WSGI application or before it is called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian.server import mp

_ANSWER = Path(os.environ["ANSWER"]).read_bytes()
_HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(_ANSWER)))]


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer."""
    start_response("200 OK", _HEADERS)
    return [_ANSWER]


def at_once(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Stands for `_at_once`, which the server calls in its place."""
    raise NotImplementedError


def _at_once(exchange: Any, given: dict[str, Any]) -> int:
    """Answer where the service's express lane does: before the server makes a WSGI environ."""
    exchange.response_bytes(200, _HEADERS, _ANSWER)
    return 200


_server: Any = mp
_usual_way = _server._wsgi_call_wrap
# As the service does it (api/web/express/in_server.py), whose module cannot be imported from here.
_server._wsgi_call_wrap = lambda called, *given: _at_once if called is at_once else _usual_way(called, *given)
