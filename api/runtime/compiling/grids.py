"""Sums of trees as tables, for many rows: a sum of trees is constant between their thresholds.

A row is looked up once for each group of trees, and not once for each node of each tree: twenty times faster
where few features share thresholds, and slower where they do not, which is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from api.errors import CannotCompile
from api.runtime.compiling import groups
from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.trees import Tree, summed

# All tables together: 4 MB.
_MOST_CELLS = 500_000


def gridded(
    c: Compilation, tensor: str, trees: Sequence[Tree], targets: Sequence[int], *, missing: bool
) -> str:
    """The sums of the trees' single outputs, each tree counted for its target: (rows, targets).

    `missing` is whether values can be. Raises CannotCompile where the tables would be too large.
    """
    if all(one.is_leaf.all() for one in trees):
        return summed(c, tensor, trees, targets)
    together, counted = [], []
    for target in range(max(targets) + 1):
        own = [tree for tree, one in zip(trees, targets, strict=True) if one == target]
        found = groups.grouped(own, missing, groups.CELLS)
        together += found
        counted += [np.arange(max(targets) + 1) == target] * len(found)
    if sum(group.size for group in together) > _MOST_CELLS:
        raise CannotCompile("its tables would be too large")
    cells = groups.cells_of(c, tensor, together, missing)
    table = np.concatenate([group.sums()[:, 0] for group in together])
    values = c.graph.add("Gather", c.graph.doubles(table), cells, axis=0)
    return c.graph.add("MatMul", values, c.graph.doubles(np.array(counted)))
