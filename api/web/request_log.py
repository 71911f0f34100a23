"""An id for each request, and one log line about it. The query string is people's data and is not in it."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request

from api.logs import now, write_line

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")


def log_requests(app: Flask) -> None:
    """Give each request an id, the caller's own if it sent a well-formed one, and log it when answered."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        given = request.headers.get(HEADER, "")
        g.request_id = given if _WELL_FORMED.fullmatch(given) else uuid4().hex

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        write_line(_line(response.status_code))
        return response


def _line(status: int) -> dict[str, Any]:
    return {
        "time": now(),
        "id": g.request_id,
        "method": request.method,
        "path": request.path[:200],
        "route": request.url_rule.rule if request.url_rule else None,
        "status": status,
        "seconds": round(time.perf_counter() - g.started, 6),
        "user": g.get("flask_httpauth_user"),
    }
