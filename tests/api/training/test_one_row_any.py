"""The form for one row of any small model, at any row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from api.runtime.answers import OneAnswer
from api.runtime.compiling.estimators import compile_exactly, compile_for_one_row
from api.runtime.frame import Frame, natural_frame
from api.runtime.one_row.form import OneRow, one_row_from_bytes
from api.runtime.onnx_model import OnnxModel
from api.schema.fields import Field, Kind, Observed
from api.schema.schema import Schema

# Models are fitted to quarters, and compare with eighths.
halves = st.integers(-40, 40).map(lambda one: one / 8)
near = st.one_of(
    st.just(math.nan),
    halves,
    halves.map(lambda one: math.nextafter(one, math.inf)),
    halves.map(lambda one: math.nextafter(one, -math.inf)),
    st.floats(-1e6, 1e6),
)
anywhere = st.one_of(near, st.floats(-3.4e38, 3.4e38))

SMALL: dict[str, Any] = {"n_estimators": 5, "max_depth": 3}
TREES = {
    "a tree": lambda seed: DecisionTreeClassifier(max_depth=4, random_state=seed),
    "a forest": lambda seed: RandomForestClassifier(random_state=seed, **SMALL),
    "values": lambda seed: ExtraTreesRegressor(random_state=seed, **SMALL),
    "scaled": lambda seed: make_pipeline(
        StandardScaler(), RandomForestClassifier(random_state=seed, **SMALL)
    ),
    "boosting": lambda seed: make_pipeline(
        SimpleImputer(), MinMaxScaler(), GradientBoostingClassifier(random_state=seed, **SMALL)
    ),
    "histograms": lambda seed: HistGradientBoostingClassifier(
        max_iter=3, max_leaf_nodes=4, min_samples_leaf=3, random_state=seed
    ),
}
LINEAR = {
    "logistic": lambda seed: LogisticRegression(C=10.0 ** (seed % 4 - 2), max_iter=2000),
    "scaled": lambda seed: make_pipeline(StandardScaler(), LogisticRegression()),
    "stochastic": lambda seed: SGDClassifier(loss="log_loss", alpha=0.1, random_state=seed),
    "vectors": lambda seed: LinearSVC(random_state=seed, max_iter=10_000),
    "values": lambda seed: Ridge(),
}


def frame(observed: bool) -> Frame:
    """Of three numbers that may be missing, of which it is known what was seen or not."""
    seen = Observed(-5.0, 5.0) if observed else None
    fields = (Field(name, name, Kind.NUMBER, observed=seen, missing_allowed=True) for name in "abc")
    return natural_frame(Schema(tuple(fields)))


def forms(estimator: Any, seed: int, own: Frame, classes: int) -> tuple[OnnxModel, list[OneRow]]:
    """An estimator fitted to random rows: its first form, and those for one row that may be equal."""
    random = np.random.default_rng(seed)
    numbers = random.integers(-20, 20, (40, 3)) / 4
    numbers[random.random(numbers.shape) < 0.1] = np.nan
    score = np.nan_to_num(numbers) @ random.normal(size=3) + random.normal(size=40)
    estimator.fit(numbers, np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1])))
    content = compile_exactly(estimator, own)
    first = OnnxModel(content)
    made = compile_for_one_row(estimator, own, content, first.predict)
    return first, [one_row_from_bytes(one) for one in made]


def close(one: float, other: float, bound: float) -> bool:
    """Within the bound, or equally no number."""
    return abs(one - other) <= bound or (one == other) or (math.isnan(one) and math.isnan(other))


def alike(ours: OneAnswer, theirs: OneAnswer, scale: float) -> bool:
    """Whether two answers are the same, but for the last digits and for what is a tie."""
    if len(ours[1]) != len(theirs[1]) or not all(
        close(*pair, 5e-7 * scale) for pair in zip(ours[1], theirs[1], strict=True)
    ):
        return False
    best = sorted(theirs[1])[-2:]
    tie = len(best) == 2 and best[1] - best[0] <= 1e-14
    return ours[0] == theirs[0] or tie


rows = st.lists(st.tuples(anywhere, anywhere, anywhere), min_size=1, max_size=30)
some = st.lists(st.tuples(near, near, near), min_size=1, max_size=30)
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(list(TREES)), seed=seeds, classes=st.sampled_from([2, 3]), asked=rows)
def test_any_trees_answer_as_they_did(
    name: str, seed: int, classes: int, asked: list[tuple[float, float, float]]
) -> None:
    """At, beside and far from what they compare with, and where values are missing."""
    first, made = forms(TREES[name](seed), seed, frame(bool(seed % 2)), classes)
    assert len(made) == 1
    for row in asked:
        ours, theirs = made[0].predict_one(row, []), first.predict_one(row, [])
        assert alike(ours, theirs, 1.0), (row, ours, theirs)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(list(LINEAR)), seed=seeds, classes=st.sampled_from([2, 3]), asked=some)
def test_any_sums_answer_as_they_did(
    name: str, seed: int, classes: int, asked: list[tuple[float, float, float]]
) -> None:
    """By the first of the forms, which is the one that is proved: the others have another link."""
    estimator = make_pipeline(SimpleImputer(add_indicator=True), LINEAR[name](seed))
    first, made = forms(estimator, seed, frame(bool(seed % 2)), classes)
    if name == "stochastic" and classes == 3:
        made = made[1:]
    assert made
    for row in asked:
        ours, theirs = made[0].predict_one(row, []), first.predict_one(row, [])
        assert alike(ours, theirs, max(1.0, abs(theirs[1][0])) if name == "values" else 1.0), (
            row,
            ours,
            theirs,
        )
