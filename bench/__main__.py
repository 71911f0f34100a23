"""`python -m bench`: measure and write bench/RESULTS.md."""

from __future__ import annotations

import os
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.training.run import train
from bench.footprint import ROUNDS, Footprint, copies, measure, weigh_parts

RESULTS = Path(__file__).parent / "RESULTS.md"
_LIBRARIES = ("flask", "granian", "numpy", "onnxruntime", "sqlalchemy")


def main() -> None:
    """Train iris into a folder of its own, measure, write the results."""
    with tempfile.TemporaryDirectory() as folder:
        alone, many = Path(folder) / "alone", Path(folder) / "many"
        train(IRIS, ModelsDirectory(alone), progress=lambda step: print(f"iris: {step}"))
        print("measuring the service with one model, and with twenty")
        footprints = [measure(alone), measure(copies(alone, many, 20))]
        parts = weigh_parts(alone, Path(folder) / "data")
    RESULTS.write_text(report(footprints, parts), encoding="utf-8")
    print(f"written to {RESULTS.name}")


def report(footprints: list[Footprint], parts: list[tuple[str, float]]) -> str:
    """The results page: tables first, then machine, versions and method."""
    starts = "\n".join(
        f"| {one.models} | {one.seconds:.2f} | {one.worker_mb:.0f} | {one.tree_mb:.0f} |"
        for one in footprints
    )
    weights = "\n".join(f"| {name} | {size:.0f} |" for name, size in parts)
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"""# Measurements

## Footprint of the API service

| models | seconds from spawn to first ready | MB of the serving process | MB of both processes |
| --- | --- | --- | --- |
{starts}

## What a serving process weighs

| part | MB |
| --- | --- |
{weights}
| **together** | **{sum(size for _, size in parts):.0f}** |

## How it was measured

By `make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()},
Python {platform.python_version()}, {libraries}.

Footprint: medians of {ROUNDS} starts of `python -m api serve` with one worker; sizes are proportional set
sizes (what processes share is divided among them) right after the first 200 of `/readyz`. The parent
process keeps the port and restarts the worker; it shares most of its memory with it. Weight: one process
imports the parts one after another; each figure is the growth of its resident size.
"""


if __name__ == "__main__":
    main()
