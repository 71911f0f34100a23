"""Sums without loops: a function made for as many fields, classes and choices as a model has.

For so few numbers a loop takes longer to begin and to end than to run. What is made depends on three small
numbers and on nothing else; all that a model's file says comes to it as values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from api.runtime.choice_codes import Mapped

# Beyond so many products loops take no longer, and Python's code for them would be long.
MOST = 64

# Of a row's numbers and texts, the weighted sum for each class.
Adding = Callable[[Sequence[float], Sequence[str]], list[float]]


def unrolled(
    weights: Sequence[Sequence[float]],
    start: Sequence[float],
    tables: Sequence[tuple[int, Mapped[list[float]]]],
) -> Adding | None:
    """What adds up `start` (k,), a row's numbers times `weights` (k, fields), and what its texts add.

    `tables` have the column of a text and, by text, what it adds (k,). It is added in this order, one after
    the other. None where there are more than `MOST` products.
    """
    fields, classes = len(weights[0]), len(start)
    if fields * classes > MOST:
        return None
    return _maker(fields, classes, len(tables))(weights, start, tables)


@cache
def _maker(fields: int, classes: int, choices: int) -> Callable[..., Adding]:
    """What makes the function, for one size."""
    numbers, every = range(fields), range(classes)
    weights = "".join(f"({''.join(f'w{k}_{n}, ' for n in numbers)}), " for k in every)
    starts = "".join(f"b{k}, " for k in every)
    tables = "".join(f"(c{t}, t{t}), " for t in range(choices))
    lines = [
        "def make(weights, start, tables):",
        f"    {weights} = weights",
        f"    {starts} = start",
        *([f"    {tables} = tables"] if choices else []),
        "    def add(numbers, texts):",
        *([f"        {''.join(f'n{n}, ' for n in numbers)} = numbers"] if fields else []),
        *(f"        {''.join(f'a{t}_{k}, ' for k in every)} = t{t}[texts[c{t}]]" for t in range(choices)),
    ]
    sums = []
    for k in every:
        parts = [f"b{k}", *(f"w{k}_{n} * n{n}" for n in numbers), *(f"a{t}_{k}" for t in range(choices))]
        sums.append(" + ".join(parts))
    lines += [f"        return [{', '.join(sums)}]", "    return add"]
    made: dict[str, Callable[..., Adding]] = {}
    exec("\n".join(lines), made)  # noqa: S102 (of three numbers and nothing else)
    return made["make"]
