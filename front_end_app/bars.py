"""How probable each class is, as bars on the page. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cards import Target
from .entries import readable
from .errors import BrokenAnswer

MOST_AT_ONCE = 10
"""Up to this many classes stand in the model's order; of more, the most probable ones come first."""


@dataclass(frozen=True)
class Bar:
    """One class with its probability from 0 to 1; `chosen` is the one that was predicted."""

    label: str
    probability: float
    chosen: bool

    @property
    def percent(self) -> str:
        """The probability for people, which never rounds to a certainty that it is not."""
        if 0 < self.probability < 0.0005:
            return "under 0.1 %"
        if 0.9995 < self.probability < 1:
            return "over 99.9 %"
        return f"{self.probability * 100:.1f} %"

    @property
    def width(self) -> str:
        """How long the bar is, as an SVG length."""
        return f"{self.probability * 100:.2f}%"


def read_bars(target: Target, response: Mapping[str, Any], predicted: str) -> tuple[Bar, ...]:
    """A bar for each `prob_…` of an answer, by the target's names; raises BrokenAnswer."""
    labels = dict(target.classes)
    values = {
        name.removeprefix("prob_"): _probability(value)
        for name, value in response.items()
        if name.startswith("prob_")
    }
    keys = [key for key in labels if key in values] + [key for key in values if key not in labels]
    return tuple(
        Bar(readable(labels.get(key, key)), values[key], labels.get(key, key) == predicted) for key in keys
    )


def first_and_rest(bars: tuple[Bar, ...]) -> tuple[tuple[Bar, ...], tuple[Bar, ...]]:
    """The bars to show at once, and those to show when asked for."""
    if len(bars) <= MOST_AT_ONCE:
        return bars, ()
    ordered = tuple(sorted(bars, key=lambda bar: (not bar.chosen, -bar.probability)))
    return ordered[:MOST_AT_ONCE], ordered[MOST_AT_ONCE:]


def _probability(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BrokenAnswer("a probability is not a number")
    if not (math.isfinite(value) and 0 <= value <= 1):
        raise BrokenAnswer("a probability is not between 0 and 1")
    return float(value)
