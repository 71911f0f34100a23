"""Which lines a run learns from, compares classifiers on, and measures on; alike lines stay together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Below this many groups of alike lines nothing of a class is held out.
_FEWEST_GROUPS = 5


def held_out(
    truth: NDArray[np.int64], groups: NDArray[np.int64], share: float, most: int
) -> NDArray[np.bool_]:
    """Which lines (lines,) are held out: up to `share` of each class's, about `most` lines in all.

    `truth` and `groups` (lines,) are each line's class and group of alike lines; a group is held out as a
    whole or not at all. Where every class consists of a few groups, lines are split as if none were alike.
    """
    share = min(share, most / len(truth))
    random = np.random.default_rng(0)
    order = random.permutation(len(truth))
    # A group's lines follow each other, the groups in the order of their first lines.
    _, first, inverse = np.unique(groups[order], return_index=True, return_inverse=True)
    ordered = order[np.argsort(first[inverse], kind="stable")]
    starts = np.flatnonzero(np.diff(groups[ordered], prepend=-1))
    its_lines = np.split(ordered, starts[1:])
    its_classes = [np.unique(truth[lines], return_counts=True) for lines in its_lines]
    groups_of = np.bincount(np.concatenate([classes for classes, _ in its_classes]))
    few = groups_of < _FEWEST_GROUPS
    groups_left = np.where(few, 0, np.maximum(1, np.round(share * groups_of)))
    lines_left = np.maximum(1, np.round(share * np.bincount(truth)))
    held = np.zeros(len(truth), dtype=np.bool_)
    for lines, (classes, counts) in zip(its_lines, its_classes, strict=True):
        if (groups_left[classes] > 0).all() and (lines_left[classes] >= counts).all():
            held[lines] = True
            groups_left[classes] -= 1
            lines_left[classes] -= counts
    if not held.any():
        return held_out(truth, np.arange(len(truth)), share, most)
    return held


def sample_to_compare(
    truth: NDArray[np.int64], groups: NDArray[np.int64], most: int, fewest: int
) -> NDArray[np.int64]:
    """Lines to compare classifiers on, ascending: one of each group, about `most` in all, by classes.

    Of each class there are at least `fewest`, or all that it has, even if they are alike.
    """
    order = np.random.default_rng(1).permutation(len(truth))
    again = np.ones(len(truth), dtype=np.bool_)
    again[np.unique(groups[order], return_index=True)[1]] = False
    repeated = again
    ordered = order[np.argsort(repeated, kind="stable")]
    repeated = np.sort(repeated, kind="stable")
    place = _place_in_class(truth[ordered])
    counts = np.bincount(truth)
    quota = np.maximum(np.ceil(counts * min(1.0, most / len(truth))), fewest)
    taken = (~repeated & (place < quota[truth[ordered]])) | (place < fewest)
    return np.sort(ordered[taken])


def _place_in_class(truth: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many lines of the same class come before each line, of shape (lines,)."""
    by_class = np.argsort(truth, kind="stable")
    starts = np.cumsum(np.bincount(truth)) - np.bincount(truth)
    place = np.empty(len(truth), dtype=np.int64)
    place[by_class] = np.arange(len(truth)) - starts[truth[by_class]]
    return place
