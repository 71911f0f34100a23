"""The compiled models alone, in this process: what is left of a request without everything around it."""

from __future__ import annotations

import time
from pathlib import Path

from api.registry.directory import ModelsDirectory
from api.runtime.load import LoadedModel, load
from api.runtime.rows import rows_from
from bench.peers.cases import CASES, Case, Row, rows_of

_TIMES = 5000


def alone(models: Path) -> dict[str, float]:
    """Microseconds of each compiled model for one row, the median of some thousand."""
    directory = ModelsDirectory(models / "bouquet")
    return {case.name: _microseconds(case, _newest(directory, case.name)) for case in CASES}


def _newest(directory: ModelsDirectory, name: str) -> LoadedModel:
    return load(directory, name, max(directory.versions(name), key=int))


def _microseconds(case: Case, loaded: LoadedModel) -> float:
    (row,) = rows_of(case, 1)
    numbers, texts = split(case, row)
    batch = rows_from(loaded.card.schema, [tuple(row)])
    short = loaded.predict_one(numbers, texts) is not None
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter_ns()
        if short:
            loaded.predict_one(numbers, texts)
        else:
            loaded.predict(batch)
        took.append(time.perf_counter_ns() - began)
    return sorted(took)[_TIMES // 2] / 1000


def split(case: Case, row: Row) -> tuple[list[float], list[str]]:
    """The numbers of a row without missing values, and its texts."""
    pairs = list(zip(case.fields, row, strict=True))
    numbers = [float(value or 0) for name, value in pairs if name not in case.texts]
    return numbers, [str(value) for name, value in pairs if name in case.texts]
