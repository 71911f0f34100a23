"""A fitted scikit-learn estimator as a Model: its own labels, its own probabilities, its own values.

It imports no scikit-learn itself: whoever has an estimator has imported it.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from api.errors import UnreadableModel
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.runtime.frame import Frame
from api.runtime.rows import Rows


class EstimatorModel:
    """Answers with the estimator itself, given its rows in the form it was fitted to."""

    def __init__(self, estimator: Any, frame: Frame) -> None:
        self._estimator = estimator
        self._frame = frame

    def predict(self, rows: Rows) -> Answers:
        """What scikit-learn itself answers."""
        given = self._frame.of(rows)
        with warnings.catch_warnings():
            # Unknown categories and zero probabilities are told to whoever fits, not to whoever asks.
            warnings.simplefilter("ignore")
            answers = self._estimator.predict(given)
            if np.size(answers) != len(rows):
                raise UnreadableModel(
                    "it does not give one answer to each row; bring a model for each target."
                )
            if not hasattr(self._estimator, "classes_"):
                return ValueAnswers(np.asarray(answers, dtype=np.float64).ravel())
            probabilities = None
            if hasattr(self._estimator, "predict_proba"):
                probabilities = np.asarray(self._estimator.predict_proba(given), dtype=np.float64)
        # argmax over equality and not searchsorted, because labels of several types have no order.
        return ClassAnswers(
            (answers[:, None] == self._estimator.classes_[None, :]).argmax(axis=1), probabilities
        )
