"""Why a model of texts scores a class as it does: what each word of the text adds to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.runtime.text_model import TextModel, TextWeights
from api.runtime.text_places import shares_of, words_of


@dataclass(frozen=True, slots=True)
class TextExplanation:
    """What the words of one text, at `spans` (start and end, in code points), add to some classes' scores.

    Scores, bases and weights are relative to their mean over all classes, so that 0 is neither for nor
    against a class; the softmax of the scores of all classes are the probabilities. Of each class,
    `bases` (classes,) and the column of `weights` (words, classes) are `scores` (classes,) together.
    """

    spans: tuple[tuple[int, int], ...]
    probabilities: NDArray[np.float64]
    scores: NDArray[np.float64]
    bases: NDArray[np.float64]
    weights: NDArray[np.float64]


def explain(model: TextModel, text: str, classes: Sequence[int]) -> TextExplanation:
    """What each word of `text` adds to the scores of the classes of these numbers.

    The weight of a feature is shared by the words it comes from: one of characters lies within a word, one
    of several words is theirs alike, and one that occurs again is every place's alike.
    """
    own, chosen = model.weights, np.array(classes, dtype=np.int64)
    words = words_of(text)
    weights = np.zeros((len(words.spans), len(chosen)))
    offset = 0
    for block in own.blocks:
        at, values = block.features(text)
        added = values[:, None] * _centred(own, at + offset, chosen)
        shares = shares_of(block, words)
        rows = np.searchsorted(at, shares.features)
        for column in range(len(chosen)):
            moved = shares.parts * added[rows, column]
            weights[:, column] += np.bincount(shares.words, moved, minlength=len(weights))
        offset += len(block.idf)
    scores = model.scores(text)
    return TextExplanation(
        words.spans,
        probabilities=model.probabilities([text])[0, chosen],
        scores=scores[chosen] - scores.mean(),
        bases=own.intercept[chosen] - own.intercept.mean(),
        weights=weights,
    )


def _centred(own: TextWeights, at: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the features `at` weigh for the chosen classes, less their mean over all classes.

    Of shape (features, chosen). Only the weights that are kept are touched: all others are 0.
    """
    rows, places = own.runs(at)
    classes, kept = own.classes[places], own.weights[places]
    means = np.bincount(rows, kept, minlength=len(at)) / len(own.intercept)
    found = np.zeros((len(at), len(chosen)))
    columns = np.full(len(own.intercept), -1)
    columns[chosen] = np.arange(len(chosen))
    mine = columns[classes] >= 0
    found[rows[mine], columns[classes[mine]]] = kept[mine]
    centred: NDArray[np.float64] = found - means[:, None] + own.baseline[chosen] - own.baseline.mean()
    return centred
