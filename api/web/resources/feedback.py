"""POST /api/v1.0/predictions/<id>/feedback: what turned out to be true of an answer."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_restful import Resource
from werkzeug.exceptions import BadRequest

from api.errors import UnknownPrediction
from api.predictions.feedback import Feedback, Truth
from api.schema.as_json import Json
from api.storage.feedback import Told
from api.web.body import json_body

# More at once would be a transaction that others wait for.
MOST_ROWS = 1000
# No request has so many rows.
_LAST_ROW = 2**31 - 1
_FORMS = '{"truth": …} for the first row, or {"rows": [{"row": 0, "truth": …}, …]}'


class FeedbackOn(Resource):
    """What turned out to be true of the rows of one request."""

    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    def get(self, id: str) -> Json:
        """What was told so far, by row."""
        return _as_json(id, self._feedback.of(_known(id)))

    def post(self, id: str) -> tuple[Json, int]:
        """Tell it; the last word about a row counts. 400 names each row that does not fit."""
        told = self._feedback.give(_known(id), _truths(json_body()), by=g.flask_httpauth_user)
        return _as_json(id, told), 201


def _known(id: str) -> str:
    # No id has such a character, and Postgres takes none in a query.
    if "\0" in id:
        raise UnknownPrediction(id)
    return id


def _truths(body: Any) -> list[Truth]:
    if isinstance(body, dict) and set(body) == {"truth"}:
        return [(0, body["truth"])]
    rows = body.get("rows") if isinstance(body, dict) and set(body) == {"rows"} else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        raise BadRequest(f"The body must be {_FORMS}, with up to {MOST_ROWS} rows.")
    for place, row in enumerate(rows):
        if not isinstance(row, dict) or set(row) != {"row", "truth"}:
            raise BadRequest(f'"rows" must hold objects {{"row": 0, "truth": …}}; number {place} is none.')
        number = row["row"]
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _LAST_ROW:
            raise BadRequest(f'"row" of number {place} must be a whole number from 0 on.')
    return [(row["row"], row["truth"]) for row in rows]


def _as_json(id: str, told: list[Told]) -> Json:
    return {
        "id": id,
        "rows": [
            {"row": one.row, "answer": one.answer, "truth": one.truth, "time": one.at, "user": one.by}
            for one in told
        ],
    }
