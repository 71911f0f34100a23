"""The API's ranking of titles, as the page shows it. Pure: JSON already parsed goes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .bars import MOST_AT_ONCE, Bar
from .entries import number_read, readable
from .errors import BrokenAnswer
from .experiences import NAMES, YEARS, Experience
from .marks import Listed, Part, Totals, Weighed, mark, spoke, totals
from .members import Json, as_text, mapping, number, optional_text, sequence, text, whole


@dataclass(frozen=True)
class Told:
    """One experience as the page repeats it: how it is called, and its title and text in parts."""

    name: str
    title: tuple[Part, ...]
    description: tuple[Part, ...]


@dataclass(frozen=True)
class Reason:
    """What one experience says of a title: its words marked, those for and against, and the bar of the
    title, were this the only experience; `share` is how much it counts among several, in percent."""

    told: Told
    spoke_for: tuple[Listed, ...]
    against: tuple[Listed, ...]
    alone: Bar
    share: str


@dataclass(frozen=True)
class Ranked:
    """A title with its probability as a bar, and why it stands there; maybe no reason is known."""

    bar: Bar
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Ranking:
    """All titles, `first` those to show at once. With `base_rates` no word was known, and the
    probabilities say nothing of what was entered; `unknown` are the experiences left out for that."""

    first: tuple[Ranked, ...]
    rest: tuple[Ranked, ...]
    told: tuple[Told, ...]
    unknown: tuple[str, ...]
    base_rates: bool
    prediction_id: str
    model: str
    version: str

    @property
    def explained(self) -> bool:
        """Whether it is known why titles stand where they do."""
        return any(one.reasons for one in self.first)


def read_ranking(data: Any, experiences: Sequence[Experience]) -> Ranking:
    """The API's answer to some experiences; raises BrokenAnswer if it is none."""
    answer = mapping(data)
    results = [mapping(one) for one in sequence(answer, "results")]
    if not results:
        raise BrokenAnswer("a ranking is empty")
    base_rates = answer.get("base_rates") is True
    ranked = tuple(_ranked(one, at == 0 and not base_rates, experiences) for at, one in enumerate(results))
    return Ranking(
        first=ranked[:MOST_AT_ONCE],
        rest=ranked[MOST_AT_ONCE:],
        told=tuple(_told(at, experiences) for at in range(len(experiences))),
        unknown=_unknown(answer.get("warnings"), experiences),
        base_rates=base_rates,
        prediction_id=as_text(answer.get("id")),
        model=as_text(answer.get("model")),
        version=as_text(answer.get("version")),
    )


def _ranked(result: Json, chosen: bool, experiences: Sequence[Experience]) -> Ranked:
    title = text(result, "title")
    given = result.get("explanation")
    explanation = given if isinstance(given, list) else []
    reasons = tuple(_reason(mapping(one), title, experiences) for one in explanation)
    return Ranked(Bar(readable(title), _probability(result), chosen), reasons)


def _reason(data: Json, title: str, experiences: Sequence[Experience]) -> Reason:
    at = whole(data, "experience")
    if at is None or not 0 <= at < len(experiences):
        raise BrokenAnswer("an explanation is of an experience that was not sent")
    words = [(optional_text(one, "in"), _weighed(one)) for one in map(mapping, sequence(data, "words"))]
    sums = totals(word for _, word in words)
    spoke_for, against = spoke(sums)
    return Reason(
        told=_told(at, experiences, words, sums),
        spoke_for=spoke_for,
        against=against,
        alone=Bar(readable(title), _probability(data), False),
        share=f"{(number(data, 'share') or 0) * 100:.0f} %",
    )


def _told(
    at: int,
    experiences: Sequence[Experience],
    words: Sequence[tuple[str, Weighed]] = (),
    sums: Totals = MappingProxyType({}),
) -> Told:
    one = experiences[at]
    years = readable(number_read(YEARS, one.years))
    called = [f"Experience {at + 1}"] if len(experiences) > 1 else []
    called += [f"{years} year{'s' if years != '1' else ''}"] if years else []
    return Told(
        ", ".join(called),
        mark(one.title, [word for member, word in words if member == "title"], sums),
        mark(one.description, [word for member, word in words if member == "description"], sums),
    )


def _weighed(data: Json) -> Weighed:
    start, end, weight = whole(data, "start"), whole(data, "end"), number(data, "weight")
    if start is None or end is None or weight is None:
        raise BrokenAnswer("a word of an explanation lacks its place or its weight")
    return Weighed(text(data, "word"), start, end, weight)


def _probability(data: Json) -> float:
    value = number(data, "probability")
    if value is None or not 0 <= value <= 1:
        raise BrokenAnswer("a probability is not between 0 and 1")
    return value


def _unknown(warnings: Any, experiences: Sequence[Experience]) -> tuple[str, ...]:
    """How the experiences are called of which no word is known."""
    fields = [as_text(one.get("field")) for one in warnings or () if isinstance(one, Mapping)]
    places = [at for at in range(len(experiences)) if f"experience/{at}/{NAMES[0]}" in fields]
    return tuple(f"Experience {at + 1}" for at in places)
