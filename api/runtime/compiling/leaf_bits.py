"""Votes of trees by bits, for many rows: a bit for each leaf, and several trees in a machine word.

An interval of a feature has, for each tree, the leaves that a value in it may end in. What all features leave
is one bit of each tree, the row's leaf. The leaves of a class are next to each other, so that a comparison
tells whether the leaf is of that class or one after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import FLOAT
from api.runtime.compiling.intervals import Splits, intervals, joined, splits_of
from api.runtime.compiling.trees import Tree

# One bit is for the sign.
_WORD = 63
_MOST_PARTS = 8

_Sides = dict[int, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Part:
    """Some leaves of a tree, those of the first class first, and in a word the bit of the first of them."""

    tree: Tree
    leaves: tuple[int, ...]
    bit: int

    def before(self, one: int) -> int:
        """The bits of the word that come before its leaves of this class."""
        classes = self.tree.values[list(self.leaves)].argmax(axis=1)
        return (1 << (self.bit + int((classes < one).sum()))) - 1

    @property
    def bits(self) -> int:
        """The bits of its leaves."""
        return ((1 << len(self.leaves)) - 1) << self.bit


Word = list[Part]


def words_of(trees: Sequence[Tree]) -> list[Word] | None:
    """The trees in words, as it takes the least time; None where a leaf is not of one class alone."""
    parts: list[tuple[Tree, NDArray[np.int64]]] = []
    for tree in trees:
        leaves = np.flatnonzero(tree.is_leaf)
        shares = tree.values[leaves]
        if shares.shape[1] < 2 or not (shares.max(axis=1) == 1).all() or not (shares.sum(axis=1) == 1).all():
            return None
        leaves = leaves[shares.argmax(axis=1).argsort(kind="stable")]
        parts += [(tree, leaves[at : at + _WORD]) for at in range(0, len(leaves), _WORD)]
    parts.sort(key=lambda part: -len(part[1]))
    return min((_packed(parts, most) for most in range(1, _MOST_PARTS + 1)), key=effort)


def _packed(parts: Sequence[tuple[Tree, NDArray[np.int64]]], most: int) -> list[Word]:
    """Each part, the largest first, in the first word that has room for it and not so many already."""
    words: list[Word] = []
    used: list[int] = []
    for tree, leaves in parts:
        room = (at for at, bits in enumerate(used) if bits + len(leaves) <= _WORD and len(words[at]) < most)
        at = next(room, len(used))
        if at == len(used):
            words.append([])
            used.append(0)
        words[at].append(Part(tree, tuple(leaves.tolist()), used[at]))
        used[at] += len(leaves)
    return words


def effort(words: Sequence[Word]) -> int:
    """The time that they take a row, in that of what one feature leaves of one word: 0.6 ns.

    The votes of a word are counted for each class and as if every word had as many parts as the fullest.
    """
    features = {one for word in words for part in word for one in np.unique(part.tree.feature).tolist()}
    classes: int = words[0][0].tree.values.shape[1]
    return len(words) * (len(features) + classes * max(len(word) for word in words))


def size_of(words: Sequence[Word]) -> int:
    """The bytes that the tables of these words take."""
    return 8 * len(words) * sum(len(one) + 2 for one in _splits(words).values())


def votes(c: Compilation, tensor: str, words: Sequence[Word], trees: int) -> str:
    """How many of the trees say each class, where numbers may be missing: (rows, classes) of doubles."""
    graph, whole = c.graph, _splits(words)
    tables = {feature: np.zeros((len(own) + 2, len(words)), dtype=np.int64) for feature, own in whole.items()}
    for at, word in enumerate(words):
        for part in word:
            ways = _ways(part.tree, whole)
            for bit, leaf in enumerate(part.leaves, part.bit):
                for feature, table in tables.items():
                    table[ways[leaf].get(feature, slice(None)), at] |= 1 << bit
    left = ""
    for table, which in zip(tables.values(), intervals(c, tensor, whole, missing=True), strict=True):
        found = graph.add("Gather", graph.constant(table), which, axis=0)
        left = graph.add("BitwiseAnd", left, found) if left else found
    return _counted(c, left, words, trees)


def _counted(c: Compilation, left: str, words: Sequence[Word], trees: int) -> str:
    """The votes, given the bits that are left of each word: (rows, words) to (rows, classes)."""
    graph, classes = c.graph, words[0][0].tree.values.shape[1]
    most = max(len(word) for word in words)
    graph.holds(most * len(words))
    # The first part of every word, then the second of those that have one, and so on.
    parts = [[word[place] if place < len(word) else None for word in words] for place in range(most)]
    if most > 1:
        masks = [_row(part.bits if part else 0 for part in row) for row in parts]
        left = graph.beside([graph.add("BitwiseAnd", left, graph.constant(mask)) for mask in masks])
    later = []
    for one in range(1, classes):
        before = np.concatenate(
            [_row(part.before(one) if part else 0 for part in row) for row in parts], axis=1
        )
        above = graph.add("Greater", left, graph.constant(before))
        later.append(graph.total(graph.add("Cast", above, to=FLOAT), axis=1))
    # A class has the votes for it or one after it, less those for one after it; the first, all others.
    steps = np.eye(classes - 1, classes, k=1) - np.eye(classes - 1, classes)
    counted = graph.add("MatMul", graph.to_double(graph.beside(later)), graph.doubles(steps))
    return graph.add("Add", counted, graph.doubles(np.eye(1, classes) * trees))


def _row(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array([list(values)], dtype=np.int64)


def _splits(words: Sequence[Word]) -> Splits:
    return joined([splits_of(part.tree) for word in words for part in word])


def _ways(tree: Tree, whole: Splits) -> dict[int, _Sides]:
    """For each leaf, in which intervals of each feature on the way to it a row may end there.

    The last of a feature's intervals is for rows that have no value of it.
    """
    ways: dict[int, _Sides] = {}
    waiting: list[tuple[int, _Sides]] = [(0, {})]
    while waiting:
        node, sides = waiting.pop()
        if tree.is_leaf[node]:
            ways[node] = sides
            continue
        feature = int(tree.feature[node])
        # The values above all thresholds come before what is missing.
        goes_left = np.append(whole[feature] <= tree.threshold[node], [False, tree.missing_left[node]])
        for branch, side in ((tree.left[node], goes_left), (tree.right[node], ~goes_left)):
            waiting.append((int(branch), {**sides, feature: sides.get(feature, True) & side}))
    return ways
