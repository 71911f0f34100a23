"""Which classifier of texts is best, and how sure it may be: cross-validation, ranks and temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.model_selection import StratifiedKFold

from api.recipes.recipe import Estimator
from api.recipes.text_recipe import Candidate
from api.training.text_fit import fitted

FOLDS = 3
_TEMPERATURES = np.geomspace(0.02, 5, 400)
_FOR_TEMPERATURE = 3_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """Texts, and the index of each one's class."""

    texts: NDArray[np.object_]
    truth: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Learnt(Known):
    """Texts to learn from; `anchors` and `anchor_truth` are only ever learnt from."""

    anchors: NDArray[np.object_]
    anchor_truth: NDArray[np.int64]

    def part(self, which: NDArray[np.int64]) -> Learnt:
        """Some of the texts, with all anchors."""
        return Learnt(self.texts[which], self.truth[which], self.anchors, self.anchor_truth)

    def fit(self, candidate: Candidate) -> Estimator:
        """The candidate fitted to all of it."""
        texts = np.concatenate([self.texts, self.anchors])
        return fitted(candidate.estimator(), texts, np.concatenate([self.truth, self.anchor_truth]))


def scores_of(estimator: Estimator, texts: Sequence[str] | NDArray[np.object_]) -> NDArray[np.float64]:
    """Scores of shape (texts, classes) whose softmax are probabilities: the classifier's own."""
    if hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(texts), dtype=np.float64)
    return np.asarray(estimator.predict_log_proba(texts), dtype=np.float64)


def ranks(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> NDArray[np.int64]:
    """At which place each true class came, 1 for the first; of shape (texts,)."""
    own = scores[np.arange(len(truth)), truth]
    place: NDArray[np.int64] = 1 + (scores > own[:, None]).sum(axis=1)
    return place


def within(places: NDArray[np.int64], most: int) -> float:
    """The share of texts whose true class is among the first `most`."""
    return float((places <= most).mean())


def out_of_fold(candidate: Candidate, learnt: Learnt) -> NDArray[np.float64]:
    """The scores of each text by a classifier that was fitted to the other folds."""
    # Every class has an anchor.
    scores = np.empty((len(learnt.truth), learnt.anchor_truth.max() + 1))
    for training, others in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(
        learnt.texts, learnt.truth
    ):
        scores[others] = scores_of(learnt.part(training).fit(candidate), learnt.texts[others])
    return scores


def temperature(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """What to divide scores by so that their softmax gives the truth the greatest likelihood.

    Of many texts only some are looked at: one number needs no more.
    """
    every = -(-scores.size // _FOR_TEMPERATURE)
    scores, truth = scores[::every], truth[::every]
    each = np.arange(len(truth))
    losses = [-log_softmax(scores / one, axis=1)[each, truth].mean() for one in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])
