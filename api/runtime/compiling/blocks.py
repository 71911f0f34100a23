"""What flows through a graph between two transformers: columns of numbers, and columns of categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """Columns that are, for each category of the int64 tensor `codes` (rows,), a row of `table` (values, k).

    They are looked up as late as can be: who only adds them up can do so beforehand.
    """

    codes: str
    table: NDArray[np.float64]

    @property
    def width(self) -> int:
        """How many columns it is."""
        return int(self.table.shape[1])


Block = Numbers | Codes | Absent | Texts | Looked
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
        elif isinstance(block, Looked):
            columns += [Looked(block.codes, block.table[:, at : at + 1]) for at in range(block.width)]
        else:
            columns.append(block)
    return columns


def runs(blocks: Blocks) -> Iterator[Block]:
    """The same columns in as few blocks as possible: neighbours from one tensor become one block."""
    for _, group in groupby(enumerate(blocks), lambda one: _source(*one)):
        together = [block for _, block in group]
        numbers = [one for one in together if isinstance(one, Numbers)]
        looked = [one for one in together if isinstance(one, Looked)]
        if numbers:
            yield replace(numbers[0], picks=tuple(chain.from_iterable(one.picks for one in numbers)))
        elif looked:
            yield Looked(looked[0].codes, np.hstack([one.table for one in looked]))
        else:
            yield together[0]


def _source(place: int, block: Block) -> str | int:
    """What neighbours have in common that can be one block."""
    if isinstance(block, Numbers):
        return block.tensor
    return block.codes if isinstance(block, Looked) else place


def dense(graph: Graph, blocks: Blocks) -> str:
    """All columns as one double tensor of shape (rows, columns)."""
    tensors = [_tensor(graph, block) for block in runs(blocks)]
    if not tensors:
        raise CannotCompile("a step is left with no columns")
    return graph.beside(tensors)


def width(blocks: Blocks) -> int:
    """How many columns the blocks are together."""
    return sum(block.width for block in blocks)


def look_up(codes: Codes, table: Any) -> Looked:
    """The rows of `table` (values, k), a number for each category."""
    return Looked(codes.tensor, np.asarray(table, dtype=np.float64))


def _tensor(graph: Graph, block: Block) -> str:
    if isinstance(block, Absent):
        raise CannotCompile(f"it uses the column {block.name}, which the schema leaves out")
    if isinstance(block, Texts):
        raise CannotCompile(f"the texts of {block.name} reach a step that takes numbers")
    if isinstance(block, Codes):
        block = look_up(block, [[_as_number(value)] for value in block.values])
    if isinstance(block, Looked):
        return graph.add("Gather", graph.doubles(block.table), block.codes, axis=0)
    if block.picks == tuple(range(block.total)):
        return block.tensor
    return graph.columns(block.tensor, block.picks)


def _as_number(value: Any) -> float:
    if isinstance(value, str) and value != UNSEEN:
        raise CannotCompile("a column of texts reaches a step that takes numbers")
    return float("nan") if value is None or value == UNSEEN else float(value)
