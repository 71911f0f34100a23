"""What forms for one row are kept as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


def ragged(parts: Sequence[Sequence[float]], name: str) -> dict[str, NDArray[Any]]:
    """Lists of different lengths as two arrays: all their numbers, and how many each has."""
    return {
        name: np.array([value for part in parts for value in part], dtype=np.float64),
        f"{name}_counts": np.array([len(part) for part in parts], dtype=np.int64),
    }


def parts_of(arrays: Arrays, name: str) -> list[list[float]]:
    """The lists that `ragged` was given."""
    values, counts = arrays[name], arrays[f"{name}_counts"]
    if len(values) != counts.sum() or (counts < 0).any():
        raise ValueError(f"{name} and their counts do not fit each other")
    return [part.tolist() for part in np.split(values, np.cumsum(counts)[:-1])] if len(counts) else []
