"""KNeighborsClassifier and KNeighborsRegressor with Euclidean or Manhattan distances."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.graph import DOUBLE


def regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """The weighted mean of the neighbours' values."""
    if np.ndim(estimator._y) != 1:
        raise CannotCompile("it predicts several targets at once")
    return Outputs(values=c.graph.flat(_mean(c, estimator, blocks, np.asarray(estimator._y)[:, None])))


def classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """The weighted share of the neighbours in each class."""
    if estimator.outputs_2d_:
        raise CannotCompile("it predicts several targets at once")
    shares = _mean(c, estimator, blocks, np.eye(len(estimator.classes_))[estimator._y])
    return Outputs(classes=c.graph.first_largest(shares), probabilities=shares)


def _mean(c: Compilation, estimator: Any, blocks: Blocks, values: Any) -> str:
    """(rows, k): the neighbours' rows of `values` (training rows, k), averaged."""
    graph = c.graph
    if estimator.weights not in ("uniform", "distance"):
        raise CannotCompile("its weights are a function of its own")
    distances = _distances(c, estimator, c.dense(blocks))
    nearest, found = _nearest(c, distances, estimator.n_neighbors)
    near = graph.add("Gather", graph.doubles(values), found, axis=0)
    if estimator.weights == "uniform":
        total = graph.total(near, axis=1, keep=False)
        return graph.add("Div", total, graph.doubles(float(estimator.n_neighbors)))
    weights = _inverse(c, nearest)
    weighted = graph.add("Mul", near, graph.add("Unsqueeze", weights, graph.integers([2])))
    return graph.add("Div", graph.total(weighted, axis=1, keep=False), graph.total(weights, axis=1))


def _distances(c: Compilation, estimator: Any, tensor: str) -> str:
    """(rows, training rows), difference by difference, so that ties stay ties."""
    graph = c.graph
    metric, power = estimator.effective_metric_, getattr(estimator, "p", 2)
    known = estimator._fit_X
    if not isinstance(known, np.ndarray) or metric not in ("euclidean", "manhattan"):
        raise CannotCompile(f"its distance is {metric!r} with p={power!r}, or its rows are sparse")
    graph.holds(known.size)
    apart = graph.add("Sub", graph.add("Unsqueeze", tensor, graph.integers([1])), graph.doubles(known))
    if metric == "manhattan":
        return graph.total(graph.add("Abs", apart), axis=2, keep=False)
    return graph.add("Sqrt", graph.total(graph.add("Mul", apart, apart), axis=2, keep=False))


def _nearest(c: Compilation, distances: str, count: int) -> tuple[str, str]:
    """The distances and the indices of the nearest, each of shape (rows, count)."""
    values, found = c.graph.add_two("TopK", distances, c.graph.integers([count]), axis=1, largest=0, sorted=1)
    return values, found


def _inverse(c: Compilation, nearest: str) -> str:
    """1 / distance; where a distance is zero, the neighbours at zero count alone, and equally."""
    graph = c.graph
    zero = graph.add("Equal", nearest, graph.doubles(0.0))
    at_zero = graph.add("Cast", zero, to=DOUBLE)
    any_zero = graph.add("Greater", graph.total(at_zero, axis=1), graph.doubles(0.0))
    inverse = graph.add("Div", graph.doubles(1.0), graph.add("Where", zero, graph.doubles(1.0), nearest))
    return graph.add("Where", any_zero, at_zero, inverse)
