"""Training from a CSV: seconds and peak memory from POST to enabled, beside a plain script by hand."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.report import made_on, table
from tests.services import PASSWORD, ROOT, USERNAME, clean_environment, running_api

SIZES = (1_000_000, 6_400_000)
_BOUNDARY = "a-line-that-no-csv-has"
_AUTHORIZATION = "Basic " + b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()

# What somebody would write who knows the columns and the winner beforehand, in one process.
_BY_HAND = """
import json, sys, time, warnings
began = time.perf_counter()
import pandas
from sklearn.pipeline import Pipeline
from api.recipes.fraud import FRAUD
from api.schema.schema import Schema
from bench.training import estimator_of
warnings.simplefilter("ignore")
data = pandas.read_csv(sys.argv[1])
names = [one.name for one in FRAUD.fields if one.name in data.columns]
schema = Schema(tuple(one for one in FRAUD.fields if one.name in names))
prepare = Pipeline([("features", FRAUD.features(schema))])
model = estimator_of(sys.argv[2], len(data), data["isFraud"])
Pipeline([("features", prepare), ("model", model)]).fit(data[names], data["isFraud"])
seconds = time.perf_counter() - began
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps({"seconds": seconds, "mb": peak / 1000}))
"""


# The size whose time and memory are shown by part.
_SHOWN_BY_PART = 1_000_000
_STEPS = {
    "read": "reading the file",
    "profile": "looking at its columns",
    "split": "setting rows aside",
    "candidates": "comparing candidates",
    "fit": "fitting the winner",
    "evaluate": "threshold and figures",
    "compile": "compiling, and comparing with scikit-learn",
    "publish": "publishing",
    "compare": "comparing with the version that answers",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, and the largest resident size of the process that did it."""

    seconds: float
    mb: float


@dataclass(frozen=True, slots=True)
class Trained:
    """A training by the service: its cost, the winner's name, and the cost by part.

    `steps` are the report's seconds; `upload` is until the service had answered, `waiting` until a process
    had begun; `memory` is the resident size after each step.
    """

    cost: Cost
    winner: str
    upload: float
    waiting: float
    steps: dict[str, float]
    memory: dict[str, float]

    def parts(self) -> list[list[str]]:
        """The lines of the table by part: seconds, and the megabytes after it; the seconds add up."""
        known = self.upload + self.waiting + self.steps["total"]
        lines: list[tuple[str, float, float | None]] = [
            ("sending the file", self.upload, None),
            ("waiting for a process to begin", self.waiting, None),
            ("starting it, and its libraries; ending, and being asked", self.cost.seconds - known,
             self.memory["start"]),
            *((title, self.steps[step], self.memory[step]) for step, title in _STEPS.items()),
        ]  # fmt: skip
        whole = ["**together**, and the largest", f"**{self.cost.seconds:.2f}**", f"**{self.cost.mb:.0f}**"]
        cells = [[title, f"{spent:.2f}", "" if mb is None else f"{mb:.0f}"] for title, spent, mb in lines]
        return [*cells, whole]


def estimator_of(name: str, rows: int, truth: Any) -> Any:
    """The candidate of that name, unfitted, as training would make it."""
    import numpy as np  # noqa: PLC0415 (the script by hand is timed from before it imports anything)

    from api.schema.target import Target, TargetClass  # noqa: PLC0415 (likewise)
    from api.training.tabular_candidates import candidates  # noqa: PLC0415 (likewise)
    from api.training.tabular_target import Truth  # noqa: PLC0415 (likewise)

    counts = tuple(int(one) for one in np.bincount(truth))
    target = Target("fraud", "Fraud", (TargetClass("no", "no"), TargetClass("yes", "yes")))
    known = Truth("isFraud", "", "classification", "", target, np.arange(0), np.arange(0), counts)
    named = {one.name: one for one in candidates(known, None)}
    return named[name].estimator(rows)


