"""How well a model of texts ranks its classes, on texts whose class is known."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from api.registry.ranking import Confusion, Ranking, Reliability
from api.schema.target import Target
from api.training.text_scores import ranks, within

_CONFUSIONS = 10
_BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def ranking(target: Target, scores: NDArray[np.float64], heat: float, truth: NDArray[np.int64]) -> Ranking:
    """The ranking by `scores` (texts, classes), whose softmax at the temperature `heat` is what is said."""
    places = ranks(scores, truth)
    probabilities = softmax(scores / heat, axis=1)
    answered, said = probabilities.argmax(axis=1), probabilities.max(axis=1)
    reliability = _reliability(said, answered == truth)
    off = sum(one.texts * abs(one.said - one.right) for one in reliability) / len(truth)
    return Ranking(
        within(places, 1),
        within(places, 3),
        within(places, 10),
        off,
        reliability,
        _confusions(target, answered, truth),
    )


def _reliability(said: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Reliability, ...]:
    rows = []
    for low, high in pairwise(_BINS):
        among = (said > low) & (said <= high)
        if among.any():
            rows.append(Reliability(int(among.sum()), float(said[among].mean()), float(right[among].mean())))
    return tuple(rows)


def _confusions(
    target: Target, answered: NDArray[np.int64], truth: NDArray[np.int64]
) -> tuple[Confusion, ...]:
    wrong = np.flatnonzero(answered != truth)
    pairs = Counter((int(truth[at]), int(answered[at])) for at in wrong)
    ordered = sorted(pairs.items(), key=lambda one: (-one[1], one[0]))[:_CONFUSIONS]
    labels = [one.label for one in target.classes]
    return tuple(Confusion(labels[true], labels[taken], texts) for (true, taken), texts in ordered)
