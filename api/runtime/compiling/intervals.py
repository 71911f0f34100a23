"""Which interval between the thresholds of its feature a value is in, for many rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import FLOAT
from api.runtime.compiling.trees import Tree, summed

# Up to so many thresholds a feature it is faster to compare with all of them than to search.
_COMPARED = 100

# The thresholds of some trees by feature, sorted.
Splits = dict[int, NDArray[np.float64]]


def splits_of(tree: Tree) -> Splits:
    """The thresholds of one tree."""
    inner = ~tree.is_leaf
    used = np.unique(tree.feature[inner]).tolist()
    return {one: np.unique(tree.threshold[inner & (tree.feature == one)]) for one in used}


def joined(parts: Sequence[Splits]) -> Splits:
    """The thresholds of several, each once; the features in order."""
    found: dict[int, list[NDArray[np.float64]]] = {}
    for part in parts:
        for feature, own in part.items():
            found.setdefault(feature, []).append(own)
    return {feature: np.unique(np.concatenate(found[feature])) for feature in sorted(found)}


def intervals(c: Compilation, tensor: str, splits: Splits, *, missing: bool) -> list[str]:
    """For each feature of `splits` the number of each row's interval: (rows,), 32-bit.

    It is how many of the thresholds are below the value, and where values can be `missing` one more than
    the last of them for one that is.
    """
    graph, features = c.graph, list(splits)
    picked = graph.columns(tensor, features)
    most = max(len(one) for one in splits.values())
    if most <= _COMPARED:
        # A search takes branches that a processor cannot foresee; a comparison with all takes none.
        padded = [np.pad(one, (0, most - len(one)), constant_values=np.inf) for one in splits.values()]
        deep = graph.add("Unsqueeze", picked, graph.integers([2]))
        graph.holds(most * len(features))
        above = graph.add("Greater", deep, graph.doubles(padded))
        numbers = graph.total(graph.add("Cast", above, to=FLOAT), axis=2, keep=False)
    else:
        searches = [_search(at, one) for at, one in enumerate(splits.values())]
        numbers = graph.add("Cast", summed(c, picked, searches, range(len(features))), to=FLOAT)
    if missing:
        last = graph.constant(np.array([[len(one) + 1 for one in splits.values()]], dtype=np.float32))
        numbers = graph.add("Where", graph.add("IsNaN", picked), last, numbers)
    whole = graph.add("Cast", numbers, to=TensorProto.INT32)
    return [graph.add("Gather", whole, graph.integers(at), axis=1) for at in range(len(features))]


def _search(feature: int, splits: NDArray[np.float64]) -> Tree:
    """A tree that finds the interval of a value."""
    nodes: list[tuple[float, int, int, float]] = []

    def add(low: int, high: int) -> int:
        here = len(nodes)
        if low == high:
            nodes.append((0.0, -1, -1, float(low)))
            return here
        middle = (low + high) // 2
        nodes.append((0.0, 0, 0, 0.0))
        nodes[here] = (float(splits[middle]), add(low, middle), add(middle + 1, high), 0.0)
        return here

    add(0, len(splits))
    thresholds, left, right, values = (np.array(one) for one in zip(*nodes, strict=True))
    return Tree(
        feature=np.full(len(nodes), feature),
        threshold=thresholds,
        left=left,
        right=right,
        is_leaf=left == -1,
        missing_left=np.zeros(len(nodes), dtype=bool),
        values=values[:, None],
    )
