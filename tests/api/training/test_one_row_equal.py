"""The form of a model for one row is equal to its estimator: linear models, and trees of all kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from api.runtime.answers import ClassAnswers, ValueAnswers
from api.runtime.compiling.estimators import compile_exactly
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import natural_frame
from api.runtime.one_row.cells import Cells
from api.runtime.one_row.form import RowByRow, one_row_from_bytes
from api.runtime.one_row.sums import Sums
from api.runtime.onnx_model import OnnxModel
from api.runtime.prove import prove_equal
from api.runtime.rows import numbers_only, stack
from api.schema.fields import Field, Kind, Observed
from api.schema.schema import Schema
from api.training import one_row
from tests.api.training.for_one_row import at_cuts, far, fitted, form_of, frame, ordinary, table

FEW: dict[str, Any] = {"n_estimators": 8, "max_depth": 3, "random_state": 0}


@pytest.fixture(autouse=True)
def kept_whenever_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast it is on the machine that tests."""
    monkeypatch.setattr(one_row, "_SHARE", float("inf"))
    monkeypatch.setattr(one_row, "_ROWS", 3)


def mirrored(estimator: Any, classes: int) -> Any:
    """Trees after a scaler that turns one field round."""
    scaler = StandardScaler().fit(table(missing=False))
    scaler.scale_ = scaler.scale_ * [-1, 1, -1]
    numbers = scaler.transform(table(missing=False))
    inner = estimator.fit(numbers, np.digitize(numbers @ [-1, 1, -1], [0.0] if classes == 2 else [-1.0, 1.0]))
    return make_pipeline(scaler, inner)


# What an estimator is, how many classes it tells apart, and whether it takes missing values.
LINEAR: dict[str, tuple[Any, int, bool]] = {
    "two classes": (LogisticRegression(max_iter=500), 2, False),
    "three classes": (LogisticRegression(max_iter=2000), 3, False),
    "scaled": (make_pipeline(StandardScaler(), LogisticRegression()), 3, False),
    "into a range": (make_pipeline(MinMaxScaler(), LogisticRegression()), 2, False),
    "scaled by quartiles": (make_pipeline(RobustScaler(), LogisticRegression()), 3, False),
    "filled": (make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()), 2, True),
    "filled and told": (
        make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression()),
        3,
        True,
    ),
    "values filled and told": (make_pipeline(SimpleImputer(add_indicator=True), Ridge()), 0, True),
    "ridge": (Ridge(), 0, False),
    "least squares": (LinearRegression(), 0, False),
    "ridge of two classes": (RidgeClassifier(), 2, False),
    "support vectors of two classes": (make_pipeline(StandardScaler(), LinearSVC(random_state=0)), 2, False),
    "support vectors of three": (make_pipeline(StandardScaler(), LinearSVC(random_state=0)), 3, False),
    "stochastic": (
        make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)),
        2,
        False,
    ),
    "stochastic of three": (
        make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)),
        3,
        False,
    ),
    "a hinge": (make_pipeline(StandardScaler(), SGDClassifier(random_state=0)), 3, False),
    "discriminants of two classes": (LinearDiscriminantAnalysis(), 2, False),
    "discriminants of three": (LinearDiscriminantAnalysis(), 3, False),
    "counts": (make_pipeline(StandardScaler(), PoissonRegressor()), 0, False),
    "principal components": (make_pipeline(StandardScaler(), PCA(2), LogisticRegression()), 3, False),
}

TREES: dict[str, tuple[Any, int, bool]] = {
    "a tree": (DecisionTreeClassifier(max_depth=5, random_state=0), 3, False),
    "a tree of values": (DecisionTreeRegressor(max_depth=5, random_state=0), 0, False),
    "a tree with gaps": (DecisionTreeClassifier(max_depth=5, random_state=0), 2, True),
    "a tree of one leaf": (DecisionTreeClassifier(min_samples_leaf=150), 2, False),
    "a forest": (RandomForestClassifier(**FEW), 3, False),
    "a forest with gaps": (RandomForestClassifier(**FEW), 2, True),
    "a forest of values": (RandomForestRegressor(**FEW), 0, False),
    "ties": (RandomForestClassifier(4, max_depth=4, random_state=0), 3, False),
    "extra trees": (ExtraTreesClassifier(**FEW), 3, False),
    "extra trees of values": (ExtraTreesRegressor(**FEW), 0, False),
    "a bag": (BaggingClassifier(DecisionTreeClassifier(max_depth=3), 8, random_state=0), 3, False),
    "a bag of some fields": (
        BaggingRegressor(DecisionTreeRegressor(max_depth=3), 8, max_features=0.7, random_state=0),
        0,
        False,
    ),
    "after a scaler": (make_pipeline(StandardScaler(), RandomForestClassifier(**FEW)), 3, False),
    "after another scaler": (make_pipeline(MinMaxScaler(), ExtraTreesRegressor(**FEW)), 0, False),
    "filled and told": (
        make_pipeline(SimpleImputer(add_indicator=True), RobustScaler(), RandomForestClassifier(**FEW)),
        3,
        True,
    ),
}

