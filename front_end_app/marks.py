"""The words of a text that spoke for or against an answer, marked in it and listed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .entries import readable

MOST_MARKED = 60
"""Words marked in one text; of more, nobody sees which ones mattered."""
MOST_LISTED = 8
LEVELS = ((0.5, "strong"), (0.2, "medium"), (0.06, "light"))
"""From which share of the heaviest word's weight on a word is marked, and how."""


@dataclass(frozen=True)
class Weighed:
    """A word at its place in a text, and what it adds to a score: above 0 is for the answer."""

    word: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Part:
    """A stretch of a text: its `side` is "for" or "against" with a `level`, or both are ""."""

    text: str
    side: str = ""
    level: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Listed:
    """A word, however often and in whatever case it occurs, with all that it adds."""

    word: str
    weight: str


def mark(text: str, words: Sequence[Weighed], heaviest: float) -> tuple[Part, ...]:
    """A text in parts, its weightiest words marked by their share of `heaviest`; places that are not in
    it, or in a word before, are passed over."""
    marked = sorted(words, key=lambda one: -abs(one.weight))[:MOST_MARKED]
    parts, at = [], 0
    for one in sorted(marked, key=lambda one: one.start):
        level = _level(one.weight, heaviest)
        if not level or not at <= one.start < one.end <= len(text):
            continue
        if at < one.start:
            parts.append(Part(readable(text[at : one.start])))
        side = "for" if one.weight > 0 else "against"
        parts.append(Part(readable(text[one.start : one.end]), side, level, signed(one.weight)))
        at = one.end
    rest = [Part(readable(text[at:]))] if at < len(text) else []
    return (*parts, *rest)


def spoke(words: Sequence[Weighed]) -> tuple[tuple[Listed, ...], tuple[Listed, ...]]:
    """The words that spoke most for an answer, and those that spoke most against it."""
    sums: dict[str, float] = defaultdict(float)
    for one in words:
        sums[one.word.casefold()] += one.weight
    ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    least = LEVELS[-1][0] * max((abs(weight) for weight in sums.values()), default=0.0)
    named = [(word, weight) for word, weight in ordered if abs(weight) >= least and weight]
    spoke_for = [one for one in named if one[1] > 0][:MOST_LISTED]
    against = [one for one in reversed(named) if one[1] < 0][:MOST_LISTED]
    return _listed(spoke_for), _listed(against)


def signed(weight: float) -> str:
    """A weight with its sign."""
    text = f"{abs(weight):.2f}" if abs(weight) < 1 else f"{abs(weight):.1f}"
    return f"{'+' if weight > 0 else chr(0x2212)}{text}"


def _listed(words: Sequence[tuple[str, float]]) -> tuple[Listed, ...]:
    return tuple(Listed(readable(word), signed(weight)) for word, weight in words)


def _level(weight: float, heaviest: float) -> str:
    share = abs(weight) / heaviest if heaviest else 0.0
    return next((level for least, level in LEVELS if share >= least), "")
