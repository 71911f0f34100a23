"""The form of a model for one row: which models have one, and that it is kept only where it is faster."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    GradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.linear_model import (
    LogisticRegression,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from api.errors import CannotCompile
from api.runtime.compiling.estimators import compile_exactly, compile_for_one_row
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import natural_frame
from api.runtime.one_row.form import FILE, to_bytes
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import numbers_only
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.training import one_row
from api.training.choose import Chooser
from api.training.one_row import form_for_one
from tests.api.training.for_one_row import fitted, form_of, frame, ordinary, table

FEW: dict[str, Any] = {"n_estimators": 8, "max_depth": 3, "random_state": 0}


@pytest.fixture(autouse=True)
def kept_whenever_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast it is on the machine that tests."""
    monkeypatch.setattr(one_row, "_SHARE", float("inf"))
    monkeypatch.setattr(one_row, "_ROWS", 3)


OTHERS: dict[str, tuple[Callable[[], Any], int]] = {
    "support vectors": (lambda: make_pipeline(StandardScaler(), SVC()), 2),
    "support vectors of three": (lambda: SVC(decision_function_shape="ovo"), 3),
    "neighbours": (KNeighborsClassifier, 2),
    "a network": (
        lambda: make_pipeline(StandardScaler(), MLPClassifier((4,), max_iter=2000, random_state=0)),
        2,
    ),
    "Bayes": (GaussianNB, 3),
    "products": (
        lambda: make_pipeline(PolynomialFeatures(), StandardScaler(), LogisticRegression(max_iter=500)),
        2,
    ),
    "trees of several fields": (
        lambda: make_pipeline(StandardScaler(), PCA(2), RandomForestClassifier(**FEW)),
        2,
    ),
    "trees and a line": (
        lambda: VotingClassifier(
            [("one", DecisionTreeClassifier(max_depth=3)), ("other", LogisticRegression(max_iter=500))],
            voting="soft",
        ),
        2,
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_models_have_none(name: str) -> None:
    """And nothing fails: their first form answers."""
    make, classes = OTHERS[name]
    estimator = fitted(make(), classes)
    own = frame(missing=False)
    assert form_of(estimator, own, ordinary(estimator, own, missing=False)) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [("trees of several fields", "of several fields"), ("trees and a line", "more than its trees")],
)
def test_it_is_said_why_there_is_none(name: str, why: str) -> None:
    """Before a table is made that would be proved to differ."""
    make, classes = OTHERS[name]
    estimator, own = fitted(make(), classes), frame(missing=False)
    content = compile_exactly(estimator, own)
    with pytest.raises(CannotCompile, match=why):
        list(compile_for_one_row(estimator, own, content, OnnxModel(content).predict))


def test_forests_of_many_fields_have_none() -> None:
    """Of 64 columns of digits the combinations are too many to count."""
    features, truth = load_digits(return_X_y=True)
    names = [f"x{at}" for at in range(64)]
    own = natural_frame(Schema(tuple(Field(name, name, Kind.NUMBER) for name in names)))
    forest = RandomForestClassifier(5, random_state=0).fit(features[:300], truth[:300])
    assert form_of(forest, own, numbers_only(features[300:350])) is None


@pytest.mark.parametrize(
    ("constant", "value"), [("_MOST_CELLS", 10), ("_FAR_TOO_MANY", 10), ("MOST_BYTES", 10)]
)
def test_tables_have_a_bound(monkeypatch: pytest.MonkeyPatch, constant: str, value: int) -> None:
    """A model whose table would take too long to make, or too much memory, has none."""
    estimator, own = fitted(RandomForestClassifier(**FEW), 3), frame(missing=False)
    content = compile_exactly(estimator, own)
    # The function of that name hides the module.
    module = import_module("api.runtime.compiling.one_row.cells")
    monkeypatch.setattr(module, constant, value)
    with pytest.raises(CannotCompile, match="too large"):
        list(compile_for_one_row(estimator, own, content, OnnxModel(content).predict))


@pytest.mark.parametrize(("share", "kept"), [(float("inf"), True), (0.0, False)])
@pytest.mark.parametrize("estimator", [LogisticRegression(max_iter=500), RandomForestClassifier(**FEW)])
def test_it_is_kept_only_where_it_is_faster(
    monkeypatch: pytest.MonkeyPatch, estimator: Any, share: float, kept: bool
) -> None:
    """What is kept says what a row took each form."""
    monkeypatch.setattr(one_row, "_SHARE", share)
    fitted(estimator, 2)
    sample = numbers_only(table(missing=False))
    chosen = Chooser(lambda step: None).choose(estimator, frame(missing=False), sample)
    assert (FILE in chosen.files) is kept
    assert (chosen.runtime.one_row is not None) is kept
    if chosen.runtime.one_row is not None:
        assert chosen.runtime.one_row.file == FILE
        assert chosen.runtime.one_row.parity.rows > len(sample)
        assert chosen.runtime.one_row.microseconds > 0
        assert chosen.runtime.one_row.first_form > 0


@pytest.mark.parametrize("kind", [GradientBoostingClassifier, RandomForestClassifier, LogisticRegression])
def test_a_form_that_fails_or_differs_is_not_kept(kind: Any) -> None:
    """The first form answers alone then, and nothing else is wrong with the model."""
    own, rows = frame(missing=False), numbers_only(table(missing=False))
    settings: list[dict[str, Any]] = [{"C": 1.0, "max_iter": 500}, {"C": 0.01, "max_iter": 500}]
    if kind is not LogisticRegression:
        settings = [FEW, FEW | {"n_estimators": 5}]
    one, other = (fitted(kind(**given), 2) for given in settings)
    first, theirs = compile_exactly(one, own), EstimatorModel(one, own).predict(rows)
    good, bad = form_of(one, own, rows), form_of(other, own, rows)
    assert good is not None
    assert bad is not None

    def refused() -> Iterator[bytes]:
        raise CannotCompile("for once")

    def failing() -> Iterator[bytes]:
        yield bad
        raise RuntimeError("of its own")

    def given(*forms: bytes) -> bytes | None:
        found = form_for_one(lambda: forms, own.schema, first, rows, theirs)
        return None if found is None else found[1]

    assert given(good) == good
    assert given(bad, good) == good
    assert given(bad) is None
    assert given(b"no form") is None
    assert given() is None
    for none in (refused, failing, lambda: None):
        assert form_for_one(none, own.schema, first, rows, theirs) is None


def test_a_form_that_fails_at_a_row_is_not_kept() -> None:
    """Whichever error it fails with; the next one may be equal."""
    estimator, own = fitted(LogisticRegression(max_iter=500), 2), frame(missing=False)
    rows = numbers_only(table(missing=False))
    good = form_of(estimator, own, rows)
    assert good is not None
    narrow = form_of(fitted(DecisionTreeClassifier(max_depth=2), 2), own, rows)
    assert narrow is not None
    with np.load(io.BytesIO(narrow)) as file:
        broken = to_bytes({name: file[name] for name in file.files} | {"codes": np.array("[]")})
    content, theirs = compile_exactly(estimator, own), EstimatorModel(estimator, own).predict(rows)
    found = form_for_one(lambda: [broken, good], own.schema, content, rows, theirs)
    assert found is not None
    assert found[1] == good
