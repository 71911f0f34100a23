"""A CSV in, the same CSV with answers out: read as it comes, kept on disk, sent when it is whole."""

from __future__ import annotations

import errno
import io
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from flask import Response, request
from werkzeug.exceptions import BadRequest, ClientDisconnected

from api.errors import DiskFull, FieldProblem, ServiceFull
from api.predictions.csv_scoring import Asked, Scoring, score_csv
from api.predictions.predict import Predictor
from api.web.asking import PREDICTION_ID, asking
from api.web.problems import problem

_BLOCK = 64 * 1024
_ON_ERROR = ("stop", "skip")


class CsvAnswers:
    """Scores one CSV at a time; `folder` takes what is not sent yet, `most_bytes` is the longest CSV.

    The answer waits on disk until the whole CSV is read: only then is it known whether a cell is bad, and a
    caller who sends everything before it reads anything is not left hanging.
    """

    def __init__(self, predictor: Predictor, folder: Path, most_bytes: int) -> None:
        self._predictor = predictor
        self._folder = folder
        self._most_bytes = most_bytes
        self._free = threading.BoundedSemaphore(1)

    def answer(self, name: str) -> Response:
        """The answer to the current request, whose body is a CSV.

        Raises InvalidInput, NotACsv, UnknownModel, ModelUnavailable, and ServiceFull while another is scored.
        """
        on_error = request.args.get("on_error", "stop")
        if on_error not in _ON_ERROR:
            raise BadRequest(f"on_error is {on_error[:40]!r}; it can be stop or skip.")
        if not self._free.acquire(blocking=False):
            raise ServiceFull("Another CSV is being scored; send this one again in a moment.")
        try:
            return self._score(name, skip=on_error == "skip")
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull("There is no room on the disk for the answer.") from error
            raise
        finally:
            self._free.release()

    def _score(self, name: str, *, skip: bool) -> Response:
        request.max_content_length = self._most_bytes
        self._folder.mkdir(parents=True, exist_ok=True)
        lines = io.TextIOWrapper(
            io.BufferedReader(_Body(request.stream, request.content_length)), encoding="utf-8-sig", newline=""
        )
        # Closed when it is sent, or below.
        kept = tempfile.TemporaryFile("w+b", dir=self._folder)  # noqa: SIM115 (see above)
        out = io.TextIOWrapper(kept, encoding="utf-8", newline="", write_through=False)
        asks = asking()
        try:
            with self._predictor.holding() as (predictor, keep):
                scoring = score_csv(Asked(predictor, name, asks), lines, out, skip=skip)
                out.flush()
                if skip or not scoring.problems:
                    keep()
            out.detach()
        except BaseException:
            out.close()
            raise
        if scoring.problems and not skip:
            kept.close()
            return _bad_cells(scoring)
        return _download(kept, scoring, asks.id)


class _Body(io.RawIOBase):
    """A request's body as a file that the standard library's readers can read.

    Reading raises ClientDisconnected where it ends before the length that was announced.
    """

    def __init__(self, stream: IO[bytes], announced: int | None) -> None:
        self._stream = stream
        self._missing = announced or 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._stream.read(len(buffer))
        self._missing -= len(block)
        if not block and self._missing > 0:
            raise ClientDisconnected
        buffer[: len(block)] = block
        return len(block)


def _download(kept: IO[bytes], scoring: Scoring, id: str) -> Response:
    length = kept.seek(0, io.SEEK_END)
    kept.seek(0)
    response = Response(_blocks(kept), content_type="text/csv; charset=utf-8")
    response.headers["Content-Length"] = str(length)
    response.headers["Bouquet-Model"] = f"{scoring.card.name} {scoring.card.version}"
    response.headers[PREDICTION_ID] = id
    return response


def _blocks(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while block := kept.read(_BLOCK):
            yield block


def _bad_cells(scoring: Scoring) -> Response:
    count = len(scoring.problems) + scoring.beyond
    cells = "One cell does" if count == 1 else f"{count} cells do"
    return problem(
        400,
        f"{cells} not fit, of {scoring.rows} rows. Mend them, or send the CSV with ?on_error=skip to have "
        "the other rows scored.",
        errors=[_cell(one) for one in scoring.problems],
        **({"errors_not_listed": scoring.beyond} if scoring.beyond else {}),
    )


def _cell(one: FieldProblem) -> dict[str, Any]:
    """A bad cell; `row` counts from 1, the first row under the header."""
    return {
        "row": (one.row or 0) + 1,
        "column": one.field or None,
        "detail": one.detail,
        "expected": one.expected,
        "received": one.received,
    }
