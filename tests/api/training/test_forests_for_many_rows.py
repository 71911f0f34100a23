"""The second form of forests: equal to scikit-learn to the last bit, ties between classes included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits, load_iris
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier

from api.runtime.answers import ClassAnswers, ValueAnswers
from api.runtime.compiling import means
from api.runtime.compiling.estimators import compile_exactly, compile_for_many_rows
from api.runtime.frame import Frame, natural_frame
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import numbers_only
from api.schema.fields import Field, Kind
from api.schema.schema import Schema

Numbers = NDArray[np.float64]


def frame(width: int) -> Frame:
    """Of so many numbers, each of which may be missing."""
    names = [f"x{at}" for at in range(width)]
    return natural_frame(Schema(tuple(Field(one, one, Kind.NUMBER, missing_allowed=True) for one in names)))


FRAME = frame(3)


def table() -> Numbers:
    """Rows with many equal values."""
    random = np.random.default_rng(0)
    numbers = np.round(random.normal(size=(300, 3)), 1)
    numbers[:, 2] = random.integers(0, 4, 300)
    return numbers


def fitted(
    estimator: Any, classes: int, *, weighted: bool = False, missing: bool = False, rows: int = 300
) -> Any:
    """Fitted to the table and to classes that it says much of, or to whole numbers for no classes."""
    numbers = table()[:rows]
    score = numbers.sum(axis=1) + np.random.default_rng(1).normal(0, 0.5, rows)
    cuts = np.quantile(score, np.linspace(0, 1, (classes or 20) + 1)[1:-1])
    if missing:
        numbers[np.random.default_rng(2).random(numbers.shape) < 0.1] = np.nan
    weights = {"sample_weight": np.random.default_rng(3).random(rows) + 0.1} if weighted else {}
    return estimator.fit(numbers, np.digitize(score, cuts), **weights)


def trees_of(estimator: Any) -> list[Any]:
    """The trees inside a forest, or the one."""
    return [one.tree_ for one in getattr(estimator, "estimators_", [estimator])]


def probes(estimator: Any) -> Numbers:
    """Rows at and around thresholds, as doubles and as single numbers; far ones; ones with gaps."""
    random = np.random.default_rng(4)
    parts = [table(), random.normal(0, 3, (500, 3)), np.full((1, 3), 1e37), np.full((1, 3), -1e37)]
    points = [
        (at, one)
        for tree in trees_of(estimator)
        for at, one in zip(tree.feature, tree.threshold, strict=True)
    ]
    inner = np.array([point for point in points if point[0] >= 0 and np.isfinite(point[1])])
    some = inner[random.permutation(len(inner))[:300]]
    single = some[:, 1].astype(np.float32)
    for values in (
        some[:, 1],
        np.nextafter(some[:, 1], np.inf),
        np.nextafter(some[:, 1], -np.inf),
        single,
        np.nextafter(single, np.float32(np.inf)),
        np.nextafter(single, np.float32(-np.inf)),
        # Doubles that are rounded onto and past a threshold.
        single + np.spacing(single).astype(np.float64) * 0.5,
        single + np.spacing(single).astype(np.float64) * 0.49,
    ):
        rows = table()[random.integers(0, 300, len(some))]
        rows[np.arange(len(some)), some[:, 0].astype(int)] = values
        parts.append(rows)
    gaps = random.normal(0, 1, (300, 3))
    gaps[random.random(gaps.shape) < 0.4] = np.nan
    return np.concatenate([*parts, gaps])


def assert_equal(estimator: Any, content: bytes, numbers: Numbers) -> None:
    """Every bit of every probability, and every class, as scikit-learn has it."""
    answers = OnnxModel(content).predict(numbers_only(numbers))
    assert isinstance(answers, ClassAnswers)
    assert answers.probabilities is not None
    np.testing.assert_array_equal(answers.probabilities, estimator.predict_proba(numbers))
    np.testing.assert_array_equal(estimator.classes_[answers.classes], estimator.predict(numbers))


CASES: dict[str, Callable[[], Any]] = {
    "two classes": lambda: fitted(RandomForestClassifier(20, random_state=0), 2),
    "three classes": lambda: fitted(RandomForestClassifier(20, random_state=0), 3),
    # Ten times seven binary digits are two words.
    "ten classes": lambda: fitted(RandomForestClassifier(70, random_state=0), 10, rows=60),
    "many leaves": lambda: fitted(RandomForestClassifier(5, random_state=0), 10),
    "many leaves in one tree": lambda: fitted(DecisionTreeClassifier(random_state=0), 10),
    "ties": lambda: fitted(RandomForestClassifier(4, random_state=0), 3),
    "weighted classes": lambda: fitted(
        RandomForestClassifier(15, class_weight={0: 0.3, 1: 2.7, 2: 1.1}, random_state=0), 3
    ),
    "weighted rows": lambda: fitted(RandomForestClassifier(15, random_state=0), 3, weighted=True),
    "every row": lambda: fitted(RandomForestClassifier(15, bootstrap=False, random_state=0), 3),
    "leaves of several": lambda: fitted(RandomForestClassifier(7, min_samples_leaf=3, random_state=0), 3),
    "shallow": lambda: fitted(RandomForestClassifier(100, max_depth=2, random_state=0), 3),
    "gaps": lambda: fitted(RandomForestClassifier(20, random_state=0), 3, missing=True),
    "extra trees": lambda: fitted(ExtraTreesClassifier(6, random_state=0), 3),
    "one tree": lambda: fitted(DecisionTreeClassifier(random_state=0), 3),
    "one shallow tree": lambda: fitted(DecisionTreeClassifier(max_depth=3, random_state=0), 3),
    "a bag": lambda: fitted(BaggingClassifier(DecisionTreeClassifier(), 9, random_state=0), 3),
}


def only(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Have no room for the forms before this one."""
    if form != "one table":
        monkeypatch.setattr(means, "_MOST_MADE", 0)
    if form != "voted":
        monkeypatch.setattr(means, "words_of", lambda trees: None)
    if form == "in order":
        monkeypatch.setattr(means, "_FINEST", -1)


