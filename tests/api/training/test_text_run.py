"""Training a model of texts: chosen, measured, equal to scikit-learn, and the same twice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import RidgeClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline

from api.recipes.recipe import Estimator
from api.recipes.similar_jobs import SIMILAR_JOBS
from api.recipes.text_recipe import LabelledText, TextRecipe
from api.registry.card import Parity
from api.registry.directory import ModelsDirectory
from api.runtime.text_model import text_model_to_bytes
from api.training.skills import COUNT, skills_of
from api.training.text_export import exported, prove
from api.training.text_probes import probe_texts
from api.training.text_run import train_texts
from tests.jobs import train_jobs

TITLES = ("baker", "judge", "midwife", "plumber", "soldier", "technical project manager")


def few() -> list[LabelledText]:
    """The lines of six titles."""
    return [one for one in SIMILAR_JOBS.load() if one.label in TITLES]


@pytest.fixture(scope="module")
def small() -> TextRecipe:
    """The recipe on the lines of six titles, with all its candidates."""
    return replace(SIMILAR_JOBS, load=few, apart=None)


def test_the_card_says_how_good_it_is_and_how_it_was_proved(jobs_dir: Path) -> None:
    """Equal on more than 5,000 texts to 1e-9; right for most descriptions in other people's words."""
    card = ModelsDirectory(jobs_dir).card("similar_jobs", "1")
    parity, ranking, notes = card.runtime.parity, card.ranking, " ".join(card.notes)
    assert isinstance(parity, Parity)
    assert ranking is not None
    assert card.runtime.format == "text"
    assert parity.rows >= 5000
    assert parity.largest_difference <= 1e-9
    assert ranking.top_1 > 0.9
    assert ranking.top_1 < ranking.top_3 < ranking.top_10 <= 1
    for said in ("had not read", "shared a phrase", "temperature", "cross-validation"):
        assert said in notes


def test_what_is_said_is_how_often_it_is_right(jobs_dir: Path) -> None:
    """The reliability table covers every text, and its probabilities are near the shares that were right."""
    card = ModelsDirectory(jobs_dir).card("similar_jobs", "1")
    assert card.ranking is not None
    assert sum(row.texts for row in card.ranking.reliability) == card.rows.hold_out
    assert card.ranking.calibration_error < 0.05
    (surest,) = [row for row in card.ranking.reliability if row.said > 0.9]
    assert surest.right == pytest.approx(surest.said, abs=0.03)


def test_confusions_are_of_two_titles_of_the_model(jobs_dir: Path) -> None:
    """Each says which title was taken for which other one, the commonest first."""
    card = ModelsDirectory(jobs_dir).card("similar_jobs", "1")
    assert card.ranking is not None
    labels, counts = {one.label for one in card.target.classes}, []
    for one in card.ranking.confusions:
        assert {one.true, one.answered} <= labels
        assert one.true != one.answered
        counts.append(one.texts)
    assert counts == sorted(counts, reverse=True)


def test_every_candidate_is_compared_and_the_best_is_taken(small: TextRecipe, tmp_path: Path) -> None:
    """The notes name each with its score, the best first, and say that this one was chosen."""
    card = train_texts(small, ModelsDirectory(tmp_path), progress=lambda step: None)
    compared = [note for note in card.notes if note.startswith("In cross-validation")]
    assert [any(one.name in note for note in compared) for one in small.candidates] == [True] * len(compared)
    assert [note.endswith("chosen.") for note in compared] == [True] + [False] * (len(compared) - 1)


def test_two_runs_make_the_same_file(small: TextRecipe, tmp_path: Path) -> None:
    """Training is deterministic, down to the digests of model and canary."""
    first, second = (
        train_texts(small, ModelsDirectory(tmp_path / name), progress=lambda step: None) for name in "ab"
    )
    assert first.files == second.files
    assert first.notes == second.notes


def test_the_whole_model_is_the_same_too(jobs_dir: Path, tmp_path: Path) -> None:
    """The same holds for all titles."""
    assert train_jobs(tmp_path).files == ModelsDirectory(jobs_dir).card("similar_jobs", "1").files


@pytest.mark.parametrize(
    "classifier", [ComplementNB(), MultinomialNB(alpha=0.1), RidgeClassifier(solver="sparse_cg")]
)
@pytest.mark.parametrize("longest", [1, 3])
def test_what_is_served_is_equal_to_scikit_learn(classifier: Estimator, longest: int) -> None:
    """Whatever the classifier, on real, mixed and strange texts, every probability is within 1e-9."""
    lines = few()
    texts = np.array([one.text for one in lines], dtype=np.object_)
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, longest), sublinear_tf=True)),
            ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)),
        ]
    )
    estimator = Pipeline([("features", features), ("classifier", classifier)])
    estimator.fit(texts, [TITLES.index(one.label) for one in lines])
    content = text_model_to_bytes(exported(estimator, 0.3, np.full(len(TITLES), 1 / len(TITLES)), {}))
    parity = prove(SIMILAR_JOBS.schema, content, estimator, 0.3, probe_texts(texts))
    assert parity.rows > 3500
    assert parity.bound == 1e-9


def test_skills_are_what_a_person_would_name() -> None:
    """Twenty for each title, the same each time, of one to three words, and none like another."""
    make = partial(skills_of, SIMILAR_JOBS.load())
    skills = make()
    assert skills == make()
    assert {len(its) for its in skills.values()} == {COUNT}
    for its in skills.values():
        assert len({one.lower() for one in its}) == COUNT
        assert all(1 <= len(one.split()) <= 3 for one in its)
    assert "IFRS" in skills["accountant"]
    assert "Scrum" in skills["technical project manager"]
