"""Decision trees and forests of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.means import mean_for_many
from api.runtime.compiling.trees import Tree, leaf_values, to_single, tree_of


def classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """A tree's leaf holds probabilities; a forest gives their mean."""
    probabilities = _mean(c, estimator, blocks)
    return Outputs(classes=c.graph.first_largest(probabilities), probabilities=probabilities)


def regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """A tree's leaf holds a value; a forest gives their mean."""
    return Outputs(values=c.graph.flat(_mean(c, estimator, blocks)))


def _mean(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    """(rows, outputs): summed tree by tree and then divided, as scikit-learn does: equal to the last bit."""
    if estimator.n_outputs_ != 1:
        raise CannotCompile("it predicts several targets at once")
    return mean_of(
        c, c.dense(blocks), [tree_of(one) for one in getattr(estimator, "estimators_", [estimator])]
    )


def mean_of(c: Compilation, tensor: str, trees: Sequence[Tree]) -> str:
    """The mean of what trees answer to a double tensor: (rows, outputs)."""
    single = to_single(c, tensor)
    mean = mean_for_many(c, single, trees) if c.many_rows else None
    if mean is not None:
        return mean
    total = c.graph.total(leaf_values(c, single, trees), axis=1, keep=False)
    return total if len(trees) == 1 else c.graph.add("Div", total, c.graph.doubles(float(len(trees))))
