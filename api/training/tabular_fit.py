"""Fitting a candidate to many rows in little memory, and asking it about many."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it carries no types

from api.runtime.frame import natural_frame
from api.training.tabular_bins import Bins, fit_to_bins, in_bins
from api.training.tabular_candidates import (
    BINS,
    DOUBLES,
    SINGLES,
    Candidate,
    has_texts,
    most_numbers,
    target_orders,
)
from api.training.tabular_columns import View
from api.training.tabular_split import Ground

# What comes before the estimator is fitted to at most so many rows: it learns medians and scales.
_ROWS_TO_PREPARE = 200_000
_ROWS_AT_ONCE = 100_000
# Of a text, hundreds of columns are made: then fewer rows are prepared for, and made at once.
_TEXTS_TO_PREPARE, _TEXTS_AT_ONCE = 40_000, 20_000
_WORTH_THREADS = 200_000
# In which precision a matrix of few rows is; of many rows, bins are made of doubles in pieces.
_KINDS = {DOUBLES: np.float64, SINGLES: np.float32, BINS: np.float64}


@dataclass(frozen=True)
class Matrix:
    """What an estimator is fitted to: numbers (rows, k), or bins of them; and the transformer they come from.

    `prepare` is None where the numbers are the fields as they are. The numbers may be a sparse matrix. `some`
    are the places of its rows among those that were asked for, None where they are all there.
    """

    prepare: Any
    numbers: Any = None
    bins: Bins | None = None
    some: NDArray[np.int64] | None = None


def prepared(candidate: Candidate, ground: Ground, places: NDArray[np.int64]) -> Matrix:
    """The matrix of the truth's rows at `places` for a candidate; that of many rows is made in pieces.

    Its columns are contiguous, which is how trees read them.
    """
    view, truth = ground.view, ground.truth
    most = _TEXTS_TO_PREPARE if has_texts(view.schema) else _ROWS_TO_PREPARE
    some = places
    if len(places) > most:
        some = np.sort(np.random.default_rng(0).choice(places, most, replace=False))
    given = view.rows(truth.rows[some])
    orders = {}
    if view.schema.text_positions:
        orders = target_orders(view.schema, given.texts, truth.values[some], len(truth.target.classes))
    transformer = candidate.prepare(view.schema, orders)
    frame = natural_frame(view.schema)
    first = frame.of(given)
    if transformer is not None:
        first = transformer.fit_transform(first, truth.values[some])
    if some is places:
        return Matrix(transformer, _as_wanted(first, candidate.takes))
    chosen = _affordable(candidate, view, first, len(places))
    rows = truth.rows[places if chosen is None else places[chosen]]
    pieces = _pieces(view, rows, transformer)
    if candidate.takes == BINS:
        bins = in_bins(np.asarray(first, dtype=np.float64), len(rows), pieces)
        return Matrix(transformer, bins=bins, some=chosen)
    if scipy.sparse.issparse(first):
        del first, given
        return Matrix(transformer, scipy.sparse.vstack(list(pieces), format="csr"), some=chosen)
    numbers = np.empty((len(rows), first.shape[1]), dtype=_KINDS[candidate.takes], order="F")
    del first, given
    at = 0
    for piece in pieces:
        numbers[at : at + len(piece)] = piece
        at += len(piece)
    return Matrix(transformer, numbers, some=chosen)


def _as_wanted(numbers: Any, takes: str) -> Any:
    """A matrix in the form that an estimator works on, which a sparse one is in already."""
    if scipy.sparse.issparse(numbers):
        return numbers.tocsr()
    return np.asarray(numbers, dtype=_KINDS[takes], order="F")


def _affordable(candidate: Candidate, view: View, first: Any, rows: int) -> NDArray[np.int64] | None:
    """Which of so many rows of texts there is memory for, None where for all; `first` are some of them."""
    most = most_numbers(candidate, view.schema)
    if not has_texts(view.schema) or most is None:
        return None
    # Of a sparse matrix the size is how many numbers it holds.
    count = int(most / max(1.0, first.size / first.shape[0]))
    return None if count >= rows else np.sort(np.random.default_rng(0).choice(rows, count, replace=False))


def _rows_at_once(view: View) -> int:
    return _TEXTS_AT_ONCE if has_texts(view.schema) else _ROWS_AT_ONCE


def _pieces(view: View, rows: NDArray[np.int64], transformer: Any) -> Iterator[Any]:
    """The rows of a table as a fitted transformer makes them, some at a time."""
    frame, at_once = natural_frame(view.schema), _rows_at_once(view)
    for start in range(0, len(rows), at_once):
        given = frame.of(view.rows(rows[start : start + at_once]))
        yield given if transformer is None else transformer.transform(given)


def fitted(candidate: Candidate, matrix: Matrix, values: NDArray[Any]) -> Any:
    """The candidate fitted to a matrix: an estimator of the schema's rows; `values` are of all asked for."""
    if matrix.some is not None:
        values = values[matrix.some]
    with warnings.catch_warnings():
        # That an optimiser stopped early is seen in the score.
        warnings.simplefilter("ignore")
        if matrix.bins is not None:
            estimator = fit_to_bins(candidate.estimator(len(values)), matrix.bins, values)
        else:
            estimator = _fitted(candidate, matrix.numbers, values)
    if matrix.prepare is None:
        return estimator
    return Pipeline([("prepare", matrix.prepare), ("model", estimator)])


def _fitted(candidate: Candidate, numbers: Any, values: NDArray[Any]) -> Any:
    most = candidate.most_numbers
    if most is not None and numbers.size > most:
        count = most * numbers.shape[0] // numbers.size
        some = np.sort(np.random.default_rng(0).choice(numbers.shape[0], count, replace=False))
        numbers, values = numbers[some], values[some]
    with threads_for(numbers.size):
        return candidate.estimator(numbers.shape[0]).fit(numbers, values)


def answered(
    estimator: Any, view: View, rows: NDArray[np.int64], told: Callable[[float], None] = lambda share: None
) -> NDArray[np.float64]:
    """What an estimator says of rows of the table: probabilities (rows, classes), or values (rows,)."""
    frame, at_once = natural_frame(view.schema), _rows_at_once(view)
    parts = []
    for start in range(0, len(rows), at_once):
        given = frame.of(view.rows(rows[start : start + at_once]))
        parts.append(said(estimator, given))
        told(min(1.0, (start + at_once) / len(rows)))
    return np.concatenate(parts)


def said(estimator: Any, given: Any) -> NDArray[np.float64]:
    """Probabilities (rows, classes), or a regressor's values (rows,)."""
    with threads_for(np.size(given)), warnings.catch_warnings():
        # Categories that it has not seen are told to whoever fits.
        warnings.simplefilter("ignore")
        if hasattr(estimator, "predict_proba"):
            return np.asarray(estimator.predict_proba(given), dtype=np.float64)
        return np.asarray(estimator.predict(given), dtype=np.float64).ravel()


def threads_for(numbers: int) -> Any:
    """As many threads as are worth it: over little work they wait for each other longer than one works."""
    return threadpool_limits(1 if numbers < _WORTH_THREADS else None)
