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
from api.training.tabular_bins import Bins, bin_mapper, fit_to_bins, in_bins
from api.training.tabular_candidates import (
    BINS,
    DOUBLES,
    SINGLES,
    Candidate,
    has_texts,
    most_numbers,
    target_orders,
)
from api.training.tabular_split import Ground
from api.training.tabular_view import View

# What comes before the estimator is fitted to at most so many rows: it learns medians and scales.
_ROWS_TO_PREPARE = 50_000
# By at most so many rows the edges of bins are chosen; scikit-learn itself takes twice as many.
_ROWS_TO_BIN = 100_000
_ROWS_AT_ONCE = 25_000
# Of a text, hundreds of columns are made: then fewer rows are prepared for, and made at once.
_TEXTS_TO_PREPARE, _TEXTS_AT_ONCE = 40_000, 20_000
# Threads are worth it for so many numbers; boosting has them wait for each other some 10,000 times.
_WORTH_THREADS, _WORTH_THREADS_TO_BOOST = 200_000, 2_000_000
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
    texts = has_texts(view.schema)
    some = _some(places, _TEXTS_TO_PREPARE if texts else _ROWS_TO_PREPARE)
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
    if scipy.sparse.issparse(first):
        del first, given
        pieces = list(_pieces(view, rows, transformer))
        return Matrix(transformer, scipy.sparse.vstack(pieces, format="csr"), some=chosen)
    columns, kind = first.shape[1], _KINDS[candidate.takes]
    if candidate.takes != BINS:
        del first, given
        numbers = _joined(_pieces(view, rows, transformer), (len(rows), columns), kind)
        return Matrix(transformer, numbers, some=chosen)
    if not texts:
        del first, given
        sample = _some(rows, _ROWS_TO_BIN)
        first = _joined(_pieces(view, sample, transformer), (len(sample), columns), kind)
    mapper = bin_mapper(np.asarray(first, dtype=kind))
    del first
    bins = in_bins(mapper, columns, len(rows), _pieces(view, rows, transformer))
    return Matrix(transformer, bins=bins, some=chosen)


def _some(places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of the places, drawn evenly, in order."""
    if len(places) <= most:
        return places
    return np.sort(np.random.default_rng(0).choice(places, most, replace=False))


def _joined(pieces: Iterator[Any], shape: tuple[int, int], kind: Any) -> NDArray[Any]:
    """The pieces of a matrix below each other; its columns are contiguous."""
    made = np.empty(shape, dtype=kind, order="F")
    at = 0
    for piece in pieces:
        made[at : at + len(piece)] = piece
        at += len(piece)
    return made


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
            with threads_for(matrix.bins.binned.size, _WORTH_THREADS_TO_BOOST):
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
    worth = _WORTH_THREADS_TO_BOOST if candidate.takes == BINS else _WORTH_THREADS
    with threads_for(numbers.size, worth):
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


def threads_for(numbers: int, worth: int = _WORTH_THREADS) -> Any:
    """As many threads as are worth it: over little work they wait for each other longer than one works."""
    return threadpool_limits(1 if numbers < worth else None)
