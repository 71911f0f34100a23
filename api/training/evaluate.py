"""The figures of a model on rows whose truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    mean_absolute_error,
    median_absolute_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
    root_mean_squared_error,
)

from api.registry.figures import MACRO, AnyFigures, Figures, RegressionFigures
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers


def evaluate(
    answers: Answers, truth: NDArray[Any], seconds: float | None, positive: str | None = None
) -> AnyFigures:
    """The figures of `answers` against `truth` (rows,): class indices, or a regressor's values.

    `seconds` is the time that fitting took, None where it was done elsewhere. `positive` is the label of the
    second of two classes where the figures are to be its own, and not means over the classes.
    """
    spent = None if seconds is None else round(seconds, 3)
    if isinstance(answers, ValueAnswers):
        return RegressionFigures(
            r2=float(r2_score(truth, answers.values)),
            mean_absolute_error=float(mean_absolute_error(truth, answers.values)),
            root_mean_squared_error=float(root_mean_squared_error(truth, answers.values)),
            median_absolute_error=float(median_absolute_error(truth, answers.values)),
            seconds=spent,
        )
    average = MACRO if positive is None else "binary"
    return Figures(
        precision=float(precision_score(truth, answers.classes, average=average, zero_division=0)),
        recall=float(recall_score(truth, answers.classes, average=average, zero_division=0)),
        accuracy=float(accuracy_score(truth, answers.classes)),
        auc=_auc(answers, truth),
        f1=float(f1_score(truth, answers.classes, average=average, zero_division=0)),
        seconds=spent,
        average=positive or MACRO,
    )


def _auc(answers: ClassAnswers, truth: NDArray[np.int64]) -> float | None:
    """One class against the rest, the mean; None without probabilities, or where `truth` lacks a class."""
    probabilities = answers.probabilities
    if probabilities is None or len(np.unique(truth)) < probabilities.shape[1]:
        return None
    if probabilities.shape[1] == 2:
        probabilities = probabilities[:, 1]
    return float(roc_auc_score(truth, probabilities, multi_class="ovr", average="macro"))
