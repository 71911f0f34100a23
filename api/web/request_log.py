"""An id for each request, and one log line about it. The query string is people's data and is not in it."""

from __future__ import annotations

import json
import re
import time
from functools import lru_cache

from flask import Flask, Response, g, request

from api.ids import new_hex
from api.logs import now, write_line

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")


def log_requests(app: Flask) -> None:
    """Give each request an id, the caller's own if it sent a well-formed one, and log it when answered."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.request_id = request_id(request.headers.get(HEADER, ""))

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        route = request.url_rule.rule if request.url_rule else None
        what = (request.method, request.path, route)
        log_request(g.request_id, what, response.status_code, g.started, g.get("flask_httpauth_user"))
        return response


def request_id(given: str) -> str:
    """The id of a request whose header has `given`: that, if it is well-formed, or a new one."""
    return given if given and _WELL_FORMED.fullmatch(given) else new_hex()


def log_request(
    id: str, what: tuple[str, str, str | None], status: int, started: float, user: str | None
) -> None:
    """Write the line about a request that has been answered.

    `what` are its method, path and route; `started` is when it came, by `time.perf_counter`.
    """
    log_answer(id, said_of(*what, status), started, user)


def log_answer(id: str, said: str, started: float, user: str | None) -> None:
    """Write the same line of a request of which `said_of` has been asked before."""
    microseconds = round((time.perf_counter() - started) * 1e6)
    # An id is well-formed and needs no quoting but its own.
    write_line(
        f'{{"time": "{now()}", "id": "{id}", {said}, '
        f'"seconds": {_seconds(microseconds)}, "user": {_quoted_user(user)}}}\n'
    )


@lru_cache(maxsize=1024)
def _seconds(microseconds: int) -> str:
    return repr(microseconds / 1e6)


@lru_cache(maxsize=1024)
def said_of(method: str, path: str, route: str | None, status: int) -> str:
    """What a line says of a request and its answer, as members of its JSON."""
    return json.dumps({"method": method, "path": path[:200], "route": route, "status": status})[1:-1]


@lru_cache(maxsize=1024)
def _quoted_user(user: str | None) -> str:
    return json.dumps(user)
