"""Rows on, just below and just above the split points of an estimator's trees. For training only.

What lies between a row and a tree may be any preprocessing, so a split point is found by halving: two
neighbouring doubles of one field, between which the preprocessed value crosses the threshold.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.frame import Frame
from api.runtime.rows import Rows
from api.schema.fields import Kind

# At most this many split points of one estimator are probed, drawn evenly from all of them.
_MOST = 1500
# Enough halvings to come from a range down to two neighbouring doubles, or next to nothing around zero.
_HALVINGS = 80

Prepare = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Splits:
    """The split points of some trees: what prepares rows for them, the columns and the thresholds."""

    prepare: Prepare
    columns: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    single: bool


def at_split_points(estimator: Any, frame: Frame, base: Rows, seed: int = 0) -> Iterator[Rows]:
    """Rows like those of `base`, with one number moved onto or next to a split point."""
    random = np.random.default_rng(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for splits in _all_splits(estimator, lambda given: given):
            yield from _around(splits, frame, base, random)


def _around(splits: _Splits, frame: Frame, base: Rows, random: np.random.Generator) -> Iterator[Rows]:
    fields = _driving_fields(splits, frame, base)
    chosen = random.permutation(len(splits.columns))[:_MOST]
    pairs = [(fields[int(splits.columns[at])], at) for at in chosen if int(splits.columns[at]) in fields]
    if not pairs:
        return
    field = np.array([one for one, _ in pairs])
    which = np.array([at for _, at in pairs])
    rows = base[random.integers(0, len(base), len(pairs))]
    low, high = np.nanmin(base.numbers, axis=0)[field], np.nanmax(base.numbers, axis=0)[field]

    def is_left(values: NDArray[np.float64]) -> NDArray[np.bool_]:
        prepared = _prepared(splits, frame, _with(rows, field, values))
        found: NDArray[np.bool_] = (
            prepared[np.arange(len(which)), splits.columns[which]] <= splits.thresholds[which]
        )
        return found

    low, high, crosses = _halved(is_left, low, high)
    for values in (low, high, *_single_neighbours(low, high), *_whole_neighbours(frame, field, low)):
        yield _with(rows, field, values)[crosses]


def _halved(
    is_left: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """The neighbouring doubles between which `is_left` changes, and where it changes at all."""
    at_low = is_left(low)
    crosses = at_low != is_left(high)
    for _ in range(_HALVINGS):
        middle = low + (high - low) / 2
        if ((middle <= low) | (middle >= high) | ~crosses).all():
            break
        same = is_left(middle) == at_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return low, high, crosses


def _single_neighbours(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The single-precision numbers around the crossing: what a careless compiler rounds it to."""
    below, above = low.astype(np.float32), high.astype(np.float32)
    return [
        np.nextafter(below, np.float32(-np.inf)).astype(np.float64),
        below.astype(np.float64),
        np.nextafter(above, np.float32(np.inf)).astype(np.float64),
    ]


def _whole_neighbours(
    frame: Frame, field: NDArray[np.int64], low: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """The whole numbers on both sides, for fields that are whole."""
    positions = frame.schema.number_positions
    whole = np.array([frame.schema.fields[positions[one]].kind is Kind.INTEGER for one in field])
    return [np.where(whole, np.floor(low), low), np.where(whole, np.ceil(low), low)] if whole.any() else []


def _driving_fields(splits: _Splits, frame: Frame, base: Rows) -> dict[int, int]:
    """For each prepared column the number field that moves it: the first that does when changed alone."""
    some = base[: min(20, len(base))]
    before = _prepared(splits, frame, some)
    fields: dict[int, int] = {}
    low, high = np.nanmin(base.numbers, axis=0), np.nanmax(base.numbers, axis=0)
    for field in range(base.numbers.shape[1]):
        for value in (low[field], high[field]):
            moved = _with(some, np.full(len(some), field), np.full(len(some), value))
            changed = (_prepared(splits, frame, moved) != before).any(axis=0)
            for column in np.flatnonzero(changed):
                fields.setdefault(int(column), field)
    return fields


def _prepared(splits: _Splits, frame: Frame, rows: Rows) -> NDArray[np.float64]:
    prepared = splits.prepare(frame.of(rows))
    if hasattr(prepared, "toarray"):
        prepared = prepared.toarray()
    values = np.asarray(prepared, dtype=np.float64)
    return values.astype(np.float32).astype(np.float64) if splits.single else values


def _with(rows: Rows, field: NDArray[np.int64], values: NDArray[np.float64]) -> Rows:
    numbers = rows.numbers.copy()
    numbers[np.arange(len(numbers)), field] = values
    return Rows(numbers, rows.texts)


def _all_splits(estimator: Any, prepare: Prepare) -> Iterator[_Splits]:
    """The split points of every tree inside an estimator, however deep."""
    if hasattr(estimator, "steps"):
        before = estimator[:-1]
        yield from _all_splits(
            estimator.steps[-1][1],
            lambda given: before.transform(prepare(given)) if len(before) else prepare(given),
        )
        return
    trees = [one.tree_ for one in _sklearn_trees(estimator)]
    # A voting estimator may hold a tree among other things.
    if trees and len(trees) == max(1, len(_members(estimator))):
        inner = [tree.children_left != -1 for tree in trees]
        columns = np.concatenate([tree.feature[at] for tree, at in zip(trees, inner, strict=True)])
        thresholds = np.concatenate([tree.threshold[at] for tree, at in zip(trees, inner, strict=True)])
        yield _Splits(prepare, columns.astype(np.int64), thresholds, single=True)
    elif hasattr(estimator, "_predictors"):
        yield _histogram_splits(estimator, prepare)
    else:
        for one in _held(estimator):
            yield from _all_splits(one, prepare)


def _sklearn_trees(estimator: Any) -> list[Any]:
    if hasattr(estimator, "tree_"):
        return [estimator]
    # A bagged tree may look at some columns only, and then counts them anew.
    picks = getattr(estimator, "estimators_features_", None)
    if picks is not None and any(len(pick) != estimator.n_features_in_ for pick in picks):
        return []
    return [one for one in _members(estimator) if hasattr(one, "tree_")]


def _members(estimator: Any) -> list[Any]:
    """What `estimators_` holds, which is a list, or an array of several dimensions."""
    members = getattr(estimator, "estimators_", [])
    return list(members.ravel()) if isinstance(members, np.ndarray) else list(members)


def _histogram_splits(estimator: Any, prepare: Prepare) -> _Splits:
    encoder = estimator._preprocessor
    nodes = np.concatenate([one.nodes for stage in estimator._predictors for one in stage])
    nodes = nodes[(nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)]
    ready = prepare if encoder is None else lambda given: encoder.transform(prepare(given))
    return _Splits(
        ready, nodes["feature_idx"].astype(np.int64), nodes["num_threshold"].astype(np.float64), single=False
    )


def _held(estimator: Any) -> list[Any]:
    """The fitted estimators inside a wrapper."""
    folds = [fold.estimator for fold in getattr(estimator, "calibrated_classifiers_", [])]
    several = [one for one in _members(estimator) if hasattr(one, "fit")]
    names = ("best_estimator_", "regressor_", "estimator")
    single = [
        getattr(estimator, name)
        for name in names
        if hasattr(getattr(estimator, name, None), "n_features_in_")
    ]
    return folds or several or single
