"""Fitting in parts comes to what scikit-learn fits at once, and stays within bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone

from api.recipes.similar_jobs import CANDIDATES
from api.recipes.text_recipe import Candidate
from api.training import text_fit, text_size
from api.training.text_fit import fitted
from api.training.text_scores import scores_of
from bench.job_rows import job_rows

ROWS = list(job_rows(3000, 40))
TITLES = sorted({title for title, _ in ROWS})
TEXTS = np.array([text for _, text in ROWS], dtype=np.object_)
TRUTH = np.array([TITLES.index(title) for title, _ in ROWS])


@pytest.mark.parametrize("candidate", CANDIDATES, ids=[one.name for one in CANDIDATES])
def test_it_is_what_scikit_learn_fits(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last digits, though naive Bayes is given a part of the texts at a time."""
    monkeypatch.setattr(text_fit, "_CHUNK", 700)
    theirs = clone(candidate.estimator()).fit(TEXTS, TRUTH)
    ours = fitted(candidate.estimator(), TEXTS, TRUTH)
    assert np.allclose(scores_of(ours, TEXTS[:200]), scores_of(theirs, TEXTS[:200]), atol=1e-9, rtol=0)


def test_features_are_bounded_by_the_number_of_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of each kind that a weight for each class fits into memory."""
    monkeypatch.setattr(text_size, "_MOST_WEIGHTS", 40 * 1200)
    estimator = fitted(CANDIDATES[0].estimator(), TEXTS, TRUTH)
    assert [len(one.vocabulary_) for _, one in estimator.named_steps["features"].transformer_list] == [
        min(600, len(one.vocabulary_)) for _, one in estimator.named_steps["features"].transformer_list
    ]


def test_a_vocabulary_is_learnt_from_some_of_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """And everything else from all of them: it still tells the classes apart."""
    monkeypatch.setattr(text_fit, "_FOR_VOCABULARY", 20_000)
    some = fitted(CANDIDATES[0].estimator(), TEXTS, TRUTH)
    every = CANDIDATES[0].estimator().fit(TEXTS, TRUTH)
    words = [one.named_steps["features"].transformer_list[0][1].vocabulary_ for one in (some, every)]
    assert len(words[0]) < len(words[1])
    assert (scores_of(some, TEXTS).argmax(axis=1) == TRUTH).mean() > 0.8


def test_what_cannot_be_fitted_to_so_much_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence names what is left out, and why; where nothing would be left, all stay."""
    monkeypatch.setattr(text_size, "_MOST_FOR_LINEAR", 1000)
    monkeypatch.setattr(text_size, "_MOST_FOR_CHARACTERS", 1000)
    kept, said = text_size.comparable(CANDIDATES, TEXTS, len(TITLES))
    assert [one.name for one in kept] == ["multinomial naive Bayes (alpha 0.05) on words"]
    assert "3,000 lines are too many for them: linear support vector machine" in said[0]
    assert "characters are too many" in said[1]
    linear = [replace(one) for one in CANDIDATES if "linear" in one.name]
    assert text_size.comparable(linear, TEXTS, len(TITLES)) == (tuple(linear), ())
