"""The second form of a model, for many rows: equal to the estimator, and kept only where it is faster."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import (
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from api.errors import CannotCompile, RefusedVersion
from api.registry.directory import ModelsDirectory
from api.runtime.answers import ClassAnswers
from api.runtime.compiling import grids, groups
from api.runtime.compiling.estimators import compile_exactly, compile_for_many_rows
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import Frame, natural_frame
from api.runtime.load import LoadedModel, load
from api.runtime.onnx_model import OnnxModel
from api.runtime.prove import prove_equal
from api.runtime.rows import numbers_only
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.training import many_rows
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from api.training.many_rows import MANY_FILE, form_for_many

NAMES = ("a", "b", "c")
FRAME: Frame = natural_frame(
    Schema(tuple(Field(name, name, Kind.NUMBER, missing_allowed=True) for name in NAMES))
)


def table(missing: bool) -> NDArray[np.float64]:
    """Rows with many equal values, and some missing."""
    random = np.random.default_rng(0)
    numbers = np.round(random.normal(size=(400, 3)), 1)
    numbers[:, 2] = random.integers(0, 5, 400)
    if missing:
        numbers[random.random(numbers.shape) < 0.1] = np.nan
    return numbers


def fitted(estimator: Any, classes: int, missing: bool = False) -> Any:
    """The estimator, fitted to the table and a target of so many classes, or of values for none."""
    numbers = table(missing)
    score = np.nan_to_num(numbers).sum(axis=1) + np.isnan(numbers[:, 0])
    truth = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1])) if classes else score
    return estimator.fit(numbers, truth)


CASES: dict[str, tuple[Any, int, bool]] = {
    "two classes": (GradientBoostingClassifier(n_estimators=20, random_state=0), 2, False),
    "three classes": (GradientBoostingClassifier(n_estimators=20, random_state=0), 3, False),
    "values": (GradientBoostingRegressor(n_estimators=20, random_state=0), 0, False),
    "after a scaler": (make_pipeline(StandardScaler(), GradientBoostingRegressor(n_estimators=5)), 0, False),
    "histograms": (HistGradientBoostingRegressor(max_iter=20), 0, False),
    "missing values": (HistGradientBoostingClassifier(max_iter=20), 3, True),
    "categories": (HistGradientBoostingClassifier(max_iter=10, categorical_features=[2]), 2, True),
    "trees of one leaf": (GradientBoostingRegressor(n_estimators=3, min_samples_leaf=300), 0, False),
}


@pytest.mark.parametrize("cells", [1, 300, 4096])
@pytest.mark.parametrize("name", CASES)
def test_the_form_for_many_rows_is_equal(monkeypatch: pytest.MonkeyPatch, name: str, cells: int) -> None:
    """With every tree in a table of its own, with some together, and with all."""
    monkeypatch.setattr(groups, "CELLS", cells)
    estimator, classes, missing = CASES[name]
    fitted(estimator, classes, missing)
    content = compile_for_many_rows(estimator, FRAME)
    if name == "trees of one leaf":
        assert content is None
        return
    assert content is not None
    numbers = table(missing)
    rows = numbers_only(np.concatenate([numbers, numbers + 0.05, numbers * 100]))
    prove_equal(FRAME.schema, OnnxModel(content), rows, EstimatorModel(estimator, FRAME).predict(rows))


def test_other_models_have_one_form() -> None:
    """There is nothing in a formula that many rows would change."""
    assert compile_for_many_rows(fitted(LogisticRegression(), 2), FRAME) is None


def test_tables_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model whose tables would take too much memory has none."""
    monkeypatch.setattr(grids, "_MOST_CELLS", 10)
    with pytest.raises(CannotCompile, match="too large"):
        compile_for_many_rows(fitted(GradientBoostingRegressor(n_estimators=5), 0), FRAME)


