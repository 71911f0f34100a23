"""Similar jobs on a file of one's own, as large as the house promises: time, memory, and what serves it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from api.registry.directory import ModelsDirectory
from api.runtime.text_model import FILE
from bench.footprint import serving_mb
from bench.job_rows import make_file
from bench.report import made_on, table
from tests.services import ROOT, clean_environment

ROWS, TITLES = 200_000, 1000


@dataclass(frozen=True, slots=True)
class OwnDataRun:
    """One training: its wall-clock seconds, its process's largest resident size, and what came of it."""

    rows: int
    titles: int
    seconds: float
    peak_mb: float
    file_mb: float
    serving_mb: float


def measure_own_data(folder: Path, rows: int = ROWS, titles: int = TITLES) -> OwnDataRun:
    """Make the rows, train on them by the command, and serve the model."""
    file, data_dir = make_file(folder / "jobs.csv", rows, titles), folder / "data"
    environment = clean_environment(DATA_DIR=str(data_dir))
    command = [sys.executable, "-m", "api", "train", "similar_jobs", "--data", str(file)]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        # The usage of this one process, and not of all that ended before it.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the training ended with {process.returncode}")
    directory = ModelsDirectory(data_dir / "models")
    card = directory.card("similar_jobs", "1")
    weights = directory.folder("similar_jobs", "1") / FILE
    return OwnDataRun(
        rows,
        len(card.target.classes),
        seconds,
        usage.ru_maxrss / 1000,
        weights.stat().st_size / 1e6,
        serving_mb(data_dir / "models"),
    )


def own_data() -> str:
    """The section of the results: one run at full size."""
    with tempfile.TemporaryDirectory() as folder:
        run = measure_own_data(Path(folder))
    sizes = (run.seconds, run.peak_mb, run.file_mb, run.serving_mb)
    row = (f"{run.rows:,}", f"{run.titles:,}", *(f"{size:.0f}" for size in sizes))
    head = ("rows", "titles", "seconds", "MB at most", "MB of its file", "MB of the process that serves it")
    return f"""## Similar jobs on a file of one's own

{table(head, [row])}

One run of `python -m api train similar_jobs --data jobs.csv` on rows made up by `bench/job_rows.py`, which
say nothing of how often a title is right. The memory is the largest resident size of its process.
{made_on("scikit-learn", "scipy", "numpy")}
"""
