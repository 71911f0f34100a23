"""Boosted histograms, fitted to many rows in little memory.

HistGradientBoosting reads doubles, and then works on bins of one byte each. Here the rows are put into bins a
piece at a time, so that the doubles of all rows are never there at once: an eighth of the memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
from sklearn.utils._openmp_helpers import _openmp_effective_n_threads

# What HistGradientBoosting takes by default, and one bin more for what is missing.
_BINS = 256


@dataclass(frozen=True)
class Bins:
    """Rows in bins (rows, columns), and what puts rows into bins."""

    mapper: Any
    binned: NDArray[np.uint8]


def bin_mapper(sample: NDArray[np.float64]) -> Any:
    """What puts rows into bins, whose edges are chosen by a sample of them (rows, columns)."""
    columns = sample.shape[1]
    mapper = _BinMapper(
        n_bins=_BINS,
        is_categorical=np.zeros(columns, dtype=np.uint8),
        known_categories=[None] * columns,
        random_state=0,
        n_threads=_openmp_effective_n_threads(),
    )
    return mapper.fit(sample)


def in_bins(mapper: Any, columns: int, rows: int, pieces: Iterable[NDArray[np.float64]]) -> Bins:
    """So many rows, which `pieces` (some rows, columns) are in order, in the bins of a mapper."""
    binned = np.empty((rows, columns), dtype=np.uint8, order="F")
    at = 0
    for piece in pieces:
        binned[at : at + len(piece)] = mapper.transform(np.ascontiguousarray(piece, dtype=np.float64))
        at += len(piece)
    return Bins(mapper, binned)


def fit_to_bins(estimator: Any, bins: Bins, values: NDArray[Any]) -> Any:
    """Fit a HistGradientBoosting estimator without early stopping to rows in bins."""

    def ready(*given: Any, **named: Any) -> NDArray[np.uint8]:
        estimator._bin_mapper = bins.mapper
        return bins.binned

    # It takes this for its own way to put rows into bins, and looks at the shape only of what it is given.
    estimator._bin_data = ready
    try:
        estimator.fit(np.broadcast_to(np.float64(0), bins.binned.shape), values)
    finally:
        del estimator._bin_data
    return estimator
