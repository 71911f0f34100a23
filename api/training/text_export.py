"""From a fitted pipeline of texts to the weights that serve it, and the proof that they are equal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.naive_bayes import ComplementNB, MultinomialNB

from api.recipes.recipe import Estimator
from api.registry.card import Parity
from api.runtime.answers import ClassAnswers
from api.runtime.prove import prove_equal
from api.runtime.rows import Rows
from api.runtime.text_features import Block
from api.runtime.text_model import TextWeights, text_model_from_bytes
from api.schema.schema import Schema
from api.training.text_scores import scores_of

# A served text model repeats its estimator's arithmetic in double precision.
BOUND = 1e-9


def exported(
    estimator: Estimator,
    heat: float,
    base_rates: NDArray[np.float64],
    skills: Mapping[str, list[str]],
) -> TextWeights:
    """The weights of a fitted pipeline whose scores are divided by the temperature `heat`."""
    blocks = tuple(_block(one) for _, one in estimator.named_steps["features"].transformer_list)
    baseline, sparse, intercept = _linear(estimator.named_steps["classifier"])
    by_feature = scipy.sparse.csr_array(sparse)
    by_feature.sort_indices()
    return TextWeights(
        blocks,
        starts=by_feature.indptr.astype(np.int64),
        classes=by_feature.indices.astype(np.int16),
        weights=by_feature.data / heat,
        baseline=baseline / heat,
        intercept=intercept / heat,
        base_rates=base_rates,
        skills=skills,
    )


def prove(
    schema: Schema, content: bytes, estimator: Estimator, heat: float, texts: NDArray[np.object_]
) -> Parity:
    """Compare the model in `content` with the estimator on `texts`; raises NotEqual where they differ."""
    return prove_equal(
        schema, text_model_from_bytes(content), rows_of(texts), reference(estimator, heat, texts), BOUND
    )


def reference(estimator: Estimator, heat: float, texts: NDArray[np.object_]) -> ClassAnswers:
    """What scikit-learn answers: the softmax of its own scores, divided by the temperature."""
    return answers_of(scores_of(estimator, texts), heat)


def answers_of(scores: NDArray[np.float64], heat: float) -> ClassAnswers:
    """The answers by scores of shape (texts, classes) at the temperature `heat`."""
    probabilities = softmax(scores / heat, axis=1)
    return ClassAnswers(probabilities.argmax(axis=1), probabilities)


def rows_of(texts: NDArray[np.object_]) -> Rows:
    """A batch of texts."""
    return Rows(np.empty((len(texts), 0)), texts.reshape(-1, 1))


def _block(vectorizer: Estimator) -> Block:
    vocabulary = {ngram: int(at) for ngram, at in vectorizer.vocabulary_.items()}
    shortest, longest = vectorizer.ngram_range
    return Block(vectorizer.analyzer, shortest, longest, vocabulary, vectorizer.idf_)


def _linear(
    classifier: Estimator,
) -> tuple[NDArray[np.float64], scipy.sparse.csr_array, NDArray[np.float64]]:
    """Baseline (classes,), weights (features, classes) and intercept (classes,) that give its scores.

    Naive Bayes weighs a feature that a class was never seen with by a number of the class plus one of the
    feature; the latter moves all classes alike, which no probability feels, and is left out.
    """
    zero = np.zeros(len(classifier.classes_))
    if isinstance(classifier, ComplementNB | MultinomialNB):
        counts, alpha = scipy.sparse.csr_array(classifier.feature_count_.T), classifier.alpha
        seen = counts.tocoo()
        if isinstance(classifier, ComplementNB):
            totals = classifier.feature_all_ + alpha
            values = np.log(totals[seen.row]) - np.log(totals[seen.row] - seen.data)
            every = np.log((totals[:, None] - classifier.feature_count_.T).sum(axis=0))
            intercept = zero
        else:
            values = np.log(seen.data + alpha) - np.log(alpha)
            every = -np.log((classifier.feature_count_ + alpha).sum(axis=1))
            intercept = classifier.class_log_prior_
        return every, scipy.sparse.csr_array((values, (seen.row, seen.col)), shape=counts.shape), intercept
    return zero, scipy.sparse.csr_array(classifier.coef_.T), classifier.intercept_
