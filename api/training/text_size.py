"""How a run on texts keeps within its memory and time, however many lines and classes there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.naive_bayes import ComplementNB, MultinomialNB

from api.recipes.recipe import Estimator
from api.recipes.text_recipe import Candidate
from api.runtime.text_features import CHARACTERS

# Numbers in a matrix of texts by classes, and of features by classes; eight bytes each.
_MOST_SCORES = 12_000_000
_MOST_WEIGHTS = 40_000_000
# Texts times classes, up to which classifiers are compared that fit each class on its own, again and again.
_MOST_FOR_LINEAR = 4_000_000
# Characters of all texts, up to which n-grams of characters are compared: there are some 15 for each word.
_MOST_FOR_CHARACTERS = 60_000_000


def most_lines(classes: int) -> int:
    """How many lines may have their scores for all classes in memory."""
    return max(1000, _MOST_SCORES // classes)


def most_features(classes: int) -> int:
    """How many features may have a weight for each class in memory."""
    return max(1000, _MOST_WEIGHTS // classes)


def is_naive_bayes(classifier: Estimator) -> bool:
    """Whether a classifier learns nothing but sums over each class's texts."""
    return isinstance(classifier, ComplementNB | MultinomialNB)


def comparable(
    candidates: Sequence[Candidate], texts: NDArray[np.object_], classes: int
) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """The candidates that can be fitted to so many texts, and a sentence on why others are not compared."""
    kept, said = list(candidates), []
    if len(texts) * classes > _MOST_FOR_LINEAR:
        kept, left = _parted(kept, lambda one: is_naive_bayes(one.named_steps["classifier"]))
        if left:
            said.append(f"Not compared, since {len(texts):,} lines are too many for them: {left}.")
    characters = sum(map(len, texts))
    if characters > _MOST_FOR_CHARACTERS:
        kept, left = _parted(kept, lambda one: not _has_characters(one))
        if left:
            said.append(f"Not compared, since {characters:,} characters are too many for them: {left}.")
    return tuple(kept), tuple(said)


def _parted(
    candidates: Sequence[Candidate], fits: Callable[[Estimator], bool]
) -> tuple[list[Candidate], str]:
    """The candidates that fit, and the names of the others; where none fits, all are kept."""
    kept = [one for one in candidates if fits(one.estimator())]
    left = "" if not kept else "; ".join(one.name for one in candidates if one not in kept)
    return kept or list(candidates), left


def _has_characters(estimator: Estimator) -> bool:
    return any(one.analyzer == CHARACTERS for _, one in estimator.named_steps["features"].transformer_list)
