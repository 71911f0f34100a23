"""A curve of two shares, drawn: its line, its axes, and its points for who reads them in a table. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from .reports import Point

SIDE = 280
"""Length of both axes in the drawing's own unit."""
MOST_DRAWN = 400
"""Points of a line; more are not seen."""
MOST_LISTED = 21
"""Rows of the table of points."""


@dataclass(frozen=True)
class Tick:
    """A place on an axis, from its beginning, and what stands there."""

    place: float
    text: str


@dataclass(frozen=True)
class Curve:
    """A drawing in a square of SIDE: the points of its line, the ticks of both axes, some points as texts.

    `words` says what is seen; `chance` is whether the diagonal is drawn, on which guessing lies.
    """

    title: str
    across: str
    up: str
    line: str
    area: str
    ticks: tuple[Tick, ...]
    points: tuple[tuple[str, str], ...]
    words: str
    chance: bool
    side: int = SIDE


def roc(points: Sequence[Point]) -> Curve | None:
    """The curve of false alarms (across) and of what is found (up); None if there is nothing to draw."""
    if len(points) < 2:
        return None
    found = [(share, _up_at(points, share)) for share in (0.01, 0.05, 0.1)]
    said = [f"{_percent(up)} at {_percent(across)} false alarms" for across, up in found]
    return _curve(
        "ROC curve",
        ("False alarms", "Found"),
        points,
        f"Of what there is to find, it finds {said[0]}, {said[1]} and {said[2]}.",
        chance=True,
    )


def precision_recall(points: Sequence[Point]) -> Curve | None:
    """The curve of what is found (across) and of how often it is right (up)."""
    if len(points) < 2:
        return None
    # In the order of the threshold, whichever way: of points above one another that is how they are joined.
    ordered = points if points[0][0] <= points[-1][0] else points[::-1]
    right = [(share, _up_at(ordered, share)) for share in (0.5, 0.8, 0.95)]
    said = [f"{_percent(up)} right when {_percent(across)} is to be found" for across, up in right]
    return _curve(
        "Precision and recall",
        ("Found (recall)", "Right (precision)"),
        ordered,
        f"What it names is {said[0]}, {said[1]} and {said[2]}.",
        chance=False,
    )


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """At most so many of the points, evenly chosen, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(place * step)] for place in range(most)]


def _curve(title: str, axes: tuple[str, str], points: Sequence[Point], words: str, *, chance: bool) -> Curve:
    line = " ".join(f"{x * SIDE:.1f},{(1 - y) * SIDE:.1f}" for x, y in thinned(points, MOST_DRAWN))
    first, last = points[0][0] * SIDE, points[-1][0] * SIDE
    return Curve(
        title=title,
        across=axes[0],
        up=axes[1],
        line=line,
        area=f"{first:.1f},{SIDE} {line} {last:.1f},{SIDE}",
        ticks=tuple(Tick(share * SIDE, f"{share * 100:.0f} %") for share in (0, 0.25, 0.5, 0.75, 1)),
        points=tuple((_percent(x), _percent(y)) for x, y in thinned(points, MOST_LISTED)),
        words=words,
        chance=chance,
    )


def _up_at(points: Sequence[Point], across: float) -> float:
    """How high the curve is at a place across, straight between two points.

    Where it goes straight up or down, that is where it comes from.
    """
    ordered = sorted(points, key=_across)
    place = bisect_left(ordered, across, key=_across)
    if place == 0:
        return ordered[0][1]
    if place == len(ordered):
        return ordered[-1][1]
    (x0, y0), (x1, y1) = ordered[place - 1], ordered[place]
    return y1 if x1 == x0 else y0 + (y1 - y0) * (across - x0) / (x1 - x0)


def _across(point: Point) -> float:
    return point[0]


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0") + " %"
