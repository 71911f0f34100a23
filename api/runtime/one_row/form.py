"""What answers one row, and the file that it is kept in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from api.runtime.answers import Answers, ClassAnswers, OneAnswer, ValueAnswers
from api.runtime.one_row.arrays import Arrays
from api.runtime.one_row.cells import Cells
from api.runtime.one_row.sums import Sums
from api.runtime.rows import Rows

FILE = "one_row.npz"


class OneRow(Protocol):
    """Answers one row at a time; any thread may use it."""

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer:
        """The answer for one row; NaN is a missing number, and an empty text a missing one."""
        ...


class RowByRow:
    """A form for one row as a model of many, for whoever proves it or replays a canary."""

    def __init__(self, form: OneRow) -> None:
        self._form = form

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch, one row after the other."""
        texts = [["" if text is None else text for text in row] for row in rows.texts.tolist()]
        found = [self._form.predict_one(*one) for one in zip(rows.numbers.tolist(), texts, strict=True)]
        numbers = np.array([given for _, given in found], dtype=np.float64)
        classes = [chosen for chosen, _ in found if chosen is not None]
        if not classes:
            return ValueAnswers(numbers.reshape(len(rows)))
        return ClassAnswers(np.array(classes, dtype=np.int64), numbers if numbers.shape[1] else None)


def to_bytes(arrays: Arrays) -> bytes:
    """The content of a file of arrays by their names."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # none is named like its option
    return file.getvalue()


def one_row_from_bytes(content: bytes) -> OneRow:
    """The form whose arrays `to_bytes` wrote; raises KeyError, ValueError or NumPy's errors if it is none."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return Cells(arrays) if "which" in arrays else Sums(arrays)
