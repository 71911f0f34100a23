"""What a model answers for some rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Compiled models add up in single precision, so equal probabilities can come out this far apart.
TIE = 1e-6


@dataclass(frozen=True, slots=True)
class Answers:
    """`classes` (rows,): index of the class chosen; `probabilities` (rows, classes), 0 to 1."""

    classes: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def choose(probabilities: NDArray[np.float64]) -> Answers:
    """The first class within `TIE` of the largest probability: what argmax gives on exact values."""
    largest = probabilities.max(axis=1, keepdims=True)
    return Answers((probabilities >= largest - TIE).argmax(axis=1), probabilities)
