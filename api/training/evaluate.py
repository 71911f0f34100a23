"""The figures of a classifier on rows it was not fitted to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

from api.registry.card import Figures
from api.runtime.answers import Answers


def evaluate(answers: Answers, truth: NDArray[np.int64], seconds: float) -> Figures:
    """The six figures of `answers` against `truth` (rows,); `seconds` is the time that fitting took.

    Means over three or more classes; every class has to occur in `truth`.
    """
    return Figures(
        precision=float(precision_score(truth, answers.classes, average="macro", zero_division=0)),
        recall=float(recall_score(truth, answers.classes, average="macro", zero_division=0)),
        accuracy=float(accuracy_score(truth, answers.classes)),
        auc=float(roc_auc_score(truth, answers.probabilities, multi_class="ovr", average="macro")),
        f1=float(f1_score(truth, answers.classes, average="macro", zero_division=0)),
        seconds=round(seconds, 3),
    )
