"""Whether the trees of an estimator are trees: scikit-learn follows their indices without looking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnreadableModel


def check_trees(estimator: Any) -> None:
    """Refuse an estimator with a tree whose branches lead outside it or in a circle, or read no column.

    Raises UnreadableModel. A file made for it could otherwise read or crash the memory of whoever predicts.
    """
    for one in _all_parts(estimator):
        if type(one).__name__ == "Tree" and hasattr(one, "children_left"):
            inner = one.children_left != -1
            _check(one.children_left, one.children_right, inner)
            _check_columns(one.feature[inner], one.n_features)
        elif type(one).__name__ == "TreePredictor":
            inner = one.nodes["is_leaf"] == 0
            _check(one.nodes["left"].astype(np.int64), one.nodes["right"].astype(np.int64), inner)
        elif hasattr(one, "_predictors") and hasattr(one, "_bin_mapper"):
            trees = [tree.nodes for stage in one._predictors for tree in stage]
            columns = np.concatenate([nodes["feature_idx"][nodes["is_leaf"] == 0] for nodes in trees])
            _check_columns(columns.astype(np.int64), len(one._bin_mapper.n_bins_non_missing_))


def _check(left: NDArray[np.int64], right: NDArray[np.int64], inner: NDArray[np.bool_]) -> None:
    # Both kinds of tree number a branch after the node it comes from, so no path can come back.
    places = np.arange(len(inner))[inner]
    for branch in (left[inner], right[inner]):
        if not ((branch > places) & (branch < len(inner))).all():
            raise UnreadableModel("it holds a tree whose branches lead outside it.")


def _check_columns(columns: NDArray[np.int64], count: int) -> None:
    if not ((columns >= 0) & (columns < count)).all():
        raise UnreadableModel("it holds a tree that reads columns which it does not have.")


def _all_parts(root: Any) -> Iterator[Any]:
    """Everything an object holds, itself included, each thing once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, str | bytes | int | float):
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple | set):
            waiting += one
        elif isinstance(one, np.ndarray):
            waiting += list(one.ravel()) if one.dtype == np.object_ else []
        else:
            waiting += getattr(one, "__dict__", {}).values()
