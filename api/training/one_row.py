"""Whether a model gets another form for one row: one that is proved equal, and faster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np

from api.registry.card import OneRow
from api.runtime.answers import Answers
from api.runtime.one_row.form import FILE, RowByRow, one_row_from_bytes
from api.runtime.one_row.form import OneRow as Form
from api.runtime.onnx_model import OnnxModel
from api.runtime.prove import prove_equal
from api.runtime.rows import Rows
from api.schema.schema import Schema

_ROWS = 1000
_ROUNDS = 5
# It has to be this much faster, or else it is not worth the memory that it takes.
_SHARE = 0.8


def form_for_one(
    compiled: Callable[[], Iterable[bytes] | None], schema: Schema, first: bytes, rows: Rows, theirs: Answers
) -> tuple[OneRow, bytes] | None:
    """The first of the forms that `compiled` makes that is equal, with its proof and what a row takes it.

    `rows` are those that it is compared on, `theirs` is what the estimator answers, and `first` the model
    that it has to be faster than. None where there is no such form.
    """
    try:
        for content in compiled() or ():
            found = _kept(content, schema, first, rows, theirs)
            if found is not None:
                return found, content
    # Whatever is wrong with it (ONNX Runtime has errors without a common root), the first one will do.
    except Exception:
        return None
    return None


def _kept(content: bytes, schema: Schema, first: bytes, rows: Rows, theirs: Answers) -> OneRow | None:
    form = one_row_from_bytes(content)
    try:
        parity = prove_equal(schema, RowByRow(form), rows, theirs)
    # A row that it fails at is a row at which it is not equal.
    except Exception:
        return None
    slow, fast = _microseconds(OnnxModel(first), rows), _microseconds(form, rows)
    return OneRow(FILE, parity, round(fast, 2), round(slow, 2)) if fast <= slow * _SHARE else None


def _microseconds(model: Form, rows: Rows) -> float:
    """What a row takes, of processor time; other rows each time, as in requests."""
    some = rows[np.arange(_ROWS) % len(rows)]
    texts = [["" if text is None else text for text in row] for row in some.texts.tolist()]
    asked = list(zip(some.numbers.tolist(), texts, strict=True))
    taken = []
    for _ in range(_ROUNDS):
        started = time.thread_time()
        for numbers, own in asked:
            model.predict_one(numbers, own)
        taken.append((time.thread_time() - started) / _ROWS * 1e6)
    return float(np.median(taken))
