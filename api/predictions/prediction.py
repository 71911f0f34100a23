"""A prediction: one row's answer, and which version of which model gave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.predictions.column_texts import SMALL, column_json, number_texts
from api.predictions.field_reasons import Reason
from api.registry.card import Card
from api.runtime.answers import Answers, ValueAnswers
from api.schema.observed import RangeWarning
from api.schema.target import Target

# A compiled model may answer in single precision, which holds seven digits.
DECIMALS = 7
SCALE = 10.0**DECIMALS
# How a rounded probability is written, by its size in parts of the last decimal; SMALL and 1 in such parts.
_DIGITS = f"0.%0{DECIMALS}d"
FEW, ONE = round(SMALL * SCALE), 10**DECIMALS
# The same by its first decimals and its last three, where these are not all zeros: to put two texts together
# takes half the time of writing one.
FIRST = [f"0.{first:0{DECIMALS - 3}}" for first in range(10 ** (DECIMALS - 3))]
LAST = [f"{last:03}".rstrip("0") for last in range(1000)]
# The few texts of all that are below SMALL.
_SMALL_TEXTS = [repr(parts / SCALE) for parts in range(FEW)]

# The answer as callers see it: "predicted_<target>" and, of a classifier, "prob_<class>" for each class.
Response = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One answer; `id` is unique to it, and `reasons` is None where it is not explained."""

    id: str
    model: str
    version: str
    response: Response
    warnings: tuple[RangeWarning, ...]
    threshold: float | None = None
    reasons: tuple[Reason, ...] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The answers for some rows, all by one version, in `seconds`; `id` is the request's.

    `reasons` are each answer's, None where they are not explained.
    """

    id: str
    card: Card
    answers: Answers
    seconds: float
    reasons: Sequence[tuple[Reason, ...]] | None = None


def answer_names(target: Target) -> list[str]:
    """The names of an answer's values, in order."""
    classes = target.classes if target.probabilities else ()
    return [f"predicted_{target.name}", *(f"prob_{one.key}" for one in classes)]


def answer_columns(target: Target, answers: Answers) -> list[list[Any]]:
    """The values of some rows' answers: a list of one value a row for each of `answer_names`."""
    if isinstance(answers, ValueAnswers):
        return [answers.values.tolist()]
    labels = [one.label for one in target.classes]
    chosen = [labels[index] for index in answers.classes.tolist()]
    if answers.probabilities is None:
        return [chosen]
    if len(chosen) == 1:
        return [chosen, *([share] for share in rounded(answers.probabilities[0].tolist()))]
    return [chosen, *np.round(answers.probabilities, DECIMALS).T.tolist()]


def answer_texts(target: Target, answers: Answers, shown: Callable[[str], str]) -> list[list[str]]:
    """The same columns as text: numbers as `json.dumps` writes them, and labels as `shown` does."""
    if isinstance(answers, ValueAnswers):
        return [number_texts(answers.values)]
    labels = [shown(one.label) for one in target.classes]
    chosen = [labels[index] for index in answers.classes.tolist()]
    if answers.probabilities is None:
        return [chosen]
    shares = share_column_texts(answers.probabilities)
    return [chosen, *(shares[at :: len(labels)] for at in range(len(labels)))]


def share_column_texts(shares: NDArray[np.float64]) -> list[str]:
    """All probabilities of some rows, row by row, rounded, as `number_texts` writes them."""
    flat = np.round(shares, DECIMALS).reshape(-1)
    if (flat < 0).any():
        return number_texts(flat)
    texts = column_json(flat)[1:-1].decode().split(",")
    small = np.flatnonzero((flat < SMALL) & (flat > 0))
    for at, parts in zip(small.tolist(), np.rint(flat[small] * SCALE).astype(np.int64).tolist(), strict=True):
        texts[at] = _SMALL_TEXTS[parts]
    return texts


def share_text(parts: int) -> str:
    """So many parts of the last decimal, as `repr` writes them, which looks longer for the fewest digits."""
    if FEW <= parts < ONE:
        return (_DIGITS % parts).rstrip("0")
    return _SMALL_TEXTS[parts] if 0 <= parts < FEW else repr(parts / SCALE)


def rounded(shares: list[float]) -> list[float]:
    """A row's probabilities as `np.round` gives them, in a fraction of the time that it takes for so few."""
    return [round(one * SCALE) / SCALE for one in shares]


def respond(target: Target, answers: Answers) -> list[Response]:
    """The answers of some rows in the target's own words."""
    columns = answer_columns(target, answers)
    names = answer_names(target)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
