"""Probe rows: where a compiled model would show that it differs from its estimator. For training only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PERTURBED = 2000
_SPREAD = 2000
_PER_THRESHOLD = 2


def probe_rows(estimator: Any, features: NDArray[np.float64], seed: int = 0) -> NDArray[np.float64]:
    """Thousands of rows of shape (probes, fields) for a model trained on `features` (rows, fields).

    They are the training rows; those rows nudged; rows far outside them; and rows that lie on, just below
    and just above every split point of the estimator's trees.
    """
    random = np.random.default_rng(seed)
    low, high = features.min(axis=0), features.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    nudged = (
        _draw(features, _PERTURBED, random) + random.normal(0, 0.05, (_PERTURBED, features.shape[1])) * width
    )
    spread = random.uniform(low - 2 * width, high + 2 * width, (_SPREAD, features.shape[1]))
    return np.vstack([features, nudged, spread, *_at_split_points(estimator, features, random)])


def _draw(features: NDArray[np.float64], count: int, random: np.random.Generator) -> NDArray[np.float64]:
    return features[random.integers(0, len(features), count)]


def _at_split_points(
    estimator: Any, features: NDArray[np.float64], random: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    points = {(int(field), float(value)) for tree in _trees(estimator) for field, value in _splits(tree)}
    for field, value in sorted(points):
        single = np.float32(value)
        for at in (
            np.nextafter(single, np.float32(-np.inf)),
            single,
            np.nextafter(single, np.float32(np.inf)),
        ):
            rows = _draw(features, _PER_THRESHOLD, random)
            rows[:, field] = at
            yield rows


def _trees(estimator: Any) -> Iterator[Any]:
    """Every scikit-learn tree inside an estimator, however deep."""
    if hasattr(estimator, "tree_"):
        yield estimator.tree_
    for inner in np.ravel(getattr(estimator, "estimators_", [])):
        yield from _trees(inner)


def _splits(tree: Any) -> Iterator[tuple[int, float]]:
    """(field, threshold) of every inner node; a leaf has no left child."""
    inner = tree.children_left != -1
    return zip(tree.feature[inner], tree.threshold[inner], strict=True)
