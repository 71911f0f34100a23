"""What the card of a model of texts notes: how it was chosen, how often it is right, how sure it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from api.runtime.answers import ClassAnswers
from api.schema.target import Target
from api.training.text_scores import within

_CONFUSIONS = 8
_BINS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate, and at which place each true class came in cross-validation."""

    name: str
    places: NDArray[np.int64]

    @property
    def mean_reciprocal_rank(self) -> float:
        """The mean of 1 / place: 1 where the truth always came first."""
        return float((1 / self.places).mean())


def about_comparison(compared: Sequence[Comparison], heat: float) -> tuple[str, ...]:
    """A sentence for each candidate, the best first, and one for the temperature."""
    ordered = sorted(compared, key=lambda one: -one.mean_reciprocal_rank)
    return (
        *(
            f"In cross-validation, {one.name}: mean reciprocal rank {one.mean_reciprocal_rank:.4f}, "
            f"{_shares(one.places)}{'; chosen' if at == 0 else ''}."
            for at, one in enumerate(ordered)
        ),
        f"Its scores are divided by the temperature {heat:.4g}, with which the truth was likeliest.",
    )


def about_hold_out(
    target: Target, answers: ClassAnswers, truth: NDArray[np.int64], places: NDArray[np.int64]
) -> tuple[str, ...]:
    """Sentences on the lines held out: places, calibration, confusions."""
    return (
        f"On the lines held out: {_shares(places)}. The figures are measured on the same classifier fitted "
        "to the other lines; what answers was then fitted to all of them.",
        _reliability(answers, truth),
        _confusions(target, answers, truth),
    )


def _shares(places: NDArray[np.int64]) -> str:
    return ", ".join(f"top-{most} {within(places, most):.3f}" for most in (1, 3, 10))


def _reliability(answers: ClassAnswers, truth: NDArray[np.int64]) -> str:
    assert answers.probabilities is not None  # noqa: S101 (a text model always has them)
    sure, right = answers.probabilities.max(axis=1), answers.classes == truth
    rows, error = [], 0.0
    for low, high in pairwise(_BINS):
        among = (sure > low) & (sure <= high)
        if among.any():
            said, was = float(sure[among].mean()), float(right[among].mean())
            error += abs(said - was) * float(among.mean())
            rows.append(f"said {said:.2f}, was right {was:.2f} ({int(among.sum())} lines)")
    return f"Reliability of the first title: {'; '.join(rows)}. Expected calibration error {error:.3f}."


def _confusions(target: Target, answers: ClassAnswers, truth: NDArray[np.int64]) -> str:
    wrong = np.flatnonzero(answers.classes != truth)
    pairs = Counter((int(truth[at]), int(answers.classes[at])) for at in wrong)
    ordered = sorted(pairs.items(), key=lambda one: (-one[1], one[0]))[:_CONFUSIONS]
    named = (f"{target.classes[a].label} for {target.classes[b].label} ({n})" for (b, a), n in ordered)
    return f"The commonest confusions, answered for true: {', '.join(named) or 'none'}."
