"""Support vector machines: SVC, NuSVC, SVR, NuSVR."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.linear import decide


def regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """SVR and NuSVR."""
    product = c.graph.add(
        "MatMul", _kernel(c, estimator, blocks), c.graph.doubles(_filled(estimator.dual_coef_).T)
    )
    return Outputs(values=c.graph.flat(c.graph.add("Add", product, c.graph.doubles(estimator.intercept_))))


def classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """SVC and NuSVC: each pair of classes decides, and the class with the most votes wins.

    Its own probabilities come from an iteration that stops early, and are not compiled.
    """
    graph, classes = c.graph, len(estimator.classes_)
    if estimator._effective_probability:
        raise CannotCompile("its probabilities come from an iteration that stops early")
    product = graph.add("MatMul", _kernel(c, estimator, blocks), graph.doubles(_pair_weights(estimator)))
    pairs = graph.add("Add", product, graph.doubles(estimator._intercept_))
    if classes == 2:
        decision = graph.add("Neg", pairs)
        return Outputs(classes=decide(c, decision, 2), decision=decision)
    votes = _votes(c, pairs, classes)
    decision = _one_vs_rest(c, pairs, votes, classes)
    if estimator.decision_function_shape == "ovo":
        return Outputs(classes=graph.first_largest(votes), decision=pairs)
    chosen = graph.first_largest(decision if estimator.break_ties else votes)
    return Outputs(classes=chosen, decision=decision)


def _kernel(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    """(rows, support vectors)."""
    graph, tensor = c.graph, c.dense(blocks)
    vectors = _filled(estimator.support_vectors_)
    if estimator.kernel == "rbf":
        return graph.add("Exp", _times(c, _squared_distances(c, tensor, vectors), -estimator._gamma))
    product = graph.add("MatMul", tensor, graph.doubles(vectors.T))
    if estimator.kernel == "linear":
        return product
    if estimator.kernel not in ("poly", "sigmoid"):
        raise CannotCompile(f"its kernel is {estimator.kernel!r}")
    scaled = graph.add("Add", _times(c, product, estimator._gamma), graph.doubles(estimator.coef0))
    if estimator.kernel == "poly":
        return graph.add("Pow", scaled, graph.doubles(estimator.degree))
    return graph.add("Tanh", scaled)


def _filled(matrix: Any) -> NDArray[np.float64]:
    """A matrix as an array, also one that was learnt from a sparse table."""
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, dtype=np.float64)


def _squared_distances(c: Compilation, tensor: str, vectors: NDArray[np.float64]) -> str:
    """(rows, vectors), as |x|² + |v|² - 2 x·v, seen from the vectors' middle so that few digits are lost."""
    graph, middle = c.graph, vectors.mean(axis=0)
    graph.holds(len(vectors))
    rows, seen = graph.add("Sub", tensor, graph.doubles(middle)), vectors - middle
    lengths = graph.total(graph.add("Mul", rows, rows), axis=1)
    product = graph.add("MatMul", rows, graph.doubles(-2.0 * seen.T))
    known = graph.add("Add", product, graph.doubles((seen**2).sum(axis=1)))
    return graph.add("Max", graph.add("Add", known, lengths), graph.doubles(0.0))


def _times(c: Compilation, tensor: str, factor: float) -> str:
    return c.graph.add("Mul", tensor, c.graph.doubles(factor))


def _pair_weights(estimator: Any) -> NDArray[np.float64]:
    """(support vectors, pairs): how much each vector counts in the decision between two classes.

    libsvm keeps a vector of class i once for each other class: before i's own place for later classes.
    """
    dual, counts = _filled(estimator._dual_coef_), estimator.n_support_
    starts = np.concatenate([[0], np.cumsum(counts)])
    weights = []
    for first, second in combinations(range(len(counts)), 2):
        column = np.zeros(dual.shape[1])
        ours, theirs = slice(starts[first], starts[first + 1]), slice(starts[second], starts[second + 1])
        column[ours], column[theirs] = dual[second - 1, ours], dual[first, theirs]
        weights.append(column)
    return np.array(weights).T


def _votes(c: Compilation, pairs: str, classes: int) -> str:
    """(rows, classes): how many of its pairs each class wins; a pair goes to its first class above zero."""
    first, second = (np.zeros((classes * (classes - 1) // 2, classes)) for _ in range(2))
    for at, (i, j) in enumerate(combinations(range(classes), 2)):
        first[at, i] = second[at, j] = 1.0
    graph = c.graph
    won = graph.to_double(graph.add("Greater", pairs, graph.doubles(0.0)))
    lost = graph.add("Sub", graph.doubles(1.0), won)
    return graph.add(
        "Add",
        graph.add("MatMul", won, graph.doubles(first)),
        graph.add("MatMul", lost, graph.doubles(second)),
    )


def _one_vs_rest(c: Compilation, pairs: str, votes: str, classes: int) -> str:
    """scikit-learn's decision function: the votes, and within a third of a vote the confidence."""
    signs = np.zeros((classes * (classes - 1) // 2, classes))
    for at, (i, j) in enumerate(combinations(range(classes), 2)):
        signs[at, i], signs[at, j] = 1.0, -1.0
    graph = c.graph
    confidence = graph.add("MatMul", pairs, graph.doubles(signs))
    limit = graph.add("Add", graph.add("Abs", confidence), graph.doubles(1.0))
    return graph.add("Add", votes, graph.add("Div", confidence, _times(c, limit, 3.0)))
