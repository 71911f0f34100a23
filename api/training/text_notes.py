"""What the card of a model of texts notes: how it was chosen, and what its figures were measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.training.text_scores import within
from api.training.text_split import Measuring


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate, and at which place each true class came in cross-validation."""

    name: str
    places: NDArray[np.int64]

    @property
    def mean_reciprocal_rank(self) -> float:
        """The mean of 1 / place: 1 where the truth always came first."""
        return float((1 / self.places).mean())


def about_comparison(compared: Sequence[Comparison]) -> tuple[str, ...]:
    """A sentence for each candidate, the best first."""
    ordered = sorted(compared, key=lambda one: -one.mean_reciprocal_rank)
    return tuple(
        f"In cross-validation, {one.name}: mean reciprocal rank {one.mean_reciprocal_rank:.4f}, "
        f"{_shares(one.places)}{'; chosen' if at == 0 else ''}."
        for at, one in enumerate(ordered)
    )


def about_measuring(measuring: Measuring, heat: float) -> tuple[str, ...]:
    """On what it was measured, and with what its probabilities were set."""
    if measuring.left_out is None:
        how = "in cross-validation" if measuring.calibration is None else "on more lines held out"
        return (
            *measuring.said,
            "The figures are measured on a classifier that was fitted without the lines held out; what "
            "answers was then fitted to all of them.",
            f"Its scores are divided by the temperature {heat:.4g}, with which the truth was likeliest "
            f"{how}.",
        )
    return (
        "The figures are measured on lines written by somebody who had not read those that it learnt from; "
        f"{measuring.left_out} that shared a phrase with one of them were left out.",
        f"Its scores are divided by the temperature {heat:.4g}, with which the truth was likeliest in "
        f"{len(measuring.calibration.truth) if measuring.calibration else 0} more such lines.",
    )


def _shares(places: NDArray[np.int64]) -> str:
    return ", ".join(f"top-{most} {within(places, most):.3f}" for most in (1, 3, 10))
