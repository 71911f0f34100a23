"""A predicted number against the numbers a model learnt from: a drawing, and the same in words. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from .cards import Distribution

HEIGHT = 120
"""Pixels that the tallest column takes."""
BEYOND = 0.25
"""How far, in widths of the distribution, the drawing reaches out for an answer beside it."""


@dataclass(frozen=True)
class Column:
    """One column: where it stands in percent of the width, and how tall it is in pixels."""

    left: str
    width: str
    top: str
    height: str
    holds: bool


@dataclass(frozen=True)
class Mark:
    """A place on the axis in percent of the width, what stands there, and how the text is aligned."""

    left: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Histogram:
    """The columns, the answer's place among them, and both ends of the axis."""

    columns: tuple[Column, ...]
    answer: Mark
    ends: tuple[Mark, Mark]
    height: int = HEIGHT


def draw(spread: Distribution, value: float) -> Histogram:
    """The distribution as columns, with `value` marked; one that lies far out stands at the edge."""
    low, high = spread.edges[0], spread.edges[-1]
    margin = (high - low) * BEYOND
    start = max(low - margin, min(low, value))
    end = min(high + margin, max(high, value))
    shown = min(max(value, start), end)

    def place(number: float) -> float:
        return (number - start) / (end - start) * 100

    tallest = max(spread.counts)
    columns = tuple(
        _column(place(left), place(right), count / tallest, left <= value < right or value == right == high)
        for (left, right), count in zip(pairwise(spread.edges), spread.counts, strict=True)
    )
    ends = (_mark(place(low), _round(low, spread)), _mark(place(high), _round(high, spread)))
    text = plain(value, spread)
    if value != shown:
        text = f"{text} →" if value > shown else f"← {text}"
    return Histogram(columns, _mark(place(shown), text), ends)


def standing(spread: Distribution, value: float, rows: str) -> str:
    """Where `value` stands among the numbers of `rows`, as a sentence."""
    if value < spread.edges[0]:
        return f"This is lower than in any of {rows}: the lowest there is {_round(spread.edges[0], spread)}."
    if value > spread.edges[-1]:
        return (
            f"This is higher than in any of {rows}: the highest there is {_round(spread.edges[-1], spread)}."
        )
    below = share_below(spread, value)
    word, share = ("higher", below) if below >= 0.5 else ("lower", 1 - below)
    if share > 0.995:
        return f"This is {word} than in almost all of {rows}."
    return f"This is {word} than in about {share * 100:.0f} % of {rows}."


def share_below(spread: Distribution, value: float) -> float:
    """The share of rows below `value`, as if the rows of each column were spread evenly over it."""
    below = 0.0
    for (left, right), count in zip(pairwise(spread.edges), spread.counts, strict=True):
        inside = 1.0 if value >= right else 0.0 if value <= left else (value - left) / (right - left)
        below += count * inside
    return below / sum(spread.counts)


def plain(value: float, spread: Distribution | None) -> str:
    """A number with as many digits as its spread gives a meaning to: a thousandth of it, roughly."""
    width = spread.edges[-1] - spread.edges[0] if spread else abs(value) or 1.0
    decimals = min(12, max(0, 3 - math.floor(math.log10(width))))
    text = f"{value:,.{decimals}f}" if abs(value) < 1e15 else f"{value:.6g}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    # Without the comma, which half the world reads as a decimal point.
    grouped = text.replace(",", "\N{NARROW NO-BREAK SPACE}" if abs(value) >= 10_000 else "")
    return grouped.replace("-", "\N{MINUS SIGN}", 1) if grouped.startswith("-") else grouped


def _round(value: float, spread: Distribution) -> str:
    """An end of the axis, without the zeros after its point."""
    text = plain(value, spread)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _column(left: float, right: float, share: float, holds: bool) -> Column:
    # A row that is there is seen, however few it is among.
    height = max(2.0, share * HEIGHT) if share else 0.0
    gap = min(0.4, (right - left) / 5)
    return Column(
        left=f"{left + gap / 2:.2f}%",
        width=f"{right - left - gap:.2f}%",
        top=f"{HEIGHT - height:.1f}",
        height=f"{height:.1f}",
        holds=holds,
    )


def _mark(left: float, text: str) -> Mark:
    anchor = "start" if left < 12 else "end" if left > 88 else "middle"
    return Mark(f"{left:.2f}%", text, anchor)
