"""Fitting a classifier of texts within bounds: few features for many classes, many texts in parts."""

from __future__ import annotations

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from api.recipes.recipe import Estimator
from api.training.text_size import is_naive_bayes, most_features

# The vocabulary and its weights are learnt from lines of about so many characters together.
_FOR_VOCABULARY = 8_000_000
_CHUNK = 5000


def fitted(estimator: Estimator, texts: NDArray[np.object_], truth: NDArray[np.int64]) -> Estimator:
    """The pipeline fitted to texts and the numbers of their classes, of which none is left out.

    Naive Bayes learns only each class's sums, which are added up a part of the texts at a time; it is
    fitted to their means, weighted by the number of texts, and comes to the same.
    """
    features, classifier = estimator.named_steps["features"], estimator.named_steps["classifier"]
    blocks = [one for _, one in features.transformer_list]
    classes = int(truth.max()) + 1
    for block in blocks:
        block.set_params(max_features=most_features(classes) // len(blocks))
    if not is_naive_bayes(classifier):
        return estimator.fit(texts, truth)
    features.fit(_for_vocabulary(texts))
    counts = np.bincount(truth, minlength=classes).astype(np.float64)
    sums = _sums(features, texts, truth, classes)
    classifier.fit(scipy.sparse.diags_array(1 / counts) @ sums, np.arange(classes), sample_weight=counts)
    return estimator


def _for_vocabulary(texts: NDArray[np.object_]) -> NDArray[np.object_]:
    """All texts, or as many of them, from the first to the last, as are enough to know the words."""
    every = -(-sum(map(len, texts)) // _FOR_VOCABULARY)
    return texts[np.random.default_rng(0).permutation(len(texts))[::every]] if every > 1 else texts


def _sums(
    features: Estimator, texts: NDArray[np.object_], truth: NDArray[np.int64], classes: int
) -> scipy.sparse.csr_array:
    """The sum of each class's features, of shape (classes, features)."""
    sums = None
    for at in range(0, len(texts), _CHUNK):
        own = truth[at : at + _CHUNK]
        which = scipy.sparse.csr_array(
            (np.ones(len(own)), (own, np.arange(len(own)))), shape=(classes, len(own))
        )
        part = which @ scipy.sparse.csr_array(features.transform(texts[at : at + _CHUNK]))
        sums = part if sums is None else sums + part
    return sums
