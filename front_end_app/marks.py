"""The words of a text that spoke for or against an answer, marked in it and listed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .entries import readable

MOST_MARKED = 300
"""Places marked in one text; the page of a long one is long enough."""
MOST_LISTED = 8
LEVELS = ((0.5, "strong"), (0.2, "medium"), (0.06, "light"))
"""From which share of the heaviest word's weight on a word is marked, and how."""

Totals = Mapping[str, float]
"""What each word adds in all the places where it stands, in whatever case."""


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
    """A word with all that it adds."""

    word: str
    weight: str


def totals(words: Iterable[Weighed]) -> Totals:
    """What each word adds, by the word in small letters."""
    sums: dict[str, float] = defaultdict(float)
    for one in words:
        sums[one.word.casefold()] += one.weight
    return sums


def mark(text: str, words: Iterable[Weighed], all_totals: Totals) -> tuple[Part, ...]:
    """A text in parts, the words that weigh in all their places marked in each of them.

    Places that are not in the text, or in a word before, are passed over.
    """
    heaviest = _heaviest(all_totals)
    found = [(one, all_totals.get(one.word.casefold(), 0.0)) for one in words]
    found = [(one, weight) for one, weight in found if _level(weight, heaviest)]
    found = sorted(found, key=lambda pair: -abs(pair[1]))[:MOST_MARKED]
    parts, at = [], 0
    for one, weight in sorted(found, key=lambda pair: pair[0].start):
        if not at <= one.start < one.end <= len(text):
            continue
        if at < one.start:
            parts.append(Part(readable(text[at : one.start])))
        side = "for" if weight > 0 else "against"
        parts.append(
            Part(readable(text[one.start : one.end]), side, _level(weight, heaviest), signed(weight))
        )
        at = one.end
    rest = [Part(readable(text[at:]))] if at < len(text) else []
    return (*parts, *rest)


def spoke(all_totals: Totals) -> tuple[tuple[Listed, ...], tuple[Listed, ...]]:
    """The words that spoke most for an answer, and those that spoke most against it."""
    heaviest = _heaviest(all_totals)
    ordered = sorted(all_totals.items(), key=lambda one: (-one[1], one[0]))
    named = [(word, weight) for word, weight in ordered if _level(weight, heaviest)]
    spoke_for = [one for one in named if one[1] > 0][:MOST_LISTED]
    against = [one for one in reversed(named) if one[1] < 0][:MOST_LISTED]
    return _listed(spoke_for), _listed(against)


def signed(weight: float) -> str:
    """A weight with its sign."""
    text = f"{abs(weight):.2f}" if abs(weight) < 1 else f"{abs(weight):.1f}"
    return f"{'+' if weight > 0 else chr(0x2212)}{text}"


def _listed(words: Sequence[tuple[str, float]]) -> tuple[Listed, ...]:
    return tuple(Listed(readable(word), signed(weight)) for word, weight in words)


def _heaviest(all_totals: Totals) -> float:
    return max((abs(weight) for weight in all_totals.values()), default=0.0)


def _level(weight: float, heaviest: float) -> str:
    share = abs(weight) / heaviest if heaviest else 0.0
    return next((level for least, level in LEVELS if share >= least), "")
