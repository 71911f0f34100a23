"""The front end's own cost: pages a second, and whose processor time a page takes, its own or the API's."""

from __future__ import annotations

import re
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.training.run import train
from bench import processor_time
from bench.load import Load, load, signed_in
from bench.report import made_on, table
from tests.services import PASSWORD, USERNAME, Service, running_api, running_front_end

ROUNDS, SECONDS, CONNECTIONS = 3, 2, (1, 16)
_QUERY = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
_API = "the API's prediction alone"


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked for: how the table calls it, its address, its headers, and what its answer must hold."""

    title: str
    url: str
    headers: Mapping[str, str]
    holds: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Load, and milliseconds of processor time that each answer took of the front end and of the API."""

    load: Load
    front_end: float
    api: float


def front_end() -> str:
    """Start both services on iris, and ask for the two pages as a visitor and as somebody signed in."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train(IRIS, ModelsDirectory(folder / "models"), progress=lambda step: print(f"iris: {step}"))
        with (
            running_api(folder / "models", folder) as api,
            running_front_end(api.url, folder) as pages,
        ):
            return section(measured(_works(api.url, pages.url), api, pages))


def _works(api: str, pages: str) -> list[Work]:
    person = {"Cookie": sign_in(pages)}
    answer = f"{pages}/prediction?{_QUERY}"
    return [
        Work("form page, a visitor", f"{pages}/", {}, "sepal_length"),
        Work("answer page, a visitor", answer, {}, "Iris-Setosa"),
        Work("form page, signed in", f"{pages}/", person, "sepal_length"),
        Work("answer page, signed in", answer, person, "Iris-Setosa"),
        Work(_API, f"{api}/api/v1.0/models/iris/predict?{_QUERY}", signed_in(), "Iris-Setosa"),
    ]


def sign_in(pages: str) -> str:
    """Sign in by the form, as a person does; the cookie."""
    with requests.Session() as browser:
        form = browser.get(f"{pages}/sign-in", timeout=30).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        if token is None:
            raise RuntimeError("the page to sign in at has no token")
        fields = {"csrf_token": token[1], "sign_in_name": USERNAME, "sign_in_password": PASSWORD}
        answer = browser.post(f"{pages}/sign-in", data=fields, timeout=30)
        if answer.status_code != 200 or USERNAME not in answer.text:
            raise RuntimeError(f"signing in was answered {answer.status_code}")
        return "; ".join(f"{one.name}={one.value}" for one in browser.cookies)


def measured(works: list[Work], api: Service, pages: Service) -> dict[tuple[str, int], list[Cost]]:
    """Some rounds of all, in turn, after each answer has been looked at once."""
    for work in works:
        answer = requests.get(work.url, headers=dict(work.headers), timeout=30)
        if answer.status_code != 200 or work.holds not in answer.text:
            raise RuntimeError(f"{work.title}: {answer.status_code}, and no {work.holds!r} in it")
    found: dict[tuple[str, int], list[Cost]] = {
        (one.title, many): [] for many in CONNECTIONS for one in works
    }
    for round_ in range(ROUNDS):
        for many in CONNECTIONS:
            for work in works:
                print(f"front end: {work.title}, {many} at once, round {round_ + 1} of {ROUNDS}")
                found[work.title, many].append(_cost(work, many, api, pages))
    return found


def _cost(work: Work, many: int, api: Service, pages: Service) -> Cost:
    services = (pages.process.pid, api.process.pid)
    before = [processor_time.of_tree(pid) for pid in services]
    done = load(work.url, many, SECONDS, headers=work.headers)
    took = [processor_time.of_tree(pid) - start for pid, start in zip(services, before, strict=True)]
    answers = done.requests_per_second * SECONDS
    return Cost(done, *(1000 * seconds / answers for seconds in took))


def section(found: Mapping[tuple[str, int], list[Cost]]) -> str:
    """The results in Markdown."""
    rows = []
    for (title, many), costs in found.items():
        rate, p50, p99 = (
            statistics.median(getattr(one.load, name) for one in costs)
            for name in ("requests_per_second", "p50", "p99")
        )
        own, apis = (statistics.median(getattr(one, name) for one in costs) for name in ("front_end", "api"))
        shares = [f"{own:.2f}", f"{apis:.2f}", f"{apis / (own + apis):.0%}" if title != _API else ""]
        rows.append([title, str(many), f"{rate:.0f}", f"{p50:.1f}", f"{p99:.1f}", *shares])
    head = [
        "",
        "connections",
        "answers/s",
        "p50, ms",
        "p99, ms",
        "front end, ms",
        "API, ms",
        "the API's share",
    ]
    return f"""## The front end's own cost

{table(head, rows)}

The two pages of the iris model with both services on their defaults, by wrk on the same machine: somebody who
has not signed in, and somebody with the cookie of a sign-in. The last three columns are processor time for
each answer, of all processes of each service; the API's share of a page is its calls for cards and the
prediction, which it records. Medians of {ROUNDS} rounds of {SECONDS} s each, in turn.
{made_on("flask", "granian", "requests")}
"""
