"""What flows through a graph between two transformers: columns of numbers, and columns of categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.errors import CannotCompile
from api.runtime.compiling.graph import Graph

# Stands for every text that is none of a column's categories.
UNSEEN = "\0 a text that is none of the categories"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The columns `picks` of a double tensor of shape (rows, `total`)."""

    tensor: str
    total: int
    picks: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many columns it is."""
        return len(self.picks)


@dataclass(frozen=True, slots=True)
class Codes:
    """One column of categories: an int64 tensor of shape (rows,) of indices into `values`.

    A value is what the estimator would see: a text, a number, NaN or None for missing, or UNSEEN.
    """

    tensor: str
    values: tuple[Any, ...]

    @property
    def width(self) -> int:
        """How many columns it is: one."""
        return 1


@dataclass(frozen=True, slots=True)
class Absent:
    """A column that the schema leaves out because the estimator does not use it."""

    name: str

    @property
    def width(self) -> int:
        """How many columns it is: one."""
        return 1


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of free texts: the one at `column` of those of the rows."""

    name: str
    column: int

    @property
    def width(self) -> int:
        """How many columns it is: one."""
        return 1


Block = Numbers | Codes | Absent | Texts
Blocks = Sequence[Block]


def whole(tensor: str, width: int) -> Numbers:
    """All columns of a tensor."""
    return Numbers(tensor, width, tuple(range(width)))


def single_columns(blocks: Blocks) -> list[Block]:
    """The same columns, a block for each."""
    columns: list[Block] = []
    for block in blocks:
        if isinstance(block, Numbers):
            columns += [Numbers(block.tensor, block.total, (pick,)) for pick in block.picks]
        else:
            columns.append(block)
    return columns


def runs(blocks: Blocks) -> Iterator[Block]:
    """The same columns in as few blocks as possible: neighbours from one tensor become one block."""
    held: Numbers | None = None
    for block in blocks:
        if held and isinstance(block, Numbers) and block.tensor == held.tensor:
            held = Numbers(held.tensor, held.total, held.picks + block.picks)
            continue
        if held:
            yield held
        held = block if isinstance(block, Numbers) else None
        if not held:
            yield block
    if held:
        yield held


def dense(graph: Graph, blocks: Blocks) -> str:
    """All columns as one double tensor of shape (rows, columns)."""
    tensors = [_tensor(graph, block) for block in runs(blocks)]
    if not tensors:
        raise CannotCompile("a step is left with no columns")
    return graph.beside(tensors)


def width(blocks: Blocks) -> int:
    """How many columns the blocks are together."""
    return sum(block.width for block in blocks)


def look_up(graph: Graph, codes: Codes, table: Any) -> Numbers:
    """The rows of `table` (values, k), a number for each category, as (rows, k)."""
    table = np.asarray(table, dtype=np.float64)
    return whole(graph.add("Gather", graph.doubles(table), codes.tensor, axis=0), table.shape[1])


def _tensor(graph: Graph, block: Block) -> str:
    if isinstance(block, Absent):
        raise CannotCompile(f"it uses the column {block.name}, which the schema leaves out")
    if isinstance(block, Texts):
        raise CannotCompile(f"the texts of {block.name} reach a step that takes numbers")
    if isinstance(block, Codes):
        return look_up(graph, block, [[_as_number(value)] for value in block.values]).tensor
    if block.picks == tuple(range(block.total)):
        return block.tensor
    return graph.columns(block.tensor, block.picks)


def _as_number(value: Any) -> float:
    if isinstance(value, str) and value != UNSEEN:
        raise CannotCompile("a column of texts reaches a step that takes numbers")
    return float("nan") if value is None or value == UNSEEN else float(value)
