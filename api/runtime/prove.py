"""The proof that a compiled model answers as its estimator does. For training only."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from api.errors import NotEqual
from api.registry.card import Parity
from api.runtime.answers import Answers

BOUND = 1e-6


class Predictor(Protocol):
    """Anything that answers for rows: a compiled model, or an estimator in that form."""

    def predict(self, rows: NDArray[np.float64]) -> Answers:
        """Answers for rows of shape (rows, fields)."""
        ...


class EstimatorPredictor:
    """A fitted scikit-learn classifier in the form of a Predictor; its own labels, its own probabilities."""

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator

    def predict(self, rows: NDArray[np.float64]) -> Answers:
        """What scikit-learn itself answers for rows of shape (rows, fields)."""
        labels = self._estimator.predict(rows)
        return Answers(np.searchsorted(self._estimator.classes_, labels), self._estimator.predict_proba(rows))


def prove_equal(compiled: Predictor, estimator: Predictor, rows: NDArray[np.float64]) -> Parity:
    """Compare two predictors on `rows`: every label equal, every probability within `BOUND`.

    Returns how close they were. Raises NotEqual, which names the worst row, where they are not.
    """
    ours, theirs = compiled.predict(rows), estimator.predict(rows)
    difference = np.abs(ours.probabilities - theirs.probabilities).max(axis=1)
    worst = int(difference.argmax())
    unequal = np.flatnonzero(ours.classes != theirs.classes)
    if difference[worst] > BOUND:
        raise NotEqual(
            f"the compiled model's probabilities differ by up to {difference[worst]:.3g}, which is more than "
            f"{BOUND:g}; the worst of {len(rows)} probe rows is {rows[worst].tolist()}"
        )
    if unequal.size:
        raise NotEqual(
            f"the compiled model chooses another class on {unequal.size} of {len(rows)} probe rows; "
            f"the first is {rows[unequal[0]].tolist()}"
        )
    return Parity(rows=len(rows), largest_difference=float(difference[worst]), bound=BOUND)