@pytest.mark.parametrize(("share", "kept"), [(float("inf"), True), (0.0, False)])
def test_it_is_kept_only_where_it_is_faster(
    monkeypatch: pytest.MonkeyPatch, share: float, kept: bool
) -> None:
    """What is kept says what 1,000 rows took each form."""
    monkeypatch.setattr(many_rows, "_SHARE", share)
    estimator = fitted(GradientBoostingClassifier(n_estimators=20), 2)
    chosen = Chooser(lambda step: None).choose(estimator, FRAME, numbers_only(table(missing=False)))
    assert (MANY_FILE in chosen.files) is kept
    assert (chosen.runtime.many_rows is not None) is kept
    if chosen.runtime.many_rows is not None:
        assert chosen.runtime.many_rows.milliseconds > 0
        assert chosen.runtime.many_rows.first_form > 0


def test_a_form_that_fails_or_differs_is_not_kept() -> None:
    """The first form answers alone then, and nothing else is wrong with the model."""
    one, other = (fitted(GradientBoostingRegressor(n_estimators=n), 0) for n in (20, 10))
    rows = numbers_only(table(missing=False))
    theirs = EstimatorModel(one, FRAME).predict(rows)
    good, bad = compile_for_many_rows(one, FRAME), compile_for_many_rows(other, FRAME)
    assert good is not None

    def refused() -> bytes | None:
        raise CannotCompile("for once")

    assert form_for_many(lambda: bad, FRAME.schema, good, rows, theirs) is None
    assert form_for_many(lambda: b"no model", FRAME.schema, good, rows, theirs) is None
    assert form_for_many(refused, FRAME.schema, good, rows, theirs) is None


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModelsDirectory:
    """A model with both forms."""
    monkeypatch.setattr(many_rows, "_SHARE", float("inf"))
    directory = ModelsDirectory(tmp_path)
    estimator = fitted(GradientBoostingClassifier(n_estimators=20), 3)
    take_in(estimator, None, Brought(tmp_path / "x.skops", "boosted"), directory, Chooser(lambda step: None))
    return directory


def test_a_loaded_model_has_both_forms(published: ModelsDirectory) -> None:
    """The card that is read back names them, and rows are answered alike, alone and together."""
    loaded = load(published, "boosted", "1")
    assert loaded.many is not None
    assert loaded.card.runtime.many_rows is not None
    assert 8 <= loaded.card.runtime.many_rows.from_rows <= 1000
    rows = numbers_only(np.resize(table(missing=False), (1000, 3)))
    together, alone = loaded.predict(rows), loaded.model.predict(rows)
    assert isinstance(together, ClassAnswers)
    assert isinstance(alone, ClassAnswers)
    assert together.classes.tolist() == alone.classes.tolist()
    assert together.probabilities is not None
    assert alone.probabilities is not None
    np.testing.assert_allclose(together.probabilities, alone.probabilities, atol=1e-12)


def test_few_rows_are_answered_by_the_first_form(published: ModelsDirectory) -> None:
    """As many as its card says by the second, which here is another model to tell the two apart."""
    loaded = load(published, "boosted", "1")
    assert loaded.card.runtime.many_rows is not None
    card = replace(
        loaded.card,
        runtime=replace(loaded.card.runtime, many_rows=replace(loaded.card.runtime.many_rows, from_rows=5)),
    )
    other = OnnxModel(compile_exactly(fitted(GradientBoostingClassifier(n_estimators=3), 3), FRAME))
    both = LoadedModel(card, loaded.model, other)
    rows = numbers_only(table(missing=False)[:5])
    for count, model in ((4, loaded.model), (5, other)):
        answers, theirs = both.predict(rows[:count]), model.predict(rows[:count])
        assert isinstance(answers, ClassAnswers)
        assert isinstance(theirs, ClassAnswers)
        assert answers.probabilities is not None
        assert theirs.probabilities is not None
        np.testing.assert_array_equal(answers.probabilities, theirs.probabilities)


def test_a_damaged_form_is_refused(published: ModelsDirectory) -> None:
    """Its file is part of the version like any other."""
    (published.folder("boosted", "1") / MANY_FILE).write_bytes(b"damaged")
    with pytest.raises(RefusedVersion):
        load(published, "boosted", "1")
