"""How well a model ranks its classes: what a card says of one that tells many classes apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reliability:
    """Texts for whose first class about the same probability was said.

    `said` is their mean probability, `right` the share of them in which that class was the true one.
    """

    texts: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many `texts` of one class (`true`) were taken for another (`answered`)."""

    true: str
    answered: str
    texts: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Measured on texts that the model had not learnt from.

    `top_1`, `top_3` and `top_10` are the shares of texts whose true class came that far up.
    `calibration_error` is the mean distance of `said` from `right` over the rows of `reliability`, weighted
    by their texts; `confusions` are the commonest ones.
    """

    top_1: float
    top_3: float
    top_10: float
    calibration_error: float
    reliability: tuple[Reliability, ...]
    confusions: tuple[Confusion, ...]


def ranking_from_json(data: dict[str, Any] | None) -> Ranking | None:
    """The ranking of a card's JSON; raises TypeError or KeyError where it is none."""
    if data is None:
        return None
    rows = tuple(Reliability(**one) for one in data["reliability"])
    confusions = tuple(Confusion(**one) for one in data["confusions"])
    return Ranking(**(data | {"reliability": rows, "confusions": confusions}))