@pytest.mark.parametrize("form", ["one table", "voted", "counted", "in order"])
@pytest.mark.parametrize("name", CASES)
def test_a_forest_is_equal_to_the_last_bit(monkeypatch: pytest.MonkeyPatch, name: str, form: str) -> None:
    """In whichever form has room, where it can have this one, or else the next."""
    only(monkeypatch, form)
    monkeypatch.setattr(means, "_MOST_BYTES", 100_000_000)
    monkeypatch.setattr(means, "_MOST_EFFORT", 10_000)
    estimator = CASES[name]()
    content = compile_for_many_rows(estimator, FRAME)
    assert content is not None
    assert_equal(estimator, content, probes(estimator))


def forest_with_leaves(leaves: list[list[float]]) -> Any:
    """A forest whose leaves have these shares, in turn."""
    forest = fitted(RandomForestClassifier(9, random_state=0), 3)
    for one in forest.estimators_:
        count = one.tree_.value.shape[0]
        one.tree_.value[:, 0, :] = np.resize(np.array(leaves), (count, 3))
    return forest


@pytest.mark.parametrize(
    ("leaves", "counted"),
    [
        ([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]], True),
        ([[0.5, 0.5, 0.0], [0.25, 0.0, 0.75]], True),
        ([[0.1, 0.9, 0.0], [0.3, 0.3, 0.4]], False),
        ([[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]], False),
    ],
)
def test_leaves_are_counted_only_where_every_order_is_the_same(
    monkeypatch: pytest.MonkeyPatch, leaves: list[list[float]], counted: bool
) -> None:
    """Halves and quarters add up the same in any order; tenths and thirds do not, and keep theirs."""
    only(monkeypatch, "counted")
    forest = forest_with_leaves(leaves)
    content = compile_for_many_rows(forest, FRAME)
    assert content is not None
    assert (b"BitShift" in content) is counted
    assert_equal(forest, content, probes(forest))


