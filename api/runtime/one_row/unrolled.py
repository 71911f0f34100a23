"""Sums and comparisons without loops: functions made for as many fields, classes and choices as a model has.

For so few numbers a loop takes longer to begin and to end than to run. What is made depends on these small
numbers and on nothing else; all that a model's file says comes to it as values.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from operator import le
from typing import Any

from api.runtime.answers import OneAnswer
from api.runtime.choice_codes import Mapped

# Beyond so many terms, or classes, loops take no longer, and Python's code for them would be long.
MOST, MOST_CLASSES = 64, 8

# Of a row's numbers and texts, the weighted sum for each class.
Adding = Callable[[Sequence[float], Sequence[str]], list[float]]
# Of a row's numbers and texts, its place in a table.
Locating = Callable[[Sequence[float], Sequence[str]], int]
# Whether each of a row's numbers is within its bounds.
Within = Callable[[Sequence[float]], bool]


def unrolled(
    weights: Sequence[Sequence[float]],
    start: Sequence[float],
    tables: Sequence[tuple[int, Mapped[list[float]]]],
) -> Adding | None:
    """What adds up `start` (k,), a row's numbers times `weights` (k, fields), and what its texts add.

    `tables` have the column of a text and, by text, what it adds (k,). It is added in this order, one after
    the other. None where there are more than `MOST` terms.
    """
    fields, classes = len(weights[0]), len(start)
    if (fields + len(tables)) * classes > MOST:
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
    return made_of(lines)


@cache
def unrolled_softmax(classes: int) -> Callable[[list[float]], OneAnswer] | None:
    """What makes probabilities of so many sums, and chooses the largest; None where they are many."""
    if not 1 < classes <= MOST_CLASSES:
        return None
    names = [f"s{k}" for k in range(classes)]
    return made_of(
        [
            "from math import exp",
            "def make(sums):",
            f"    {', '.join(names)} = sums",
            f"    largest = max({', '.join(names)})",
            *(f"    {one} = exp({one} - largest)" for one in names),
            f"    whole = {' + '.join(names)}",
            f"    return sums.index(largest), [{', '.join(f'{one} / whole' for one in names)}]",
        ]
    )


def located(
    fields: Sequence[tuple[Sequence[float], int, int]], choices: Sequence[tuple[int, Mapped[int]]]
) -> Locating | None:
    """What finds a row's place in a table: the sum of what each field and each choice counts there.

    `fields` have thresholds in order, what each of them counts that is below a number, and what a missing
    number counts; `choices` the column of a text and what it counts. None where there are more than `MOST`.
    """
    if len(fields) + len(choices) > MOST:
        return None
    return _locater(len(fields), len(choices))(fields, choices, bisect_left)


@cache
def _locater(fields: int, choices: int) -> Callable[..., Locating]:
    """What makes the function, for one size."""
    numbers, tables = range(fields), range(choices)
    # Only a missing number is another than itself.
    counted = [f"(bisect(cuts{n}, n{n}) * step{n} if n{n} == n{n} else gap{n})" for n in numbers]
    counted += [f"t{t}[texts[c{t}]]" for t in tables]
    return made_of(
        [
            "def make(fields, choices, bisect):",
            *(f"    cuts{n}, step{n}, gap{n} = fields[{n}]" for n in numbers),
            *(f"    c{t}, t{t} = choices[{t}]" for t in tables),
            "    def locate(numbers, texts):",
            *([f"        {''.join(f'n{n}, ' for n in numbers)} = numbers"] if fields else []),
            f"        return {' + '.join(counted) or '0'}",
            "    return locate",
        ]
    )


def within(lows: Sequence[float], highs: Sequence[float]) -> Within:
    """What compares numbers to the least and the largest that each may be; NaN is within nothing."""
    if len(lows) > MOST:
        return lambda numbers: all(map(le, lows, numbers)) and all(map(le, numbers, highs))
    return _comparer(len(lows))(lows, highs)


@cache
def _comparer(fields: int) -> Callable[..., Within]:
    """What makes the function, for one size."""
    if not fields:
        return lambda lows, highs: lambda numbers: True
    lows, highs, numbers = ("".join(f"{letter}{n}, " for n in range(fields)) for letter in "lhn")
    return made_of(
        [
            "def make(lows, highs):",
            f"    {lows} = lows",
            f"    {highs} = highs",
            "    def within(numbers):",
            f"        {numbers} = numbers",
            f"        return {' and '.join(f'l{n} <= n{n} <= h{n}' for n in range(fields))}",
            "    return within",
        ]
    )


def made_of(lines: Sequence[str]) -> Callable[..., Any]:
    """The function `make` of some lines, which have nothing in them that a file or a caller says."""
    made: dict[str, Callable[..., Any]] = {}
    exec("\n".join(lines), made)  # noqa: S102 (of some small numbers and nothing else)
    return made["make"]
