"""The mean of a forest's trees as tables, for many rows: equal to scikit-learn's to the last bit.

On its last bit depends which class a tie falls to. scikit-learn adds up tree by tree, in order, and divides.
There are four forms that come to the same, and the first that has room is taken:

- one table of all trees, which holds what they were found to come to, added up in that order;
- votes, where every leaf is of one class, as those of a fully grown forest are: a word of bits for each tree;
- tables of several trees, where there are fewer of them than words, and where every leaf is a whole number of
  halves, quarters and so on: these are counted, which comes to the same in any order;
- a table for each tree, whose answers are then added up as they are without tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from api.runtime.compiling import groups
from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import INT64
from api.runtime.compiling.groups import Group, cells_of, group_of, grouped
from api.runtime.compiling.leaf_bits import Word, effort, size_of, votes, words_of
from api.runtime.compiling.trees import Tree

# All tables together: 4 MB.
_MOST_BYTES = 4_000_000
# A table of all trees at first has all outputs of each cell, while it is made: 32 MB.
_MOST_MADE = 4_000_000
# Leaves may be multiples of a half, a quarter, and so on down to this power of two.
_FINEST = 10
# What a row's place in one table takes on a few features, in the unit of `effort`.
_EFFORT_OF_TABLE = 10
# With more than this for each tree, its nodes are walked through sooner.
_MOST_EFFORT = 100
# The digits of one class; a machine word has some for each of several classes.
_MOST_BITS = 31
_WORD = 63


def mean_for_many(c: Compilation, tensor: str, trees: Sequence[Tree]) -> str | None:
    """The mean of what the trees answer: (rows, outputs); None where there is no such form.

    `tensor` (rows, features) is in single precision, as numbers; some may be missing.
    """
    if all(one.is_leaf.all() for one in trees):
        return None
    mean = _one_table(c, tensor, trees)
    if mean is None:
        words, tables = words_of(trees), grouped(trees, missing=True, cells=groups.CELLS)
        if words is not None and effort(words) > len(tables) * _EFFORT_OF_TABLE:
            mean = _counted(c, tensor, trees, tables)
        if mean is None and words is not None:
            mean = _voted(c, tensor, trees, words)
        if mean is None:
            mean = _counted(c, tensor, trees, tables)
    return mean or _in_order(c, tensor, trees)


def _one_table(c: Compilation, tensor: str, trees: Sequence[Tree]) -> str | None:
    """The mean itself in each cell of all trees' thresholds; of several outputs, where it is found."""
    outputs = trees[0].values.shape[1]
    group = group_of(trees, missing=True)
    if group.size * outputs > _MOST_MADE or group.size * (8 if outputs == 1 else 2) > _MOST_BYTES:
        return None
    means = group.sums() / len(trees)
    if outputs == 1:
        cells = cells_of(c, tensor, [group], missing=True)
        return c.graph.add("Gather", c.graph.doubles(means[:, 0]), cells, axis=0)
    which, different = numbered(means)
    which = which.astype(np.int16 if len(different) <= np.iinfo(np.int16).max else np.int32)
    if which.nbytes + different.nbytes > _MOST_BYTES:
        return None
    cells = c.graph.flat(cells_of(c, tensor, [group], missing=True))
    found = c.graph.add("Gather", c.graph.constant(which), cells, axis=0)
    return c.graph.add(
        "Gather", c.graph.doubles(different), c.graph.add("Cast", found, to=TensorProto.INT32), axis=0
    )


def numbered(rows: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each row which of the different rows it is, and these."""
    numbers = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        values, one = np.unique(column, return_inverse=True)
        _, first, numbers = np.unique(numbers * len(values) + one, return_index=True, return_inverse=True)
    return numbers, rows[first]


def _voted(c: Compilation, tensor: str, trees: Sequence[Tree], words: Sequence[Word]) -> str | None:
    """The share of the trees that say each class."""
    if effort(words) > len(trees) * _MOST_EFFORT or size_of(words) > _MOST_BYTES:
        return None
    return c.graph.add("Div", votes(c, tensor, words, len(trees)), c.graph.doubles(float(len(trees))))


def _counted(c: Compilation, tensor: str, trees: Sequence[Tree], together: Sequence[Group]) -> str | None:
    """Counts of several classes in the digits of one number, looked up in a table for each group."""
    power = _power_of_unit(trees)
    if power is None:
        return None
    graph, unit = c.graph, 2.0**power
    most = sum(int(tree.values[tree.is_leaf].max() * unit) for tree in trees)
    bits, classes = most.bit_length(), trees[0].values.shape[1]
    if bits > _MOST_BITS:
        return None
    places = np.arange(classes)
    word, shift = np.divmod(places, _WORD // bits)
    words = int(word.max()) + 1
    if _cells(together) * words * 8 > _MOST_BYTES:
        return None
    table = np.zeros((_cells(together), words), dtype=np.int64)
    sums = np.concatenate([(group.sums() * unit).astype(np.int64) for group in together])
    for place in places:
        table[:, word[place]] += sums[:, place] << (shift[place] * bits)
    cells = cells_of(c, tensor, together, missing=True)
    graph.holds(words * len(together))
    total = graph.total(graph.add("Gather", graph.constant(table), cells, axis=0), axis=1, keep=False)
    # Only numbers without a sign can be shifted.
    digits = graph.add(
        "Cast", graph.add("Gather", total, graph.integers(word), axis=1), to=TensorProto.UINT64
    )
    shifts = graph.constant((shift * bits).astype(np.uint64))
    lowest = graph.add("BitShift", digits, shifts, direction="RIGHT")
    mask = graph.constant(np.array((1 << bits) - 1, dtype=np.uint64))
    # ONNX Runtime is faster from numbers with a sign.
    counts = graph.add("Cast", graph.add("BitwiseAnd", lowest, mask), to=INT64)
    counted = graph.to_double(counts)
    if power:
        counted = graph.add("Div", counted, graph.doubles(unit))
    return graph.add("Div", counted, graph.doubles(float(len(trees))))


def _power_of_unit(trees: Sequence[Tree]) -> int | None:
    """The power of two that makes whole numbers, not negative, of all leaves; None where none does."""
    leaves = np.concatenate([tree.values[tree.is_leaf] for tree in trees])
    if leaves.min() < 0:
        return None
    for power in range(_FINEST + 1):
        scaled = leaves * 2.0**power
        if (scaled == np.floor(scaled)).all():
            return power
    return None


def _in_order(c: Compilation, tensor: str, trees: Sequence[Tree]) -> str | None:
    """The leaves of each tree from a table of its own, added up like those that are found by its nodes."""
    outputs = trees[0].values.shape[1]
    alone = [group_of([one], missing=True) for one in trees]
    if _cells(alone) * outputs * 8 > _MOST_BYTES:
        return None
    graph = c.graph
    cells = cells_of(c, tensor, alone, missing=True)
    graph.holds(len(trees) * outputs)
    table = np.concatenate([group.sums() for group in alone])
    answers = graph.add("Gather", graph.doubles(table), cells, axis=0)
    return graph.add("Div", graph.total(answers, axis=1, keep=False), graph.doubles(float(len(trees))))


def _cells(together: Sequence[Group]) -> int:
    return sum(group.size for group in together)
