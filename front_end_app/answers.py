"""The API's answer to a prediction, as the page shows it. Pure: JSON already parsed goes in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cards import Card, as_text
from .entries import readable
from .errors import BrokenAnswer


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


@dataclass(frozen=True)
class Caution:
    """Something the answer says of the input: what, and the field's title where the message
    does not name it."""

    title: str
    message: str


@dataclass(frozen=True)
class Answer:
    """A prediction: what was predicted, how probable each class is, and where it comes from."""

    headline: str
    bars: tuple[Bar, ...]
    cautions: tuple[Caution, ...]
    prediction_id: str
    model: str
    version: str

    @property
    def chosen(self) -> Bar | None:
        """The bar of the predicted class, where there is one."""
        return next((bar for bar in self.bars if bar.chosen), None)


def read_answer(card: Card, data: Any) -> Answer:
    """The answer to a prediction with the model of `card`; raises BrokenAnswer if it is none."""
    response = data.get("response") if isinstance(data, Mapping) else None
    if not isinstance(response, Mapping):
        raise BrokenAnswer("the answer to a prediction lacks 'response'")
    headline = as_text(response.get(f"predicted_{card.target.name}"))
    if not headline:
        raise BrokenAnswer("the answer to a prediction lacks what was predicted")
    return Answer(
        headline=readable(headline),
        bars=_bars(card, response, headline),
        cautions=_cautions(card, data.get("warnings")),
        prediction_id=as_text(data.get("id")),
        model=as_text(data.get("model")) or card.name,
        version=as_text(data.get("version")) or card.version,
    )


def _bars(card: Card, response: Mapping[str, Any], headline: str) -> tuple[Bar, ...]:
    """A bar for each `prob_…` of the answer, in the card's order and by the card's names."""
    labels = dict(card.target.classes)
    values = {
        name.removeprefix("prob_"): _probability(value)
        for name, value in response.items()
        if name.startswith("prob_")
    }
    keys = [key for key in labels if key in values] + [key for key in values if key not in labels]
    return tuple(
        Bar(readable(labels.get(key, key)), values[key], labels.get(key, key) == headline) for key in keys
    )


def _probability(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BrokenAnswer("a probability is not a number")
    if not (math.isfinite(value) and 0 <= value <= 1):
        raise BrokenAnswer("a probability is not between 0 and 1")
    return float(value)


def _cautions(card: Card, data: Any) -> tuple[Caution, ...]:
    titles = {field.name: field.title for field in card.fields}
    given = [item for item in data or () if isinstance(item, Mapping)]
    return tuple(
        _caution(titles.get(as_text(item.get("field")), ""), readable(as_text(item.get("message"))))
        for item in given
    )


def _caution(title: str, message: str) -> Caution:
    return Caution("" if title in message else title, message)
