"""Similar jobs: from a description of what somebody does to job titles.

Data: `job_descriptions.txt` to learn from and `job_descriptions_apart.txt` to measure with, both written for
this project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.svm import LinearSVC

from api.recipes.job_descriptions import APART, FILE, read_job_descriptions
from api.recipes.recipe import Estimator
from api.recipes.text_recipe import Candidate, LabelledText, TextRecipe
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.schema.target import Target, TargetClass

# A title is learnt from as so many lines: a word that one line has by chance must not outweigh it.
_TITLE_COUNTS = 5
_EXAMPLE = "organizing projects with agile and scrum methodologies"


def _pipeline(classifier: Callable[[], Estimator], longest: int, characters: bool) -> Pipeline:
    words = TfidfVectorizer(ngram_range=(1, longest), sublinear_tf=True)
    features = [("words", words)]
    if characters:
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)
        features.append(("characters", letters))
    return Pipeline([("features", FeatureUnion(features)), ("classifier", classifier())])


def _candidate(
    name: str, classifier: Callable[[], Estimator], longest: int = 1, characters: bool = True
) -> Candidate:
    features = "words" if longest == 1 else "words and pairs of words"
    features += " and characters" if characters else ""
    return Candidate(f"{name} on {features}", partial(_pipeline, classifier, longest, characters))


_MULTINOMIAL, _COMPLEMENT = "multinomial naive Bayes", "complement naive Bayes"

CANDIDATES = (
    _candidate(f"{_MULTINOMIAL} (alpha 0.05)", partial(MultinomialNB, alpha=0.05)),
    _candidate(f"{_MULTINOMIAL} (alpha 0.2)", partial(MultinomialNB, alpha=0.2)),
    _candidate(f"{_MULTINOMIAL} (alpha 0.05)", partial(MultinomialNB, alpha=0.05), longest=2),
    _candidate(f"{_MULTINOMIAL} (alpha 0.05)", partial(MultinomialNB, alpha=0.05), characters=False),
    _candidate(f"{_COMPLEMENT} (alpha 1)", partial(ComplementNB, alpha=1.0)),
    _candidate(f"{_COMPLEMENT} (alpha 1)", partial(ComplementNB, alpha=1.0), longest=2),
    _candidate("linear support vector machine (C 0.3)", partial(LinearSVC, C=0.3, random_state=0)),
)


def _load() -> list[LabelledText]:
    return _labelled(FILE)


def _apart() -> list[LabelledText]:
    return _labelled(APART)


def _labelled(path: Path) -> list[LabelledText]:
    return [LabelledText(one.text, one.title) for one in read_job_descriptions(path)]


def _target(lines: Sequence[LabelledText]) -> Target:
    titles = sorted({one.label for one in lines})
    classes = tuple(TargetClass(re.sub(r"[^a-z0-9]+", "_", title), title) for title in titles)
    return Target("title", "Job title", classes)


def _anchors(target: Target) -> list[LabelledText]:
    return [LabelledText(one.label, one.label) for one in target.classes] * _TITLE_COUNTS


SIMILAR_JOBS = TextRecipe(
    name="similar_jobs",
    title="Similar jobs",
    description="Ranks job titles by how well they fit a description of what somebody does.",
    schema=Schema(
        (
            Field(
                "description",
                "Description",
                Kind.TEXT,
                "What somebody does at work, in English, as it would stand in a CV or an advert.",
                example=_EXAMPLE,
            ),
        )
    ),
    target=_target,
    load=_load,
    apart=_apart,
    anchors=_anchors,
    candidates=CANDIDATES,
)
