"""What one request cannot cost less than: a constant answer of the same server, and the compiled model."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import requests

from bench import processor_time
from bench.load import load
from bench.report import table
from bench.under_granian import under_granian
from tests.services import PASSWORD, USERNAME, running_api

CONNECTIONS, SECONDS, ROUNDS = 16, 3, 5
# As many threads as the service has unless it is told otherwise.
_THREADS = 2
_CONSTANTS = "bench.peers.servers.constant_app:app", "bench.peers.servers.constant_app:at_once"


@dataclass(frozen=True, slots=True)
class Served:
    """What a server did: requests a second, and µs of its processes' time for each."""

    per_second: float
    microseconds: float


@dataclass(frozen=True, slots=True)
class Limit:
    """What the limit is made of: the model alone in µs, and the servers over HTTP.

    `constant` is a WSGI function, `at_once` answers where the express lane does.
    """

    model: float
    constant: Served
    at_once: Served
    service: Served


def measured(models_dir: Path, folder: Path, query: str, model: Callable[[], object]) -> Limit:
    """The servers in turn, and the model over and over."""
    with ExitStack() as running:
        service = running.enter_context(running_api(models_dir, folder))
        answer = folder / "answer.json"
        answer.write_bytes(_answer(f"{service.url}/api/v1.0?{query}"))
        asked = [
            running.enter_context(under_granian(one, threads=_THREADS, ready="/", ANSWER=str(answer)))
            for one in _CONSTANTS
        ]
        asked.append((service.url, service.process.pid))
        found: list[list[Served]] = [[] for _ in asked]
        for round_ in range(ROUNDS):
            print(f"limit: round {round_ + 1} of {ROUNDS}")
            for rounds, (url, pid) in zip(found, asked, strict=True):
                rounds.append(_served(f"{url}/api/v1.0?{query}", pid))
    alone = processor_time.of_call(model, 10_000, ROUNDS)
    return Limit(alone, *map(_median, found))


def _answer(url: str) -> bytes:
    """What the service answers, for the constant answer to be of the same size."""
    auth = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
    answer = requests.get(url, auth=auth, timeout=60)
    answer.raise_for_status()
    return answer.content


def limit_table(limit: Limit, lane: float, record: float) -> str:
    """The limit and how much of it is reached: by what is measured in process, and over HTTP.

    The lane takes `lane` µs for a request in process, and the drainer `record` µs for its record.
    """
    least = limit.at_once.microseconds + limit.model
    ours = limit.at_once.microseconds + lane
    dearer = limit.service.microseconds - ours - record
    wsgi = limit.constant.microseconds + limit.model
    rows = [
        _row("a constant answer where the express lane is asked, over HTTP", limit.at_once),
        ["the model alone, in the form that answers one row, over and over", f"{limit.model:.1f}", ""],
        ["**a limit**: these two", f"**{least:.1f}**", f"{1e6 / least:.0f}"],
        ["the constant answer, and one request through the express lane", f"{ours:.1f}", f"{1e6 / ours:.0f}"],
        ["**share of that limit**: these two", "", f"**{least / ours:.2f}**"],
        ["its record's way into the database", f"{record:.1f}", ""],
        ["what is dearer side by side", f"{dearer:.1f}", ""],
        _row("**the service over HTTP**: these four", limit.service),
        ["**share of that limit**: over HTTP", "", f"**{limit.service.per_second * least / 1e6:.2f}**"],
        _row("a constant answer as a WSGI function, over HTTP", limit.constant),
        ["**the limit**: this and the model alone", f"**{wsgi:.1f}**", f"{1e6 / wsgi:.0f}"],
        ["**share of the limit**: over HTTP", "", f"**{limit.service.per_second * wsgi / 1e6:.2f}**"],
    ]
    return table(("the limit", "µs", "requests/s"), rows)


def _row(title: str, served: Served) -> list[str]:
    return [title, f"{served.microseconds:.1f}", f"{served.per_second:.0f}"]


def _served(url: str, pid: int) -> Served:
    before = processor_time.of_tree(pid)
    per_second = load(url, CONNECTIONS, SECONDS).requests_per_second
    return Served(per_second, (processor_time.of_tree(pid) - before) / (per_second * SECONDS) * 1e6)


def _median(rounds: list[Served]) -> Served:
    return Served(
        statistics.median(one.per_second for one in rounds),
        statistics.median(one.microseconds for one in rounds),
    )
