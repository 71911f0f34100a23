"""An id and one JSON line on stdout for each request. The query string is never written: it holds
what people entered."""

from __future__ import annotations

import json
import re
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")


def write_line(line: str) -> None:
    """One whole line on stdout at once, so that lines of several threads do not mix."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def install(app: Flask, write: Callable[[str], None] = write_line) -> None:
    """Give every request of `app` an id, echoed as X-Request-ID, and one log line by `write`."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        given = request.headers.get(HEADER, "")
        g.request_id = given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        write(json.dumps(_record(response)))
        return response


def current_request_id() -> str | None:
    """The id of the request being answered, or None outside of one."""
    return g.get("request_id") if has_request_context() else None


def note_failure(reason: str) -> None:
    """Say in this request's log line what went wrong."""
    g.failure = reason


def _record(response: Response) -> dict[str, object]:
    record: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": g.request_id,
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else request.path[:200],
        "status": response.status_code,
        "seconds": round(time.perf_counter() - g.started, 6),
    }
    if "failure" in g:
        record["failure"] = g.failure
    return record
