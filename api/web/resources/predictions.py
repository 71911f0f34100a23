"""GET /api/v1.0/predictions: the record of what was answered."""

from __future__ import annotations

import csv
import io
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from flask import Response, request
from flask_restful import Resource

from api.errors import StorageUnavailable, UnknownPrediction
from api.predictions.read_back import Page, ReadBack, RecordedRow
from api.storage.predictions import Place
from api.web.query import query_pairs
from api.web.record_query import CSV, JSON, MOST_ROWS, USUAL_ROWS, RecordQuery, cursor, record_query

_COLUMNS = tuple(field.name for field in fields(RecordedRow))
_AS_JSON = ("inputs", "probabilities")
_WAIT_SECONDS = 20.0

_log = logging.getLogger(__name__)


class Recorded(Resource):
    """The record, newest first."""

    def __init__(self, record: ReadBack) -> None:
        self._record = record

    def get(self) -> dict[str, Any] | Response:
        """A page of it and the cursor of the next, or as a CSV all of it."""
        return _answer(self._record, record_query(query_pairs()))


class RecordedOne(Resource):
    """What was answered to one request, from its first row on."""

    def __init__(self, record: ReadBack) -> None:
        self._record = record

    def get(self, id: str) -> dict[str, Any] | Response:
        """A page of it, as of the whole record; 404 for an id that is not on record."""
        if "\0" in id:
            raise UnknownPrediction(id)
        return _answer(self._record, record_query(query_pairs(), id))


def _answer(record: ReadBack, query: RecordQuery) -> dict[str, Any] | Response:
    form = query.format or _preferred()
    if form == JSON:
        page = record.page(query.wanted, query.after, query.limit or USUAL_ROWS)
        return {
            "predictions": [asdict(row) for row in page.rows],
            "next": None if page.next is None else cursor(page.next),
        }
    # Asked for before anything is sent, so that what goes wrong at first has a status of its own.
    page = record.page(query.wanted, query.after, query.limit or MOST_ROWS)
    response = Response(_lines(record, query, page), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="predictions.csv"'
    return response


def _preferred() -> str:
    best = request.accept_mimetypes.best_match(["application/json", "text/csv"])
    return CSV if best == "text/csv" else JSON


def _lines(record: ReadBack, query: RecordQuery, page: Page) -> Iterator[str]:
    """The CSV, a page at a time; of a limit that is one page."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    while True:
        writer.writerows(_cells(row) for row in page.rows)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
        if page.next is None or query.limit is not None:
            return
        following = _next_page(record, query, page.next)
        if following is None:
            # The status has been sent, and a stream that ends looks whole: no row has one cell.
            yield f"incomplete: the database cannot be reached; ask again from {cursor(page.next)} on\n"
            return
        page = following


def _next_page(record: ReadBack, query: RecordQuery, after: Place) -> Page | None:
    """The next page, for which a database that is away is waited for; None where that takes too long."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return record.page(query.wanted, after, MOST_ROWS)
        except StorageUnavailable as error:
            if time.monotonic() > until:
                _log.error("the record is sent to its half, because the database is away: %s", error.reason)
                return None
            time.sleep(1)


def _cells(row: RecordedRow) -> list[Any]:
    values = asdict(row)
    for name in _AS_JSON:
        values[name] = "" if values[name] is None else json.dumps(values[name], ensure_ascii=False)
    return list(values.values())
