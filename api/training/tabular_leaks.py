"""Columns that give the target away: one alone predicts it (almost) perfectly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from api.schema.fields import Kind
from api.training.tabular_split import Ground
from api.training.tabular_target import Truth
from api.training.tabular_view import Feature, View

Numbers = NDArray[np.float64]

_LOOKED_AT = 10_000
_FEWEST = 40
_ALMOST_PERFECT = 0.995
_MOST_COLUMNS = 300


def leaks(ground: Ground) -> list[str]:
    """A sentence for each field with which alone a small tree gets nearly every row right."""
    view, truth, places = ground.view, ground.truth, ground.split.training
    if len(places) < _FEWEST:
        return []
    if len(places) > _LOOKED_AT:
        places = np.sort(np.random.default_rng(0).choice(places, _LOOKED_AT, replace=False))
    if truth.classifies and len(np.unique(truth.values[places])) < len(truth.target.classes):
        return []
    # A free text is none of a few values, which a tree could tell apart.
    looked_at = [one for one in view.features if one.field.kind is not Kind.TEXT][:_MOST_COLUMNS]
    found = [one for one in looked_at if _alone(one, view, truth, places)]
    return [
        f"{one.field.name} alone tells {truth.column} nearly always. If it is only known once {truth.column} "
        "is, leave it out of the file: in use the model will not have it."
        for one in found
    ]


def _alone(feature: Feature, view: View, truth: Truth, places: NDArray[np.int64]) -> bool:
    values = view.values(feature, truth.rows[places])
    if feature.field.kind is Kind.CHOICE:
        texts = np.array(["" if one is None else one for one in values], dtype=str)
        _, codes = np.unique(texts, return_inverse=True)
        column = codes.astype(np.float64)
    else:
        column = np.where(np.isnan(values), -1e30, values)
    known = truth.values[places]
    half = np.arange(len(places)) % 2 == 0
    return all(_score(truth, (column, known), part) >= _ALMOST_PERFECT for part in (half, ~half))


def _score(truth: Truth, pair: tuple[Numbers, NDArray[Any]], part: NDArray[np.bool_]) -> float:
    """How well the target is known from a column, learnt from `part` of the rows, asked of the others."""
    (learnt, asked), (known, true) = ((one[part], one[~part]) for one in pair)
    if truth.classifies:
        leaves = max(32, 4 * len(truth.target.classes))
        tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0).fit(learnt[:, None], known)
        return _mean_recall(true, tree.predict(asked[:, None]))
    tree = DecisionTreeRegressor(max_leaf_nodes=64, random_state=0).fit(learnt[:, None], known)
    fit = float(r2_score(true, tree.predict(asked[:, None])))
    if np.ptp(asked) and np.ptp(true):
        # A straight line, which a tree of few leaves comes near only.
        fit = max(fit, float(np.corrcoef(asked, true)[0, 1] ** 2))
    return fit


def _mean_recall(true: NDArray[Any], answered: NDArray[Any]) -> float:
    """The mean share of each class that is found."""
    return float(np.mean([float((answered[true == one] == one).mean()) for one in np.unique(true)]))
