"""Groups of trees that share a table: a cell for each combination of intervals of their features.

Trees are constant between their thresholds, so that one cell says what all trees of a group answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import prod

import numpy as np
from numpy.typing import NDArray

from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.intervals import Splits, intervals, joined, splits_of
from api.runtime.compiling.trees import Tree

# A group's table fits a processor's nearest cache: 32 kB.
CELLS = 4096
# The next tree of a group is the best of so many, which bounds the time that it takes to find.
_LOOKED_AT = 200

_Marks = dict[int, int]


@dataclass(slots=True)
class Group:
    """Trees, whose values are summed in their order, and the thresholds that they have together."""

    splits: Splits
    missing: bool
    trees: list[Tree] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many cells its table has."""
        return _size(self.splits, self.missing)

    def sums(self) -> NDArray[np.float64]:
        """What its trees answer in each of its cells, summed in order: (cells, outputs)."""
        sums = np.zeros((self.size, self.trees[0].values.shape[1]))
        for tree in self.trees:
            own = splits_of(tree)
            places = [codes(own, one, whole, self.missing) for one, whole in self.splits.items()]
            cells = reduce(np.add.outer, places, np.zeros((), dtype=np.int64)).ravel()
            sums += tree.values[_leaves(tree, own, self.missing)[cells]]
        return sums


def _size(splits: Splits, missing: bool) -> int:
    return prod(len(one) + 1 + missing for one in splits.values())


def group_of(trees: Sequence[Tree], missing: bool) -> Group:
    """One group of all the trees."""
    return Group(joined([splits_of(one) for one in trees]), missing, list(trees))


def grouped(trees: Sequence[Tree], missing: bool, cells: int) -> list[Group]:
    """Groups of trees that have many thresholds in common, as many as `cells` have room for.

    A tree that needs more has a group of its own.
    """
    places: dict[tuple[int, float], int] = {}
    waiting = [(tree, _marks(splits_of(tree), places)) for tree in trees]
    waiting.sort(key=lambda one: -_count(one[1], missing))
    groups: list[list[Tree]] = []
    while waiting:
        tree, marks = waiting.pop(0)
        groups.append([tree])
        while waiting and _count(marks, missing) < cells:
            near = [_united(marks, other) for _, other in waiting[:_LOOKED_AT]]
            sizes = [_count(one, missing) for one in near]
            best = sizes.index(min(sizes))
            if sizes[best] > cells:
                break
            marks = near[best]
            groups[-1].append(waiting.pop(best)[0])
    return [group_of(one, missing) for one in groups]


def _marks(splits: Splits, places: dict[tuple[int, float], int]) -> _Marks:
    """A bit for each threshold: sets of thresholds are united and counted thousands of times."""
    return {
        feature: sum(1 << places.setdefault((feature, value), len(places)) for value in own.tolist())
        for feature, own in splits.items()
    }


def _united(one: _Marks, other: _Marks) -> _Marks:
    return {**one, **{feature: bits | one.get(feature, 0) for feature, bits in other.items()}}


def _count(marks: _Marks, missing: bool) -> int:
    return prod(bits.bit_count() + 1 + missing for bits in marks.values())


def cells_of(c: Compilation, tensor: str, groups: Sequence[Group], missing: bool) -> str:
    """The number of each row's cell in each group, counted through all groups: (rows, groups), 32-bit.

    At least one of the groups has a threshold.
    """
    graph = c.graph
    whole = joined([group.splits for group in groups])
    first = np.cumsum([0, *(group.size for group in groups)])[:-1]
    graph.holds(2 * len(groups))
    cells = ""
    for (feature, splits), which in zip(
        whole.items(), intervals(c, tensor, whole, missing=missing), strict=True
    ):
        added = np.stack([codes(group.splits, feature, splits, missing) for group in groups], axis=1)
        added += 0 if cells else first
        found = graph.add("Gather", graph.constant(added.astype(np.int32)), which, axis=0)
        cells = graph.add("Add", cells, found) if cells else found
    return cells


def codes(splits: Splits, feature: int, whole: NDArray[np.float64], missing: bool) -> NDArray[np.int64]:
    """What each interval of a feature, between the thresholds of `whole`, adds to the number of a cell."""
    own = splits.get(feature)
    if own is None:
        return np.zeros(len(whole) + 1 + missing, dtype=np.int64)
    place = list(splits).index(feature)
    step = prod(len(one) + 1 + missing for one in list(splits.values())[place + 1 :])
    found = np.append(np.searchsorted(own, whole, side="left"), len(own))
    return step * (np.append(found, len(own) + 1) if missing else found)


def _leaves(tree: Tree, splits: Splits, missing: bool) -> NDArray[np.int64]:
    """The leaf of a tree in each of its own cells."""
    ends = [np.array([*one, np.inf, *([np.nan] if missing else [])]) for one in splits.values()]
    grid = np.meshgrid(*ends, indexing="ij") if ends else []
    values = {feature: one.ravel() for feature, one in zip(splits, grid, strict=True)}
    size = _size(splits, missing)
    leaves = np.empty(size, dtype=np.int64)
    waiting: list[tuple[int, NDArray[np.int64]]] = [(0, np.arange(size))]
    while waiting:
        node, which = waiting.pop()
        if tree.is_leaf[node]:
            leaves[which] = node
            continue
        given = values[int(tree.feature[node])][which]
        goes_left = np.where(np.isnan(given), tree.missing_left[node], given <= tree.threshold[node])
        waiting += [(int(tree.left[node]), which[goes_left]), (int(tree.right[node]), which[~goes_left])]
    return leaves
