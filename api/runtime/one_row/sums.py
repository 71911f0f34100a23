"""A linear model as what it is: a weighted sum for each class, and what becomes of the sums."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from operator import mul

from api.runtime.answers import OneAnswer
from api.runtime.choice_codes import CODES, choice_codes_from
from api.runtime.one_row.arrays import Arrays
from api.runtime.one_row.unrolled import unrolled, unrolled_softmax


class Sums:
    """Adds up what a row's values say for each class.

    The arrays: `start` (k,), the sums of a row of zeros; `weights` (fields, k); `gaps` (fields, k), what a
    missing number adds, NaN where none can be; `codes`, the choices as `choice_codes_to_json` writes them;
    `tables` (codes, k), what each code adds, those of one field after those of the other; `link`, the name of
    one of `LINKS`.
    """

    def __init__(self, arrays: Arrays) -> None:
        start, weights, gaps, tables = (arrays[name] for name in ("start", "weights", "gaps", "tables"))
        coded = choice_codes_from({CODES: str(arrays[CODES])})
        choices = coded.columns if coded else ()
        width = len(start)
        codes = sum(known.count for _, known in choices)
        if weights.shape != gaps.shape or weights.shape[1:] != (width,) or tables.shape != (codes, width):
            raise ValueError("the weights of a linear model do not fit each other")
        self._weights = list(zip(weights.T.tolist(), start.tolist(), strict=True))
        self._gaps: list[list[float]] = gaps.tolist()
        self._missing = not all(map(math.isnan, gaps.reshape(-1).tolist()))
        self._choices, at = [], 0
        for column, known in choices:
            self._choices.append((column, known.mapped(tables[at : at + known.count].tolist())))
            at += known.count
        link = str(arrays["link"])
        self._link = (unrolled_softmax(width) if link == "softmax" else None) or LINKS[link]
        self._add = unrolled(weights.T.tolist(), start.tolist(), self._choices) or self._loop

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer:
        """The answer for the row."""
        sums = self._add(numbers, texts)
        # Only what comes of a missing number is another than itself.
        if self._missing and sums[0] != sums[0]:
            sums = self._loop(numbers, texts)
        return self._link(sums)

    def _loop(self, numbers: Sequence[float], texts: Sequence[str]) -> list[float]:
        added = []
        if self._missing and any(map(math.isnan, numbers)):
            added = [gap for gap, one in zip(self._gaps, numbers, strict=True) if math.isnan(one)]
            numbers = [0.0 if math.isnan(one) else one for one in numbers]
        sums = [sum(map(mul, weights, numbers), start) for weights, start in self._weights]
        for column, known in self._choices:
            added.append(known[texts[column]])
        return [sum(parts) for parts in zip(sums, *added, strict=True)] if added else sums


def _softmax(sums: list[float]) -> OneAnswer:
    largest = max(sums)
    powers = [math.exp(one - largest) for one in sums]
    whole = sum(powers)
    return sums.index(largest), [one / whole for one in powers]


def _sigmoid(sums: list[float]) -> OneAnswer:
    (one,) = sums
    second = _logistic(one)
    return int(one > 0), [1.0 - second, second]


def _each(sums: list[float]) -> OneAnswer:
    """Each class against the rest, and all of them made to come to one."""
    shares = [_logistic(one) for one in sums]
    whole = sum(shares)
    if not whole:
        # Far below zero no class has anything: scikit-learn gives all of them the same then.
        shares, whole = [1.0] * len(sums), float(len(sums))
    return sums.index(max(sums)), [one / whole for one in shares]


def _largest(sums: list[float]) -> OneAnswer:
    """A class without probabilities."""
    return (int(sums[0] > 0) if len(sums) == 1 else sums.index(max(sums))), []


def _value(sums: list[float]) -> OneAnswer:
    return None, sums


def _exponential(sums: list[float]) -> OneAnswer:
    (one,) = sums
    try:
        return None, [math.exp(one)]
    except OverflowError:
        return None, [math.inf]


def _logistic(one: float) -> float:
    # Of a positive number, so that no power is too large.
    power = math.exp(-abs(one))
    return 1 / (1 + power) if one >= 0 else power / (1 + power)


LINKS: dict[str, Callable[[list[float]], OneAnswer]] = {
    "softmax": _softmax,
    "sigmoid": _sigmoid,
    "each": _each,
    "largest": _largest,
    "value": _value,
    "exponential": _exponential,
}
