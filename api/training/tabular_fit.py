"""Fitting a candidate to many rows in little memory, and asking it about many."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it carries no types

from api.runtime.frame import natural_frame
from api.training.tabular_candidates import Candidate, target_orders
from api.training.tabular_columns import View
from api.training.tabular_split import Ground

# What comes before the estimator is fitted to at most so many rows: it learns medians and scales.
_ROWS_TO_PREPARE = 200_000
_ROWS_AT_ONCE = 100_000
_WORTH_THREADS = 200_000


@dataclass(frozen=True)
class Matrix:
    """The numbers (rows, k) that an estimator is fitted to, and the fitted transformer that made them."""

    prepare: Any
    numbers: NDArray[np.float64]


def prepared(candidate: Candidate, ground: Ground, places: NDArray[np.int64]) -> Matrix:
    """The matrix of the truth's rows at `places` for a candidate; made in pieces, column by column.

    Its columns are contiguous, which is how trees read them.
    """
    view, truth = ground.view, ground.truth
    schema = view.schema
    rows = truth.rows[places]
    some = places
    if len(places) > _ROWS_TO_PREPARE:
        some = np.sort(np.random.default_rng(0).choice(places, _ROWS_TO_PREPARE, replace=False))
    orders = {}
    if schema.text_positions:
        texts = view.rows(truth.rows[some]).texts
        orders = target_orders(schema, texts, truth.values[some], len(truth.target.classes))
    transformer = candidate.prepare(schema, orders)
    if transformer is None:
        numbers = np.empty((len(rows), len(schema.fields)), dtype=np.float64, order="F")
        for at, feature in enumerate(view.features):
            numbers[:, at] = view.values(feature, rows)
        return Matrix(None, numbers)
    frame = natural_frame(schema)
    first = transformer.fit_transform(frame.of(view.rows(truth.rows[some])), truth.values[some])
    if some is places:
        return Matrix(transformer, np.asfortranarray(first, dtype=np.float64))
    numbers = np.empty((len(rows), first.shape[1]), dtype=np.float64, order="F")
    del first
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        numbers[start : start + len(part)] = transformer.transform(frame.of(view.rows(part)))
    return Matrix(transformer, numbers)


def fitted(candidate: Candidate, matrix: Matrix, values: NDArray[Any]) -> Any:
    """The candidate fitted to a matrix: an estimator of the schema's rows."""
    numbers, known = matrix.numbers, values
    most = candidate.most_numbers
    if most is not None and numbers.size > most:
        some = np.sort(np.random.default_rng(0).choice(len(numbers), most // numbers.shape[1], replace=False))
        numbers, known = numbers[some], values[some]
    estimator = candidate.estimator(len(numbers))
    with threads_for(numbers.size), warnings.catch_warnings():
        # That an optimiser stopped early is seen in the score.
        warnings.simplefilter("ignore")
        estimator.fit(numbers, known)
    if matrix.prepare is None:
        return estimator
    return Pipeline([("prepare", matrix.prepare), ("model", estimator)])


def answered(
    estimator: Any, view: View, rows: NDArray[np.int64], told: Callable[[float], None] = lambda share: None
) -> NDArray[np.float64]:
    """What an estimator says of rows of the table: probabilities (rows, classes), or values (rows,)."""
    frame = natural_frame(view.schema)
    parts = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        given = frame.of(view.rows(rows[start : start + _ROWS_AT_ONCE]))
        parts.append(said(estimator, given))
        told(min(1.0, (start + _ROWS_AT_ONCE) / len(rows)))
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
