"""Every error as a problem: RFC 9457's members, and a `message` as clients of v1.0 expect."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api.errors import (
    BadUser,
    BouquetError,
    DiskFull,
    EnabledVersion,
    EndedTraining,
    FieldProblem,
    FileTooLong,
    InvalidInput,
    ModelUnavailable,
    NoAnswer,
    NoEarlierVersion,
    NotACsv,
    NotRecorded,
    NotTrained,
    NotWritable,
    OtherRequest,
    RefusedVersion,
    ServiceFull,
    StorageUnavailable,
    TrainingFailed,
    UnknownModel,
    UnknownPrediction,
    UnknownTitle,
    UnknownTraining,
    UnknownUser,
    UnknownVersion,
    UserExists,
)

CONTENT_TYPE = "application/problem+json"

_STATUSES: dict[type[BouquetError], int] = {
    InvalidInput: 400,
    NoAnswer: 400,
    NotACsv: 400,
    BadUser: 400,
    UnknownModel: 404,
    UnknownVersion: 404,
    NotTrained: 404,
    UnknownTitle: 404,
    UnknownPrediction: 404,
    EnabledVersion: 409,
    UnknownTraining: 404,
    UnknownUser: 404,
    UserExists: 409,
    EndedTraining: 409,
    OtherRequest: 409,
    FileTooLong: 413,
    TrainingFailed: 422,
    NoEarlierVersion: 409,
    RefusedVersion: 409,
    ModelUnavailable: 503,
    StorageUnavailable: 503,
    ServiceFull: 503,
    NotRecorded: 503,
    DiskFull: 507,
    NotWritable: 409,
}
# What an error's own response says beside its body.
_KEPT_HEADERS = ("Allow", "Location", "Retry-After")

_log = logging.getLogger(__name__)


def problem(status: int, detail: str, message: Any = None, **more: Any) -> Response:
    """A problem response; `message` is `detail` unless given, `more` are further members."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "message": detail if message is None else message,
        **more,
    }
    return Response(json.dumps(body) + "\n", status, content_type=CONTENT_TYPE)


def answer_with_problems(app: Flask) -> None:
    """Turn every error raised while answering into a problem; an unforeseen one is logged with its trace."""

    @app.errorhandler(BouquetError)
    def known(error: BouquetError) -> Response:
        status = _STATUSES.get(type(error), 500)
        response = _invalid(error) if isinstance(error, InvalidInput) else _known(error, status)
        if isinstance(error, StorageUnavailable):
            _log.error("the database is away: %s", error.reason)
        if isinstance(error, NotRecorded):
            _log.error("an answer is not given, because it cannot be recorded: %s", error.reason)
        if status == 503:
            response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        own = error.get_response()
        response = problem(own.status_code, _detail(error))
        for name in _KEPT_HEADERS:
            if name in own.headers:
                response.headers[name] = own.headers[name]
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        _log.error("unforeseen error in %s %s", request.method, request.url_rule, exc_info=error)
        return problem(500, "Something went wrong here; the log has the details under this request's id.")


def _known(error: BouquetError, status: int) -> Response:
    more: dict[str, Any] = {}
    if isinstance(error, UnknownTitle):
        more = {"nearest": list(error.nearest)}
    elif isinstance(error, TrainingFailed) and error.errors:
        more = {"errors": [dict(one) for one in error.errors]}
    return problem(status, str(error), **more)


def _detail(error: HTTPException) -> str:
    if error.code == 404:
        return f"There is nothing at {request.path[:200]}."
    if error.code == 405:
        return f"{request.method[:20]} is not a method of {request.path[:200]}."
    if error.code == 413 and request.max_content_length is not None:
        return f"The body is longer than the {request.max_content_length} bytes that are read."
    return error.description or HTTPStatus(error.code or 500).phrase


def _invalid(error: InvalidInput) -> Response:
    of_one_row = error.problems[0].row is None
    return problem(
        400,
        detail=str(error),
        # Clients of v1.0 send one row and look up its fields here.
        message={one.field: one.message for one in error.problems} if of_one_row else None,
        errors=[_field_error(one) for one in error.problems],
        **({"errors_not_listed": error.beyond} if error.beyond else {}),
    )


def _field_error(one: FieldProblem) -> dict[str, str | None]:
    # A JSON Pointer (RFC 6901) writes ~ and / inside a name as ~0 and ~1.
    name = one.field.replace("~", "~0").replace("/", "~1")
    return {
        "pointer": f"#/{name}" if one.row is None else f"#/{one.within}/{one.row}/{name}",
        "detail": one.detail,
        "expected": one.expected,
        "received": one.received,
    }