def training() -> str:
    """The section of the results."""
    rows, parts = [], []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            file = Path(folder) / f"fraud_{size}.csv"
            print(f"simulating {size:,} transactions")
            simulate(file, size)
            print("training from them")
            ours = by_the_house(file, Path(folder) / f"house_{size}")
            print(f"fitting {ours.winner} by hand")
            theirs = by_hand(file, ours.winner)
            file.unlink()
            rows += _rows(size, ours.winner, ours.cost, theirs)
            if size == _SHOWN_BY_PART:
                parts = ours.parts()
    head = ["rows", "who", "estimator", "seconds", "peak MB"]
    return f"""## Training from a CSV of transactions

{table(head, rows)}

Where the time and the memory of {_SHOWN_BY_PART:,} rows go:

{table(["part", "seconds", "MB after it"], parts)}

Bouquet: from the first byte of a multipart POST to the version being enabled, through the API and its drain
process, with its default settings: upload, reading without knowing the columns, up to four candidates
compared on a part of the rows, the winner fitted to all rows but those held out, threshold, figures,
compiling, proof, publishing. Peak: the process that trains. By hand: `pandas.read_csv`, the recipe's
features and `fit` of the winner on all rows, which somebody has to know beforehand; nothing is measured,
compiled or served. The file is `python -m api simulate fraud`. {made_on("scikit-learn", "pandas", "numpy")}
"""


def _rows(size: int, winner: str, ours: Cost, theirs: Cost) -> list[list[str]]:
    made = [
        [f"{size:,}", who, winner, f"{cost.seconds:.0f}", f"{cost.mb:.0f}"]
        for who, cost in (("Bouquet", ours), ("by hand", theirs))
    ]
    ratio = [f"**{ours.seconds / theirs.seconds:.2f}**", f"**{ours.mb / theirs.mb:.2f}**"]
    return [*made, [f"{size:,}", "**ratio**", "", *ratio]]


def simulate(file: Path, rows: int) -> None:
    """Write so many transactions."""
    command = [sys.executable, "-m", "api", "simulate", "fraud", "--rows", str(rows), str(file)]
    subprocess.run(command, cwd=ROOT, env=clean_environment(), check=True, stdout=subprocess.DEVNULL)


def by_hand(file: Path, winner: str) -> Cost:
    """The script by hand, in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", _BY_HAND, str(file), winner],
        cwd=ROOT,
        env=clean_environment(OMP_WAIT_POLICY="PASSIVE"),
        check=True,
        capture_output=True,
        text=True,
    )
    return Cost(**json.loads(ended.stdout.splitlines()[-1]))


def by_the_house(file: Path, folder: Path) -> Trained:
    """A training by POST to a service of its own."""
    folder.mkdir()
    with running_api(folder / "models", folder, probe="/healthz") as service:
        began = time.perf_counter()
        job = _post(service.url, file)
        upload = time.perf_counter() - began
        while True:
            told = _get(service.url, f"/api/v1.0/training/{job}")
            if told["status"] not in ("pending", "processing"):
                break
            time.sleep(0.1)
        seconds = time.perf_counter() - began
    if told["status"] != "processed" or not told["enabled"]:
        raise RuntimeError(f"the training ended as {told['status']}: {told['error']}")
    report = told["report"]
    winner = next(one["name"] for one in report["candidates"] if one["chosen"])
    made, started = (datetime.fromisoformat(told[name]) for name in ("made_at", "started_at"))
    return Trained(
        Cost(seconds, report["peak_memory_mb"]),
        winner,
        upload,
        (started - made).total_seconds(),
        report["seconds"],
        report["memory_mb"],
    )


def _post(url: str, file: Path) -> str:
    """Send the file as a form does, a piece at a time; returns the training's id."""
    start = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode()
    end = f"\r\n--{_BOUNDARY}--\r\n".encode()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=600)
    connection.putrequest("POST", "/api/v1.0/training")
    connection.putheader("Authorization", _AUTHORIZATION)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
    connection.putheader("Content-Length", str(len(start) + file.stat().st_size + len(end)))
    connection.endheaders(start)
    with file.open("rb") as given:
        while piece := given.read(1 << 20):
            connection.send(piece)
    connection.send(end)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"the API answered {answer.status}: {content.decode()}")
    return str(json.loads(content)["id"])


def _get(url: str, path: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", path, headers={"Authorization": _AUTHORIZATION})
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return found
