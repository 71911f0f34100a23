"""What each word adds to a score: it adds up, to the model's own scores and probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import RidgeClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline

from api.recipes.similar_jobs import SIMILAR_JOBS
from api.registry.directory import ModelsDirectory
from api.runtime.load import load
from api.runtime.text_explanation import TextExplanation, explain
from api.runtime.text_features import CHARACTERS, WORD, Block
from api.runtime.text_model import TextModel, TextWeights
from api.training.text_export import exported

# What the model knows, in whatever form, among what it does not.
KNOWN = st.sampled_from(
    ["agile", "Scrum", "boilers,", "leaking", "taps", "and", "AND", "İnstalled", "c++", "(teaching)", "3.5"]
)
TEXTS = st.one_of(st.text(max_size=100), st.lists(st.one_of(KNOWN, st.text(max_size=8))).map(" ".join))
WITHIN = 1e-9


@pytest.fixture(scope="module")
def model(jobs_dir: Path) -> TextModel:
    """The similar-jobs model."""
    loaded = load(ModelsDirectory(jobs_dir), "similar_jobs", "1").model
    assert isinstance(loaded, TextModel)
    return loaded


def explained(model: TextModel, text: str) -> TextExplanation:
    """An explanation of all classes, which has to add up."""
    found = explain(model, text, range(len(model.base_rates)))
    assert np.abs(found.bases + found.weights.sum(axis=0) - found.scores).max() <= WITHIN
    powers = np.exp(found.scores - found.scores.max())
    probabilities = model.probabilities([text])[0]
    assert np.abs(powers / powers.sum() - probabilities).max() <= WITHIN
    assert found.probabilities.tolist() == probabilities.tolist()
    assert abs(found.scores.mean()) <= WITHIN
    # Neither for nor against on the whole: what speaks for one class speaks against others.
    assert np.abs(found.weights.mean(axis=1)).max(initial=0) <= WITHIN
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS)
def test_base_and_words_are_the_score_and_scores_the_probabilities(model: TextModel, text: str) -> None:
    """For any text, of every title, to 1e-9."""
    explained(model, text)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "xqzzv", "agile " * 3000, "Ünïted 🔧 слесарь\x00 plumber" * 500]
)
def test_odd_and_long_texts_add_up_too(model: TextModel, text: str) -> None:
    """Nothing at all, nothing known, the same again and again, and everything at once."""
    explained(model, text)


@pytest.mark.parametrize(
    "classifier", [ComplementNB(), MultinomialNB(alpha=0.1), RidgeClassifier(solver="sparse_cg")]
)
def test_it_adds_up_for_every_kind_of_classifier(classifier: Any) -> None:
    """Weights of one sign, of both, and with an intercept of each class; pairs of words and characters."""
    titles = ("baker", "judge", "midwife", "plumber")
    lines = [one for one in SIMILAR_JOBS.load() if one.label in titles]
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True)),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    estimator = Pipeline([("features", features), ("classifier", classifier)])
    estimator.fit([one.text for one in lines], [titles.index(one.label) for one in lines])
    model = TextModel(exported(estimator, 0.3, np.full(len(titles), 1 / len(titles)), {}))
    for one in lines[::9]:
        explained(model, f"{one.text} {one.text.upper()}")


def test_some_classes_are_explained_as_all_are(model: TextModel) -> None:
    """Whichever classes are asked for, in whatever order."""
    text = "organizing projects with agile and scrum methodologies"
    everything, some = explained(model, text), explain(model, text, [7, 3])
    assert some.spans == everything.spans
    assert some.weights.tolist() == everything.weights[:, [7, 3]].tolist()
    assert some.scores.tolist() == everything.scores[[7, 3]].tolist()


def test_words_are_credited_with_what_they_say() -> None:
    """A word has its own feature, its share of a pair, and the characters within it; "b" tells nothing."""
    words = Block(WORD, 1, 2, {"aa": 0, "cc": 1, "aa cc": 2}, np.array([1.0, 1.0, 2.0]))
    letters = Block(CHARACTERS, 2, 2, {"c ": 0}, np.array([1.0]))
    weights = TextWeights(
        (words, letters),
        starts=np.array([0, 1, 2, 3, 4]),
        classes=np.array([0, 1, 0, 1], dtype=np.int16),
        weights=np.array([6.0, 12.0, 6.0, 4.0]),
        baseline=np.zeros(2),
        intercept=np.array([1.0, 3.0]),
        base_rates=np.array([0.5, 0.5]),
        skills={},
    )
    found = explain(TextModel(weights), "cc b aa aa", [0, 1])
    assert found.spans == ((0, 2), (3, 4), (5, 7), (8, 10))
    # Of the block of words, aa occurs twice and cc once, and "aa cc" not at all.
    length = np.hypot(1 + np.log(2), 1)
    aa, cc = 3 * (1 + np.log(2)) / length / 2, -6 / length - 2
    assert found.weights[:, 0] == pytest.approx([cc, 0, aa, aa])
    assert found.weights[:, 1] == pytest.approx([-cc, 0, -aa, -aa])
    assert found.bases.tolist() == [-1, 1]
    pair = explain(TextModel(weights), "aa cc", [0])
    shared = 3 * 2 / np.sqrt(6) / 2
    assert pair.weights[:, 0] == pytest.approx([3 / np.sqrt(6) + shared, -6 / np.sqrt(6) + shared - 2])
