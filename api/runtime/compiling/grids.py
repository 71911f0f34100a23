"""Sums of trees as tables, for many rows: a sum of trees is constant between their thresholds.

A group of trees has a table with a cell for each combination of intervals of its features. A row is looked up
once for each group, and not once for each node of each tree: twenty times faster where few features share
thresholds, and slower where they do not, which is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import INT64
from api.runtime.compiling.trees import Tree, summed

# A group's table fits a processor's nearest cache: 32 kB.
_CELLS = 4096
# All tables together: 4 MB.
_MOST_CELLS = 500_000

Splits = dict[int, NDArray[np.float64]]


@dataclass(slots=True)
class _Group:
    """Trees of one target, and the thresholds that they have together, sorted, by feature."""

    target: int
    splits: Splits = field(default_factory=dict)
    trees: list[Tree] = field(default_factory=list)

    def with_tree(self, tree: Tree) -> Splits:
        """The thresholds that the group would have with this tree."""
        joined = dict(self.splits)
        for feature, own in _splits(tree).items():
            joined[feature] = np.union1d(joined[feature], own) if feature in joined else own
        return joined


def gridded(
    c: Compilation, tensor: str, trees: Sequence[Tree], targets: Sequence[int], *, missing: bool
) -> str:
    """The sums of the trees' single outputs, each tree counted for its target: (rows, targets).

    `missing` is whether values can be. Raises CannotCompile where the tables would be too large.
    """
    groups = _groups(trees, targets, missing)
    whole: Splits = {}
    for group in groups:
        for feature, own in group.splits.items():
            whole[feature] = np.union1d(whole.get(feature, own), own)
    if not whole:
        return summed(c, tensor, trees, targets)
    graph, features = c.graph, sorted(whole)
    picked = graph.columns(tensor, features)
    searches = [_search(at, whole[one]) for at, one in enumerate(features)]
    bins = summed(c, picked, searches, range(len(features)))
    if missing:
        last = graph.doubles([[len(whole[one]) + 1.0 for one in features]])
        bins = graph.add("Where", graph.add("IsNaN", picked), last, bins)
    bins = graph.add("Cast", bins, to=INT64)
    cells = ""
    first = np.cumsum([0, *(_size(group.splits, missing) for group in groups)])
    for at, one in enumerate(features):
        codes = np.stack([_codes(group.splits, one, whole[one], missing) for group in groups], axis=1)
        if at == 0:
            codes += first[:-1]
        which = graph.add("Gather", bins, graph.integers(at), axis=1)
        found = graph.add("Gather", graph.integers(codes), which, axis=0)
        cells = graph.add("Add", cells, found) if cells else found
    tables = [_table(group, missing) for group in groups]
    graph.holds(2 * len(groups))
    values = graph.add("Gather", graph.doubles(np.concatenate(tables)), cells, axis=0)
    counted = np.zeros((len(groups), max(targets) + 1))
    counted[np.arange(len(groups)), [group.target for group in groups]] = 1.0
    return graph.add("MatMul", values, graph.doubles(counted))


def _splits(tree: Tree) -> Splits:
    inner = ~tree.is_leaf
    used = np.unique(tree.feature[inner]).tolist()
    return {one: np.unique(tree.threshold[inner & (tree.feature == one)]) for one in used}


def _size(splits: Splits, missing: bool) -> int:
    return prod(len(one) + 1 + missing for one in splits.values())


def _groups(trees: Sequence[Tree], targets: Sequence[int], missing: bool) -> list[_Group]:
    """The trees in groups of as many, in order, as a table has room for."""
    groups: list[_Group] = []
    for target in sorted(set(targets)):
        own = [tree for tree, one in zip(trees, targets, strict=True) if one == target]
        groups.append(_Group(target))
        for tree in own:
            joined = groups[-1].with_tree(tree)
            if groups[-1].trees and _size(joined, missing) > _CELLS:
                groups.append(_Group(target))
                joined = _splits(tree)
            groups[-1].splits = joined
            groups[-1].trees.append(tree)
    if sum(_size(group.splits, missing) for group in groups) > _MOST_CELLS:
        raise CannotCompile("its tables would be too large")
    return groups


def _search(feature: int, splits: NDArray[np.float64]) -> Tree:
    """A tree that finds the interval of a value: how many of the thresholds are below it."""
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


def _codes(splits: Splits, feature: int, whole: NDArray[np.float64], missing: bool) -> NDArray[np.int64]:
    """What each interval of a feature adds to the number of a group's cell."""
    own = splits.get(feature)
    if own is None:
        return np.zeros(len(whole) + 1 + missing, dtype=np.int64)
    place = list(splits).index(feature)
    step = prod(len(one) + 1 + missing for one in list(splits.values())[place + 1 :])
    codes = np.append(np.searchsorted(own, whole, side="left"), len(own))
    return step * (np.append(codes, len(own) + 1) if missing else codes)


def _table(group: _Group, missing: bool) -> NDArray[np.float64]:
    """The sums of a group's trees in each of its cells."""
    ends = [np.array([*one, np.inf, *([np.nan] if missing else [])]) for one in group.splits.values()]
    grid = np.meshgrid(*ends, indexing="ij")
    values = {feature: one.ravel() for feature, one in zip(group.splits, grid, strict=True)}
    sums = np.zeros(_size(group.splits, missing))
    for tree in group.trees:
        sums += _answers(tree, values, len(sums))
    return sums


def _answers(tree: Tree, values: dict[int, NDArray[np.float64]], rows: int) -> NDArray[np.float64]:
    """What a tree answers, given a column of values for each feature."""
    answers = np.empty(rows)
    waiting: list[tuple[int, NDArray[np.int64]]] = [(0, np.arange(rows))]
    while waiting:
        node, which = waiting.pop()
        if tree.is_leaf[node]:
            answers[which] = tree.values[node, 0]
            continue
        given = values[int(tree.feature[node])][which]
        goes_left = np.where(np.isnan(given), tree.missing_left[node], given <= tree.threshold[node])
        waiting += [(int(tree.left[node]), which[goes_left]), (int(tree.right[node]), which[~goes_left])]
    return answers
