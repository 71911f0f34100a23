"""GaussianNB."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs


def gaussian(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """GaussianNB: the logarithm of each class's density, in scikit-learn's own order of terms."""
    graph = c.graph
    # (rows, 1, fields) - (classes, fields), so that nothing is lost to expanding the square.
    rows = graph.add("Unsqueeze", c.dense(blocks), graph.integers([1]))
    apart = graph.add("Sub", rows, graph.doubles(estimator.theta_))
    squares = graph.add("Div", graph.add("Mul", apart, apart), graph.doubles(estimator.var_))
    exponents = graph.add("Mul", graph.total(squares, axis=2, keep=False), graph.doubles(0.5))
    constant = np.log(estimator.class_prior_) - 0.5 * np.sum(np.log(2.0 * np.pi * estimator.var_), axis=1)
    joint = graph.add("Sub", graph.doubles(constant), exponents)
    return Outputs(classes=graph.first_largest(joint), probabilities=graph.add("Softmax", joint, axis=1))
