"""The section of the results about where the microseconds of one request go."""

from __future__ import annotations

import io
import os
import statistics
import sys
import tempfile
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

import api.web.express.lane
import api.web.request_log
from api.bootstrap.serving import build_parts
from api.config import read_settings
from api.predictions.drain import Drainer
from api.predictions.plain_model import PlainModel
from api.predictions.plain_row import PlainRows
from api.predictions.predict import Predictor
from api.predictions.record import Recorder
from api.predictions.spool import Spool
from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.runtime.load import load
from api.runtime.one_row.cells import Cells
from api.storage.engine import open_engine
from api.storage.predictions import Predictions
from api.training.run import train
from api.web.app import create_app
from api.web.draining import Draining
from api.web.express.in_server import with_lane
from api.web.express.lane import ExpressLane
from api.web.express.plain_answers import PlainAnswers
from api.web.sign_in import SignIn
from bench.limit import CONNECTIONS, SECONDS, Limit, limit_table, measured
from bench.limit import ROUNDS as LIMIT_ROUNDS
from bench.report import made_on, table
from bench.woken import Woken, woken
from tests.services import PASSWORD, USERNAME

REQUESTS, ROUNDS = 2000, 5

_QUERY = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
_REST = "what calls these, the answer as JSON, and the headers"
# What is timed: where a function is looked up, its name there, and the part of the table that it is.
_TIMED: tuple[tuple[Any, str, str], ...] = (
    (PlainAnswers, "find", "what answers this method and path"),
    (api.web.express.lane, "is_plain", "whether anything else changes what is asked"),
    (SignIn, "lately", "sign-in: a keyed hash of the header, looked up"),
    (PlainRows, "from_query", "the query as numbers that fit their fields"),
    (Cells, "which", "the model, in its form for one row"),
    (PlainModel, "ask", "the answer in the target's words, which the table has given before"),
    (Recorder, "record_plain", "the record as a line"),
    (Spool, "append", "the line into the spool's file"),
    (api.web.express.lane, "log_answer", "the log line"),
    (api.web.request_log, "write_line", "the log line to standard output"),
)


class _Stopwatch:
    """How long each part of a request took, in nanoseconds, less what the parts within it took."""

    def __init__(self) -> None:
        self.taken: dict[str, list[int]] = defaultdict(list)
        self._within = [0]

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        def run(*given: Any, **named: Any) -> Any:
            started = time.perf_counter_ns()
            self._within.append(0)
            try:
                return function(*given, **named)
            finally:
                whole = time.perf_counter_ns() - started
                self.taken[part].append(whole - self._within.pop())
                self._within[-1] += whole

        return run

    @contextmanager
    def on_all(self) -> Iterator[None]:
        """Every part, timed."""
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in _TIMED]
        for owner, name, part in _TIMED:
            setattr(owner, name, self.timed(part, getattr(owner, name)))
        try:
            yield
        finally:
            for owner, name, function in before:
                setattr(owner, name, function)


def profile() -> str:
    """Answer one row over and over, in this process and without a server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app, alone, drain = _applications(folder)
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            _ask(alone, 1)  # Signs in.
            wholes = [(_median_us(app), _median_us(alone)) for _ in range(ROUNDS)]
            wake = woken(_one_request(app))
            own = _own_cost()
            stopwatch = _Stopwatch()
            with stopwatch.on_all():
                _ask(app, REQUESTS * ROUNDS)
            drained = drain()
        _check(app.wsgi_app)
        limit = measured(folder / "models", folder, _QUERY, _model_of(folder / "models"))
    through, without = (statistics.median(column) for column in zip(*wholes, strict=True))
    parts = {part: max(0.0, statistics.median(taken) / 1000 - own) for part, taken in stopwatch.taken.items()}
    rows = [(part, parts[part]) for _, _, part in _TIMED]
    rows.append((_REST, through - sum(parts.values())))
    return _section(rows, (through, without, drained), limit, wake)


def _applications(folder: Path) -> tuple[Flask, Flask, Callable[[], float]]:
    """The application with the lane and without, and what drains their spool: it gives µs a record."""
    train(IRIS, ModelsDirectory(folder / "models"), progress=lambda step: print(f"iris: {step}"))
    environ = {
        "API_USERNAME": USERNAME,
        "API_PASSWORD": PASSWORD,
        "MODELS_DIR": str(folder / "models"),
        "DATA_DIR": str(folder / "data"),
    }
    settings = read_settings(environ)
    parts = build_parts(settings, Draining())
    # One that is drained when it is told to, and not meanwhile by another thread.
    spool = Spool(folder / "spool")
    parts = replace(parts, predictor=Predictor(parts.models, Recorder(spool)))
    predictions = Predictions(open_engine(settings.database_url, settings.data_dir))

    def drain() -> float:
        started = time.thread_time()
        Drainer(spool, predictions).drain()
        return (time.thread_time() - started) / predictions.count(*("iris", "1", "2000")) * 1e6

    return create_app(parts), create_app(replace(parts, express_lane=False)), drain


def _ask(app: Flask, times: int) -> list[int]:
    """How long each of some requests took, in nanoseconds."""
    took = []
    given, asking = _environ(), _asking(app)
    for _ in range(times):
        environ = dict(given)
        started = time.perf_counter_ns()
        asking(environ)
        took.append(time.perf_counter_ns() - started)
    return took


def _check(lane: object) -> None:
    """A lane that left more than one request in a thousand to Flask is not what was measured.

    One it may: the users are looked at for the first time when it has begun, and then all sign in again.
    """
    asked = REQUESTS * ROUNDS * 2
    if not isinstance(lane, ExpressLane) or lane.answered < asked * 0.999:
        raise RuntimeError(f"the express lane did not answer the {asked} requests that were asked")


def _one_request(app: Flask) -> Callable[[], object]:
    given, asking = _environ(), _asking(app)
    return lambda: asking(dict(given))


def _asking(app: Flask) -> Callable[[dict[str, Any]], object]:
    """What asks an application as the server does: the lane first, where it has one."""
    lane = app.wsgi_app
    if not isinstance(lane, ExpressLane):
        return lambda environ: b"".join(app.wsgi_app(environ, _begin))

    def otherwise(exchange: object, environ: dict[str, Any]) -> int:
        return len(b"".join(lane.beyond(environ, _begin)))

    call = with_lane(lane, otherwise)
    return lambda environ: call(_Sent(), environ)


class _Sent:
    """Where an answer goes."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send nothing."""


