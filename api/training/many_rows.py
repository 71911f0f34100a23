"""Whether a model gets a second form for many rows: one that is proved equal, and faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from api.registry.card import ManyRows
from api.runtime.answers import Answers
from api.runtime.model import Model
from api.runtime.onnx_model import OnnxModel
from api.runtime.prove import prove_equal
from api.runtime.rows import Rows
from api.schema.schema import Schema

MANY_FILE = "many.onnx"

_ROWS = 1000
_FEWER = (512, 256, 128, 64, 32, 16, 8)
_ROUNDS = 9
# It has to be this much faster, or else it is not worth the memory that it takes.
_SHARE = 0.8
_MOST_BYTES = 8 * 1024 * 1024


def form_for_many(
    compiled: Callable[[], bytes | None], schema: Schema, first: bytes, rows: Rows, theirs: Answers
) -> tuple[ManyRows, bytes] | None:
    """The form that `compiled` makes, with its proof and what 1,000 rows take it and the `first` one.

    None where there is none, or it is not equal on `rows`, to which the estimator answers `theirs`, or not
    faster.
    """
    try:
        content = compiled()
        if content is None or len(content) > _MOST_BYTES:
            return None
        few, many = OnnxModel(first), OnnxModel(content)
        parity = prove_equal(schema, many, rows, theirs)
    # Whatever is wrong with it (ONNX Runtime has errors without a common root), the first one will do.
    except Exception:
        return None
    slow, fast = _milliseconds(few, rows, _ROWS), _milliseconds(many, rows, _ROWS)
    if fast > slow * _SHARE:
        return None
    return ManyRows(MANY_FILE, parity, round(fast, 3), round(slow, 3), _from_rows(few, many, rows)), content


def _from_rows(few: Model, many: Model, rows: Rows) -> int:
    """The number of rows from which on `many` takes no longer."""
    least = _ROWS
    for count in _FEWER:
        if _milliseconds(many, rows, count) > _milliseconds(few, rows, count):
            break
        least = count
    return least


def _milliseconds(model: Model, rows: Rows, count: int) -> float:
    """What a model takes so many rows, of processor time; other rows each time, as in requests.

    A processor learns the branches of rows that it gets again, which nodes of trees consist of.
    """
    taken = []
    for at in range(_ROUNDS):
        batch = rows[(np.arange(count) + at * count) % len(rows)]
        started = time.thread_time()
        model.predict(batch)
        taken.append((time.thread_time() - started) * 1000)
    return float(np.median(taken))