BOOSTED: dict[str, tuple[Any, int, bool]] = {
    "two classes": (GradientBoostingClassifier(**FEW), 2, False),
    "three classes": (GradientBoostingClassifier(**FEW), 3, False),
    "exponential": (GradientBoostingClassifier(loss="exponential", **FEW), 2, False),
    "values": (GradientBoostingRegressor(**FEW), 0, False),
    "after a scaler": (make_pipeline(StandardScaler(), GradientBoostingRegressor(**FEW)), 0, False),
    "histograms": (HistGradientBoostingRegressor(max_iter=3, max_leaf_nodes=5), 0, True),
    "histograms of two classes": (HistGradientBoostingClassifier(max_iter=3, max_leaf_nodes=5), 2, True),
    "histograms of three": (HistGradientBoostingClassifier(max_iter=3, max_leaf_nodes=5), 3, True),
    "histograms without gaps": (HistGradientBoostingClassifier(max_iter=3, max_leaf_nodes=5), 3, False),
    "votes": (
        VotingClassifier(
            [("one", RandomForestClassifier(**FEW)), ("other", GradientBoostingClassifier(**FEW))],
            voting="soft",
            weights=[2, 1],
        ),
        3,
        False,
    ),
}


def assert_equal(estimator: Any, missing: bool, kind: type[Cells | Sums], size: float) -> bytes:
    """Such a form is made, and proved on ordinary rows, on rows at its thresholds, and far outside."""
    own = frame(missing)
    rows = ordinary(estimator, own, missing)
    content = form_of(estimator, own, rows)
    assert content is not None
    form = one_row_from_bytes(content)
    assert isinstance(form, kind)
    theirs = EstimatorModel(estimator, own)
    # Apart, because what is far outside makes the spread of values large.
    for some in (stack([rows, at_cuts(content)]), far(missing, size)):
        prove_equal(own.schema, RowByRow(form), some, theirs.predict(some))
    return content


@pytest.mark.parametrize("name", LINEAR)
def test_a_linear_model_is_equal(name: str) -> None:
    """As weighted sums, whatever scales, fills or combines its fields before."""
    estimator, classes, missing = LINEAR[name]
    fitted(estimator, classes, missing=missing)
    assert_equal(estimator, missing, Sums, 200.0 if name == "counts" else 1e6)


def test_fields_may_be_of_any_size() -> None:
    """A weight is measured between values like those that were seen: here one is of a trillion."""
    sizes = np.array([1e12, 1.0, 1e-12])
    seen = [Observed(-one, one) for one in sizes]
    fields = tuple(
        Field(f"x{one:g}", "", Kind.NUMBER, observed=known) for one, known in zip(sizes, seen, strict=True)
    )
    own = natural_frame(Schema(fields))
    rows = np.random.default_rng(0).uniform(-1, 1, (200, 3)) * sizes
    truth = (rows / sizes).sum(axis=1) + 1000
    assert form_of(LinearRegression().fit(rows, truth), own, numbers_only(rows)) is not None


def test_classes_that_all_have_nothing_are_equal() -> None:
    """Far below zero, where none of several classes has a share of its own; in both forms."""
    estimator = make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0))
    fitted(estimator, 3)[-1].intercept_ -= 2000
    assert_equal(estimator, missing=False, kind=Sums, size=10.0)
    own, rows = frame(False), numbers_only(np.zeros((2, len(frame(False).columns))))
    first = OnnxModel(compile_exactly(estimator, own)).predict(rows)
    assert isinstance(first, ClassAnswers)
    np.testing.assert_array_equal(first.probabilities, np.full((2, 3), 1 / 3))


def to_the_last_bit(estimator: Any, missing: bool) -> None:
    """Every class, and every bit of every probability or value."""
    content, own = assert_equal(estimator, missing, Cells, 1e37), frame(missing)
    rows = stack([ordinary(estimator, own, missing), at_cuts(content), far(missing, 1e37)])
    ours = RowByRow(one_row_from_bytes(content)).predict(rows)
    theirs = EstimatorModel(estimator, own).predict(rows)
    if isinstance(ours, ValueAnswers):
        assert isinstance(theirs, ValueAnswers)
        np.testing.assert_array_equal(ours.values, theirs.values)
        return
    assert isinstance(theirs, ClassAnswers)
    assert ours.probabilities is not None
    assert theirs.probabilities is not None
    np.testing.assert_array_equal(ours.classes, theirs.classes)
    np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)


@pytest.mark.parametrize("name", TREES)
def test_trees_and_forests_are_equal_to_the_last_bit(name: str) -> None:
    """On both sides of every threshold, far outside, and with gaps."""
    estimator, classes, missing = TREES[name]
    to_the_last_bit(fitted(estimator, classes, missing=missing), missing)


@pytest.mark.parametrize("classes", [2, 3])
def test_a_field_may_be_turned_round(classes: int) -> None:
    """Its intervals then end where the next larger value is on the other side of a threshold."""
    to_the_last_bit(mirrored(RandomForestClassifier(**FEW), classes), missing=False)


@pytest.mark.parametrize("name", BOOSTED)
def test_boosted_trees_are_equal(name: str) -> None:
    """And so are several models of trees together."""
    estimator, classes, missing = BOOSTED[name]
    assert_equal(fitted(estimator, classes, missing=missing), missing, Cells, 1e37)