def _environ() -> dict[str, Any]:
    """A request as the server gives it."""
    credentials = b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/api/v1.0",
        "QUERY_STRING": _QUERY,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT": "*/*",
        "HTTP_AUTHORIZATION": f"Basic {credentials}",
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(),
    }


def _begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
    if not status.startswith("200"):
        raise RuntimeError(f"a request was answered {status}")
    return len


def _median_us(app: Flask) -> float:
    return statistics.median(_ask(app, REQUESTS)) / 1000


def _own_cost() -> float:
    """What the stopwatch adds to a part, in µs."""
    stopwatch = _Stopwatch()
    nothing = stopwatch.timed("nothing", lambda: None)
    for _ in range(REQUESTS):
        nothing()
    return statistics.median(stopwatch.taken["nothing"]) / 1000


def _model_of(models_dir: Path) -> Callable[[], object]:
    """What asks the compiled model about one row, and does nothing else."""
    model = load(ModelsDirectory(models_dir), "iris", "1")
    numbers = [float(pair.partition("=")[2]) for pair in _QUERY.split("&")]
    return lambda: model.predict_one(numbers, [])


def _on_waking(wake: Woken | None) -> str:
    if wake is None:
        return "What it costs to wake another thread was not measured: there is one processor."
    return (
        "The server sends from a thread of its own, which sleeps when answers come more slowly than it\n"
        f"sends, and is then woken. To wake a process on the other processor took {wake.wake:.1f} µs,\n"
        f"and a request after it {wake.after:.1f} µs where it took {wake.alone:.1f} by itself (in process)."
    )


def _section(
    rows: Sequence[tuple[str, float]],
    requests: tuple[float, float, float],
    limit: Limit,
    wake: Woken | None,
) -> str:
    through, without, drained = requests
    shown = [[part, f"{microseconds:.1f}"] for part, microseconds in rows]
    shown.append(["**one request through the express lane**", f"**{through:.1f}**"])
    shown.append(["the same request through Flask (`EXPRESS_LANE=0`)", f"{without:.1f}"])
    shown.append(["later, beside the requests: its record into SQLite", f"{drained:.1f}"])
    return f"""## Where one request's microseconds go

{table(("part of `GET /api/v1.0` with four numbers, signed in and recorded", "µs"), shown)}

{REQUESTS * ROUNDS} requests as the server gives them to the lane, in one process, and their medians. The
parts are timed one within the other, less what timing adds; the last of them is what is left of the requests
timed as a whole. What the server adds (reading HTTP, sending) is not in it. The record's way into the
database is processor time of another process.

{limit_table(limit, through, drained)}

Over HTTP: `wrk` with {CONNECTIONS} connections, medians of {LIMIT_ROUNDS} rounds of {SECONDS} s, in turn;
µs are processor time of all threads of the server's processes, divided by the requests.
{_on_waking(wake)}
For a WSGI function the server makes an environ and takes apart what comes of it; the lane is asked before
that, and so is the other constant answer. Two threads give the constant answers and take the interpreter
from each other; of the lane's threads one rests, which makes up for some of what is dearer side by side: a
real answer takes many times as many steps, with the drainer and `wrk` on the same two processors. None of
the parts above can be left out: a request has to be understood, signed in, answered, recorded and logged;
only fewer steps make it less (docs/decisions.md).
{made_on("flask", "granian", "numpy", "onnxruntime", "sqlalchemy")}
"""
