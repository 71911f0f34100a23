"""The section of the results about what the API service weighs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.training.run import train
from bench.footprint import ROUNDS, copies, measure, weigh_parts
from bench.report import made_on, table


def footprint() -> str:
    """Train iris into a folder of its own, and weigh the service with it and with twenty copies."""
    with tempfile.TemporaryDirectory() as folder:
        alone, many = Path(folder) / "alone", Path(folder) / "many"
        train(IRIS, ModelsDirectory(alone), progress=lambda step: print(f"iris: {step}"))
        footprints = [measure(alone), measure(copies(alone, many, 20))]
        parts = weigh_parts(alone, Path(folder) / "data")
    starts = [
        [str(one.models), f"{one.seconds:.2f}", f"{one.worker_mb:.0f}", f"{one.tree_mb:.0f}"]
        for one in footprints
    ]
    together = ("**together**", f"**{sum(size for _, size in parts):.0f}**")
    weights = [*((name, f"{size:.0f}") for name, size in parts), together]
    head = (
        "models",
        "seconds from spawn to first ready",
        "MB of the serving process",
        "MB of all three processes",
    )
    return f"""## Footprint of the API service

{table(head, starts)}

## What a serving process weighs

{table(("part", "MB"), weights)}

Footprint: medians of {ROUNDS} starts of `python -m api serve` with one worker; sizes are proportional set
sizes (what processes share is divided among them) right after the first 200 of `/readyz`. The parent
process keeps the port and restarts the others, of which one brings predictions into the database; they share
most of their memory. Weight: one process
imports the parts one after another; each figure is the growth of its resident size.
{made_on("flask", "granian", "numpy", "onnxruntime", "sqlalchemy")}
"""
