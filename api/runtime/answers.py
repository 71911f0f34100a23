"""What a model answers for some rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A compiled model may add up in single precision, so equal probabilities can come out this far apart.
TIE = 1e-6


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """A classifier's answers.

    `classes` (rows,): index of the class chosen, in the order of the target's classes.
    `probabilities` (rows, classes), 0 to 1; None where the estimator has no `predict_proba`, and then it
    has none for any row. The class chosen is nearly always the most probable one, yet not by definition:
    some estimators (SVC) decide otherwise.
    """

    classes: NDArray[np.int64]
    probabilities: NDArray[np.float64] | None

    def __len__(self) -> int:
        return len(self.classes)

    def __getitem__(self, which: slice | NDArray[np.bool_]) -> ClassAnswers:
        """The answers that a slice or a mask chooses."""
        probabilities = None if self.probabilities is None else self.probabilities[which]
        return ClassAnswers(self.classes[which], probabilities)


@dataclass(frozen=True, slots=True)
class ValueAnswers:
    """A regressor's answers: `values` (rows,), in the unit of its target."""

    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, which: slice | NDArray[np.bool_]) -> ValueAnswers:
        """The answers that a slice or a mask chooses."""
        return ValueAnswers(self.values[which])


# A classifier always gives ClassAnswers, a regressor always ValueAnswers: the card's `task` says which.
Answers = ClassAnswers | ValueAnswers
# The answer for one row in plain numbers: the index of the class chosen and the probabilities, none where
# there are none; or, of a regressor, None and the value alone.
OneAnswer = tuple[int | None, list[float]]


def choose(probabilities: NDArray[np.float64]) -> ClassAnswers:
    """The first class within `TIE` of the largest probability: what argmax gives on exact values."""
    largest = probabilities.max(axis=1, keepdims=True)
    return ClassAnswers((probabilities >= largest - TIE).argmax(axis=1), probabilities)


def choose_one(probabilities: list[float]) -> int:
    """The class that `choose` gives for one row."""
    least = max(probabilities) - TIE
    return next(index for index, one in enumerate(probabilities) if one >= least)


def decide(answers: Answers, threshold: float | None) -> Answers:
    """The answers with the second of two classes where its probability is at or above `threshold`.

    With None they are as the model gave them. This and `decide_one` are all that uses a threshold: by whoever
    serves a version, whatever its runtime and by whatever route.
    """
    if threshold is None or isinstance(answers, ValueAnswers) or answers.probabilities is None:
        return answers
    chosen = (answers.probabilities[:, 1] >= threshold).astype(np.int64)
    return ClassAnswers(chosen, answers.probabilities)


def decide_one(answer: OneAnswer, threshold: float | None) -> OneAnswer:
    """The answer that `decide` gives for one row."""
    chosen, numbers = answer
    if threshold is None or chosen is None or not numbers:
        return answer
    return int(numbers[1] >= threshold), numbers


def usable_one(answer: OneAnswer, threshold: float | None) -> OneAnswer | None:
    """What `decide_one` gives, or None where a number of the answer is none that JSON has."""
    # The sum is finite where each of them is.
    if not math.isfinite(sum(answer[1])):
        return None
    return answer if threshold is None else decide_one(answer, threshold)


def join(parts: list[Answers]) -> Answers:
    """The answers of one or more batches to the same model as one, in order."""
    if isinstance(parts[0], ValueAnswers):
        return ValueAnswers(np.concatenate([one.values for one in parts if isinstance(one, ValueAnswers)]))
    classes = [one for one in parts if isinstance(one, ClassAnswers)]
    probabilities = [one.probabilities for one in classes if one.probabilities is not None]
    return ClassAnswers(
        np.concatenate([one.classes for one in classes]),
        np.concatenate(probabilities) if probabilities else None,
    )
