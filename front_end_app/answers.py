"""The API's answer to a prediction, as the page shows it. Pure: JSON already parsed goes in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .bars import Bar, first_and_rest, read_bars
from .cards import Card
from .entries import readable
from .errors import BrokenAnswer
from .histograms import Histogram, draw, plain, standing
from .members import as_text
from .reasons import Reason, decision, read_reasons


@dataclass(frozen=True)
class Caution:
    """Something the answer says of the input: what, and the field's title where the message
    does not name it."""

    title: str
    message: str


@dataclass(frozen=True)
class Measure:
    """A predicted number, and how it stands among those the model learnt from where they are known."""

    exact: str
    standing: str = ""
    histogram: Histogram | None = None


@dataclass(frozen=True)
class Answer:
    """A prediction: what was predicted, how probable each class is, and where it comes from.

    `bars` are shown at once, `more_bars` when asked for; a number has a `measure` instead. `decision` says
    from which probability on one of two classes is answered, "" where the more probable one is.
    """

    headline: str
    bars: tuple[Bar, ...]
    more_bars: tuple[Bar, ...]
    measure: Measure | None
    cautions: tuple[Caution, ...]
    prediction_id: str
    model: str
    version: str
    decision: str = ""
    reasons: tuple[Reason, ...] = ()

    @property
    def chosen(self) -> Bar | None:
        """The bar of the predicted class, where there is one."""
        return next((bar for bar in self.bars if bar.chosen), None)


def read_answer(card: Card, data: Any) -> Answer:
    """The answer to a prediction with the model of `card`; raises BrokenAnswer if it is none."""
    response = data.get("response") if isinstance(data, Mapping) else None
    if not isinstance(response, Mapping):
        raise BrokenAnswer("the answer to a prediction lacks 'response'")
    predicted = response.get(f"predicted_{card.target.name}")
    if not as_text(predicted):
        raise BrokenAnswer("the answer to a prediction lacks what was predicted")
    number = _number(predicted) if card.regression else None
    bars, more_bars = first_and_rest(read_bars(card.target, response, as_text(predicted)))
    return Answer(
        headline=readable(as_text(predicted)) if number is None else plain(number, card.target.distribution),
        bars=bars,
        more_bars=more_bars,
        measure=None if number is None else _measure(card, number),
        cautions=_cautions(card, data.get("warnings")),
        prediction_id=as_text(data.get("id")),
        model=as_text(data.get("model")) or card.name,
        version=as_text(data.get("version")) or card.version,
        decision=decision(card.target, data.get("threshold")),
        reasons=read_reasons(data.get("reasons")),
    )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BrokenAnswer("a predicted number is none")
    return float(value)


def _measure(card: Card, number: float) -> Measure:
    spread = card.target.distribution
    if spread is None:
        return Measure(as_text(number))
    how = "the model learnt from" if card.origin.rows.training is not None else "the model came with"
    rows = f"the {sum(spread.counts)} rows {how}"
    return Measure(as_text(number), standing(spread, number, rows), draw(spread, number))


def _cautions(card: Card, data: Any) -> tuple[Caution, ...]:
    titles = {field.name: field.title for field in card.fields}
    given = [item for item in data or () if isinstance(item, Mapping)]
    return tuple(
        _caution(titles.get(as_text(item.get("field")), ""), readable(as_text(item.get("message"))))
        for item in given
    )


def _caution(title: str, message: str) -> Caution:
    return Caution("" if title in message else title, message)
