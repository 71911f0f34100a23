"""Gradient boosting, both kinds: a starting point, a sum over trees, and a link to probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.graph import INT64
from api.runtime.compiling.grids import gridded
from api.runtime.compiling.linear import two_classes
from api.runtime.compiling.trees import Tree, summed, to_single, tree_of


def gradient_regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """GradientBoostingRegressor."""
    return Outputs(values=c.graph.flat(_gradient_raw(c, estimator, blocks)))


def gradient_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """GradientBoostingClassifier; its exponential loss counts the sum twice."""
    raw = _gradient_raw(c, estimator, blocks)
    linked = raw
    if estimator.loss == "exponential":
        linked = c.graph.add("Mul", raw, c.graph.doubles(2.0))
    return _linked(c, raw, linked, len(estimator.classes_), at_zero="GreaterOrEqual")


def _gradient_raw(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    if not isinstance(estimator.init_, str) and type(estimator.init_).__name__ not in (
        "DummyClassifier",
        "DummyRegressor",
    ):
        raise CannotCompile("it starts from the answers of another estimator")
    start = estimator._raw_predict_init(np.zeros((1, estimator.n_features_in_)))
    trees, targets = [], []
    for stage in estimator.estimators_:
        for target, one in enumerate(stage):
            trees.append(_scaled(tree_of(one), estimator.learning_rate))
            targets.append(target)
    sums = _sums(c, to_single(c, c.dense(blocks)), trees, targets, missing=False)
    return c.graph.add("Add", sums, c.graph.doubles(start))


def _sums(c: Compilation, tensor: str, trees: list[Tree], targets: list[int], *, missing: bool) -> str:
    if c.many_rows:
        return gridded(c, tensor, trees, targets, missing=missing)
    return summed(c, tensor, trees, targets)


def _scaled(tree: Tree, rate: float) -> Tree:
    return Tree(
        tree.feature,
        tree.threshold,
        tree.left,
        tree.right,
        tree.is_leaf,
        tree.missing_left,
        tree.values * rate,
    )


def histogram_regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """HistGradientBoostingRegressor, with the logarithmic link of its Poisson and gamma losses."""
    raw = c.graph.flat(_histogram_raw(c, estimator, blocks))
    link = type(estimator._loss.link).__name__
    if link not in ("IdentityLink", "LogLink"):
        raise CannotCompile(f"its link is {link}")
    return Outputs(values=raw if link == "IdentityLink" else c.graph.add("Exp", raw))


def histogram_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """HistGradientBoostingClassifier."""
    raw = _histogram_raw(c, estimator, blocks)
    return _linked(c, raw, raw, len(estimator.classes_), at_zero="Greater")


def _linked(c: Compilation, raw: str, linked: str, classes: int, at_zero: str) -> Outputs:
    """Sigmoid or softmax of `linked`; of two classes, `at_zero` compares for the second."""
    graph = c.graph
    if classes > 2:
        softmax = graph.add("Softmax", linked, axis=1)
        return Outputs(classes=graph.first_largest(raw), probabilities=softmax, decision=raw)
    above = graph.add("Cast", graph.add(at_zero, raw, graph.doubles(0.0)), to=INT64)
    probabilities = two_classes(c, graph.add("Sigmoid", linked))
    return Outputs(classes=graph.flat(above), probabilities=probabilities, decision=raw)


def _histogram_raw(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    """The raw sums (rows, 1 or classes). Its trees compare in double precision, so nothing is rounded."""
    if estimator._preprocessor is not None:
        # It encodes the categories it splits on, and moves them to the front.
        blocks = c.transform(estimator._preprocessor, blocks)
    tensor = c.dense(blocks)
    width = estimator._bin_mapper.n_bins_non_missing_.size
    splits = _CategorySplits(width)
    trees, targets = [], []
    for stage in estimator._predictors:
        for target, one in enumerate(stage):
            trees.append(_histogram_tree(one, splits))
            targets.append(target)
    sums = _sums(c, splits.beside(c, tensor), trees, targets, missing=True)
    return c.graph.add("Add", sums, c.graph.doubles(estimator._baseline_prediction))


class _CategorySplits:
    """Splits on a set of categories: each becomes a column that is 0 where a row goes left, and 1 else."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._splits: list[tuple[int, NDArray[np.float64]]] = []

    def column(self, feature: int, goes_left: NDArray[np.bool_], missing_left: bool) -> int:
        """The number of the column for one split; `goes_left` is by category."""
        sides = np.append(~goes_left, not missing_left).astype(np.float64)
        self._splits.append((feature, sides))
        return self._width + len(self._splits) - 1

    def beside(self, c: Compilation, tensor: str) -> str:
        """`tensor` with the columns of all splits after its own."""
        graph = c.graph
        parts = [tensor]
        for feature, sides in self._splits:
            values = graph.columns(tensor, [feature])
            last = graph.doubles(float(len(sides) - 1))
            index = graph.add("Where", graph.add("IsNaN", values), last, values)
            parts.append(
                graph.add("Gather", graph.doubles(sides), graph.add("Cast", index, to=INT64), axis=0)
            )
        return graph.beside(parts)


def _histogram_tree(predictor: Any, splits: _CategorySplits) -> Tree:
    nodes = predictor.nodes
    feature, threshold = nodes["feature_idx"].astype(np.int64), nodes["num_threshold"].astype(np.float64)
    for at in np.flatnonzero(nodes["is_categorical"].astype(bool) & ~nodes["is_leaf"].astype(bool)):
        bits = predictor.raw_left_cat_bitsets[nodes["bitset_idx"][at]]
        goes_left = (bits[np.arange(256) // 32] >> (np.arange(256) % 32)) & 1 == 1
        feature[at] = splits.column(int(feature[at]), goes_left, bool(nodes["missing_go_to_left"][at]))
        threshold[at] = 0.5
    return Tree(
        feature=feature,
        threshold=threshold,
        left=nodes["left"].astype(np.int64),
        right=nodes["right"].astype(np.int64),
        is_leaf=nodes["is_leaf"].astype(bool),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        values=nodes["value"].astype(np.float64)[:, None],
    )