def test_votes_or_tables_whichever_take_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many small trees share few tables; a few large ones have a word each, or less."""
    monkeypatch.setattr(means, "_MOST_MADE", 0)
    monkeypatch.setattr(means, "_MOST_BYTES", 100_000_000)
    small = compile_for_many_rows(fitted(RandomForestClassifier(50, random_state=0), 2, rows=30), FRAME)
    large = compile_for_many_rows(fitted(RandomForestClassifier(9, random_state=0), 2, rows=100), FRAME)
    assert small is not None
    assert large is not None
    assert (b"BitShift" in small, b"Greater" in small) == (True, True)
    assert (b"BitShift" in large, b"Greater" in large) == (False, True)


def test_the_forest_of_the_benchmark() -> None:
    """A hundred trees on iris, in one table, for as many rows as are run at once and more."""
    features, truth = load_iris(return_X_y=True)
    forest = RandomForestClassifier(100, random_state=0).fit(features, truth)
    content = compile_for_many_rows(forest, frame(4))
    assert content is not None
    random = np.random.default_rng(0)
    rows = features[random.integers(0, 150, 5000)] + np.round(random.normal(0, 0.3, (5000, 4)), 2)
    assert_equal(forest, content, rows)


@pytest.mark.parametrize("kind", [RandomForestRegressor, ExtraTreesRegressor, BaggingRegressor])
@pytest.mark.parametrize("made", [4_000_000, 0])
def test_forests_of_values_are_equal(monkeypatch: pytest.MonkeyPatch, kind: Any, made: int) -> None:
    """Those of regressors to the last bit too, which is more than their answers need."""
    monkeypatch.setattr(means, "_MOST_MADE", made)
    monkeypatch.setattr(means, "_MOST_BYTES", 100_000_000)
    estimator = fitted(kind(n_estimators=5, random_state=0), 0)
    content = compile_for_many_rows(estimator, FRAME)
    assert content is not None
    numbers = probes(estimator)
    if kind is BaggingRegressor:
        # Its trees take what is missing, and it does not.
        numbers = numbers[~np.isnan(numbers).any(axis=1)]
    answers = OnnxModel(content).predict(numbers_only(numbers))
    assert isinstance(answers, ValueAnswers)
    np.testing.assert_array_equal(answers.values, estimator.predict(numbers))


@pytest.mark.parametrize("picks", [1.0, 0.7])
def test_a_bag_of_trees_is_a_forest(picks: float) -> None:
    """Its trees may look at some of the columns only, and are added up together in the first form too."""
    bag = fitted(BaggingClassifier(DecisionTreeClassifier(), 9, max_features=picks, random_state=0), 3)
    content = compile_exactly(bag, FRAME)
    assert content.count(b"TreeEnsemble_") == compile_exactly(bag[0], FRAME).count(b"TreeEnsemble_")
    numbers = np.nan_to_num(table())
    assert_equal(bag, content, np.concatenate([numbers, numbers + 0.05]))


def test_forests_whose_tables_would_be_large_have_one_form() -> None:
    """Of 64 columns of digits each tree has its own few dozen."""
    features, truth = load_digits(return_X_y=True)
    forest = RandomForestClassifier(20, random_state=0).fit(features, truth)
    assert compile_for_many_rows(forest, frame(64)) is None


def test_trees_of_one_leaf_have_one_form() -> None:
    """There is nothing to look up."""
    assert (
        compile_for_many_rows(fitted(RandomForestClassifier(3, max_depth=1, min_samples_leaf=200), 2), FRAME)
        is None
    )
