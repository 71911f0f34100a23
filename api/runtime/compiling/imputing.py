"""SimpleImputer: missing numbers are filled in the graph, missing categories by renaming them."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.errors import CannotCompile
from api.runtime.compiling.blocks import (
    Absent,
    Block,
    Blocks,
    Codes,
    Looked,
    Numbers,
    Texts,
    look_up,
    runs,
    single_columns,
    whole,
)
from api.runtime.compiling.compilation import Compilation


def impute(c: Compilation, imputer: Any, blocks: Blocks) -> Blocks:
    """Fill what is missing; columns that were wholly missing are dropped, and indicators come last."""
    columns = single_columns(blocks)
    kept = [at for at in range(len(columns)) if _is_kept(imputer, at)]
    filled = [block for group in _groups(columns, kept) for block in _fill(c, imputer, *group)]
    indicator = getattr(imputer, "indicator_", None)
    if indicator is None:
        return filled
    return [*filled, *(_indicator(c, imputer, columns[int(at)]) for at in indicator.features_)]


def _is_kept(imputer: Any, at: int) -> bool:
    if imputer.strategy == "constant" or imputer.keep_empty_features:
        return True
    return not _is_nan(imputer.statistics_[at])


def _groups(columns: list[Block], kept: list[int]) -> list[tuple[Block, list[int]]]:
    """The columns kept in as few blocks as possible, each with the positions its columns had."""
    groups, at = [], 0
    for block in runs([columns[one] for one in kept]):
        groups.append((block, kept[at : at + block.width]))
        at += block.width
    return groups


def _fill(c: Compilation, imputer: Any, block: Block, positions: list[int]) -> Blocks:
    if isinstance(block, Numbers | Looked):
        statistics = np.asarray([imputer.statistics_[at] for at in positions], dtype=np.float64)
        tensor = c.dense([block])
        missing = _missing(c, imputer, tensor)
        return [whole(c.graph.add("Where", missing, c.graph.doubles(statistics), tensor), block.width)]
    if isinstance(block, Absent):
        # It may be imputed and then dropped; whoever uses it further on cannot be compiled.
        return [block]
    if isinstance(block, Texts):
        raise CannotCompile(f"missing texts of {block.name} are filled in")
    fill = imputer.statistics_[positions[0]]
    return [Codes(block.tensor, tuple(fill if _stands_for(imputer, one) else one for one in block.values))]


def _missing(c: Compilation, imputer: Any, tensor: str) -> str:
    if _is_nan(imputer.missing_values):
        return c.graph.add("IsNaN", tensor)
    if isinstance(imputer.missing_values, int | float):
        return c.graph.add("Equal", tensor, c.graph.doubles(imputer.missing_values))
    raise CannotCompile("an imputer of numbers looks for something that is no number")


def _indicator(c: Compilation, imputer: Any, column: Block) -> Block:
    """1.0 where the column is missing, else 0.0."""
    if isinstance(column, Codes):
        return look_up(column, [[float(_stands_for(imputer, one))] for one in column.values])
    return whole(c.graph.to_double(_missing(c, imputer, c.dense([column]))), 1)


def _stands_for(imputer: Any, value: Any) -> bool:
    """Whether the imputer takes this category for a missing value."""
    if _is_nan(imputer.missing_values) or imputer.missing_values is None:
        return value is None if imputer.missing_values is None else _is_nan(value)
    return bool(value == imputer.missing_values)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float | np.floating) and bool(np.isnan(value))
