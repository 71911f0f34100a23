"""Formulas: the operations of `api/recipes/formulas.py`, in the same order and with the same roundings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.recipes.formulas import OFFSETS, POWERS, SCALES
from api.runtime.compiling.blocks import Block, Blocks, Numbers, single_columns
from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import INT64, Graph


def calculate(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """A column for each formula; those that end in a magnitude together, because that takes many nodes."""
    columns = dict(zip(transformer.columns, single_columns(blocks), strict=True))
    formulas = [formula for _, formula in transformer.formulas]
    grown = [at for at, one in enumerate(formulas) if isinstance(one, tuple | list) and one[0] == "magnitude"]
    others = [at for at in range(len(formulas)) if at not in grown]
    made = [_calculated(c, formulas[at], columns) for at in others]
    if grown:
        before = c.graph.beside([_calculated(c, formulas[at][1], columns) for at in grown])
        c.graph.holds(len(POWERS) * len(grown))
        made.insert(0, _magnitude(c.graph, before))
    order = [*grown, *others]
    picks = tuple(order.index(at) for at in range(len(formulas)))
    return [Numbers(c.graph.beside(made), len(formulas), picks)]


def _calculated(c: Compilation, formula: Any, columns: dict[str, Block]) -> str:
    """The tensor of a formula, of shape (rows, 1), or (1, 1) for a number."""
    if isinstance(formula, str):
        return c.dense([columns[formula]])
    if isinstance(formula, int | float):
        return c.graph.doubles([[float(formula)]])
    operation, *given = formula
    return _OPERATIONS[operation](c.graph, *[_calculated(c, one, columns) for one in given])


def _minus(g: Graph, a: str, b: str) -> str:
    return g.add("Sub", a, b)


def _smaller(g: Graph, a: str, b: str) -> str:
    return g.add("Where", g.add("Or", g.add("IsNaN", a), g.add("Less", a, b)), a, b)


def _size(g: Graph, a: str) -> str:
    return g.add("Abs", a)


def _cents(g: Graph, a: str) -> str:
    hundred = g.doubles(100.0)
    return g.add("Div", g.add("Round", g.add("Mul", a, hundred)), hundred)


def _remainder(g: Graph, a: str, b: str) -> str:
    return g.add("Mod", a, b, fmod=1)


def _share(g: Graph, a: str, b: str) -> str:
    larger = g.add("Where", g.add("Greater", a, b), a, b)
    missing = g.add("Or", g.add("IsNaN", a), g.add("IsNaN", b))
    larger = g.add("Where", missing, g.doubles(float("nan")), larger)
    zero = g.doubles(0.0)
    positive = g.add("Where", g.add("Greater", a, zero), a, zero)
    return g.add("Where", g.add("LessOrEqual", larger, zero), zero, g.add("Div", positive, larger))


def _at_least(g: Graph, a: str, b: str) -> str:
    return g.to_double(g.add("GreaterOrEqual", a, b))


def _known(g: Graph, a: str) -> str:
    return g.to_double(g.add("Not", g.add("IsNaN", a)))


def _filled(g: Graph, a: str, b: str) -> str:
    return g.add("Where", g.add("IsNaN", a), b, a)


def _magnitude(g: Graph, a: str) -> str:
    size = g.add("Abs", a)
    g.holds(len(POWERS))
    each = g.add("Unsqueeze", size, g.integers([2]))
    reached = g.add("Cast", g.add("GreaterOrEqual", each, g.doubles(POWERS)), to=INT64)
    count = g.total(reached, axis=2, keep=False)
    scale, offset = (g.add("Gather", g.doubles(table), count, axis=0) for table in (SCALES, OFFSETS))
    grown = g.add("Add", g.add("Div", size, scale), offset)
    return g.add("Where", g.add("Less", a, g.doubles(0.0)), g.add("Neg", grown), grown)


_OPERATIONS: dict[str, Callable[..., str]] = {
    "minus": _minus,
    "smaller": _smaller,
    "size": _size,
    "cents": _cents,
    "remainder": _remainder,
    "share": _share,
    "at_least": _at_least,
    "known": _known,
    "filled": _filled,
    "magnitude": _magnitude,
}
