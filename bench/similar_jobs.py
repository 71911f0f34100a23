"""One job description: through the service, and through the same pipeline called in a Flask route."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import skops.io

from api.recipes.similar_jobs import SIMILAR_JOBS
from bench.load import Load, load
from bench.report import made_on, table
from bench.under_granian import under_granian
from tests.jobs import train_jobs
from tests.services import PASSWORD, USERNAME, running_api

ROUNDS = 5
SECONDS = 4
CONNECTIONS = (1, 16)
TEXT = "organizing projects with agile and scrum methodologies"
BODY = json.dumps({"experience": [{"description": TEXT}]})


def similar_jobs() -> str:
    """The section: requests a second and latencies of both, side by side, after comparing their answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train_jobs(folder / "models")
        file = folder / "pipeline.skops"
        lines = SIMILAR_JOBS.load() + SIMILAR_JOBS.anchors(SIMILAR_JOBS.target(SIMILAR_JOBS.load()))
        estimator = SIMILAR_JOBS.candidates[0].estimator()
        skops.io.dump(estimator.fit([one.text for one in lines], [one.label for one in lines]), file)
        with (
            running_api(folder / "models", folder, DEFAULT_MODEL="similar_jobs") as service,
            by_hand(file) as other,
        ):
            urls = {"Bouquet": f"{service.url}/model/similar_jobs", "by hand": other}
            compare(*urls.values())
            return section(measured(urls))


@contextmanager
def by_hand(file: Path) -> Iterator[str]:
    """The Flask route under Granian, one process with one thread; gives its address."""
    with under_granian("bench.by_hand:app", threads=1, ready="/ready", PIPELINE=str(file)) as (url, _):
        yield f"{url}/"


def compare(ours: str, other: str) -> None:
    """Both rank the titles in the same order; raises RuntimeError where they do not."""
    first, second = (_titles(url) for url in (ours, other))
    if first != second:
        raise RuntimeError(f"the titles are ranked differently: {first[:5]} and {second[:5]}")


def _titles(url: str) -> list[Any]:
    auth = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
    answer = requests.post(
        url, data=BODY, headers={"Content-Type": "application/json"}, auth=auth, timeout=60
    )
    answer.raise_for_status()
    return [one["title"] for one in answer.json()["results"]]


def measured(urls: dict[str, str]) -> dict[tuple[str, int], list[Load]]:
    """Some rounds of each, in turn."""
    found: dict[tuple[str, int], list[Load]] = {(name, many): [] for many in CONNECTIONS for name in urls}
    for round_ in range(ROUNDS):
        for (name, many), loads in found.items():
            print(f"similar jobs: {name}, {many} at once, round {round_ + 1} of {ROUNDS}")
            loads.append(load(urls[name], many, SECONDS, BODY))
    return found


def section(found: dict[tuple[str, int], list[Load]]) -> str:
    """The results in Markdown."""
    rows = []
    for many in CONNECTIONS:
        ours, other = (_medians(found[name, many]) for name in ("Bouquet", "by hand"))
        for name, one in (("Bouquet", ours), ("by hand", other)):
            rows.append([str(many), name, f"{one.requests_per_second:.0f}", *_times(one)])
        rate = ours.requests_per_second / other.requests_per_second
        rows.append([str(many), "**ratio**", f"**{rate:.0f}**", f"**{other.p50 / ours.p50:.0f}**", ""])
    head = ("connections", "server", "requests/s", "p50, ms", "p99, ms")
    return f"""## One job description

{table(head, rows)}

Bouquet: `POST /model/similar_jobs`, signed in and recorded, with every title in the answer. By hand: the same
pipeline, loaded with skops and called in a Flask route with neither; it makes its dense table of weights
anew for each request. Both under Granian in one process; both rank the titles in the same order. Medians of
{ROUNDS} rounds of {SECONDS} s each, in turn, by wrk. {made_on("scikit-learn", "flask", "granian", "numpy")}
"""


def _times(one: Load) -> tuple[str, str]:
    return f"{one.p50:.2f}", f"{one.p99:.2f}"


def _medians(loads: list[Load]) -> Load:
    return Load(
        statistics.median(one.requests_per_second for one in loads),
        statistics.median(one.p50 for one in loads),
        statistics.median(one.p99 for one in loads),
    )
