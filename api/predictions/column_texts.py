"""Columns as text: all numbers of a batch are written in one call, and not one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

# Below this Python writes an exponent where orjson does not, or another one: 5e-05 and 0.00005.
SMALL = 1e-4


def number_texts(values: NDArray[np.float64]) -> list[str]:
    """Each of some finite numbers, in row-major order, as `repr` and `json.dumps` write it."""
    flat = np.ascontiguousarray(values).reshape(-1)
    if not len(flat):
        return []
    texts = column_json(flat)[1:-1].decode().split(",")
    small = np.flatnonzero((np.abs(flat) < SMALL) & (flat != 0))
    for at, value in zip(small.tolist(), flat[small].tolist(), strict=True):
        texts[at] = repr(value)
    return texts


def column_json(column: NDArray[Any] | list[Any]) -> bytes:
    """Numbers, booleans or texts as a JSON array; NaN and None are null. An array has to be contiguous."""
    return orjson.dumps(column, option=orjson.OPT_SERIALIZE_NUMPY)
