"""Reasons: their weights on models whose weights are known, their order, their words."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from api.predictions.field_reasons import MOST_REASONS, can_explain, reasons_of
from api.predictions.reason_sentences import class_sentence, value_sentence
from api.registry.directory import ModelsDirectory
from api.registry.explanation import Explanation
from api.runtime.load import LoadedModel, load
from api.runtime.rows import Rows, numbers_only, rows_from
from api.schema.fields import Choice, Field, Kind, Value
from api.schema.schema import Schema
from api.schema.target import Target
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from api.training.sample import sample_of
from api.training.typical import explanation_of

ROWS = 400


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[LogisticRegression, LoadedModel]:
    """A logistic regression of eight numbers, the eighth of which means nothing."""
    random = np.random.default_rng(3)
    table = pd.DataFrame(random.normal(0, 1, (ROWS, 8)).round(3), columns=[f"f{at}" for at in range(8)])
    score = table.to_numpy() @ np.array([3.0, -2.0, 1.0, 0.5, 0.4, 0.3, -0.2, 0.0])
    truth = np.where(score + random.normal(0, 0.5, ROWS) > 0, "yes", "no")
    estimator = LogisticRegression().fit(table, truth)
    return estimator, loaded(estimator, table.assign(target=truth), tmp_path_factory.mktemp("models"))


def loaded(estimator: object, table: pd.DataFrame, path: Path) -> LoadedModel:
    """A model that was brought from elsewhere, as it is served."""
    brought = Brought(path / "given.skops", "given", target="target")
    take_in(estimator, sample_of(table), brought, ModelsDirectory(path), Chooser(lambda step: None))
    return load(ModelsDirectory(path), "given", "1")


def test_weights_are_those_of_the_model(fitted: tuple[LogisticRegression, LoadedModel]) -> None:
    """Of a logistic regression: each coefficient times how far its value is from the middle one."""
    estimator, model = fitted
    assert model.card.explanation is not None
    middle = np.array([model.card.explanation.typical[f"f{at}"] for at in range(8)], dtype=float)
    rows = numbers_only(np.random.default_rng(5).normal(0, 1, (50, 8)))
    answers = model.predict(rows)
    answered = reasons_of(model, rows, answers)
    assert len(answered) == 50
    for row, reasons in enumerate(answered):
        sign = (
            1
            if estimator.predict(pd.DataFrame(rows.numbers[[row]], columns=model.card.schema.names))[0]
            == "yes"
            else -1
        )
        expected = sign * estimator.coef_[0] * (rows.numbers[row] - middle)
        strongest = np.argsort(-np.abs(expected))[:MOST_REASONS]
        assert [one.field for one in reasons] == [f"f{at}" for at in strongest if abs(expected[at]) > 0.05]
        for reason in reasons:
            at = int(reason.field[1:])
            assert reason.weight == pytest.approx(expected[at], abs=1e-4)
            assert reason.value == rows.numbers[row, at]
            assert reason.typical == middle[at]


def test_a_usual_row_has_no_reasons(fitted: tuple[LogisticRegression, LoadedModel]) -> None:
    """Where every value is the usual one nothing speaks for anything."""
    _, model = fitted
    assert model.card.explanation is not None
    rows = numbers_only(
        np.array([[model.card.explanation.typical[f"f{at}"] for at in range(8)]], dtype=float)
    )
    assert reasons_of(model, rows, model.predict(rows)) == [()]


def test_certainty_has_finite_weights(fitted: tuple[LogisticRegression, LoadedModel]) -> None:
    """A probability of 1 to the last digit has odds that are no number; its reasons have."""
    _, model = fitted
    rows = numbers_only(np.array([[1e6, -1e6, 0, 0, 0, 0, 0, 0]]))
    (reasons,) = reasons_of(model, rows, model.predict(rows))
    assert all(math.isfinite(one.weight) for one in reasons)


def test_many_rows_are_explained_as_each_alone(fitted: tuple[LogisticRegression, LoadedModel]) -> None:
    """The parts in which many are asked about do not show."""
    _, model = fitted
    rows = numbers_only(np.random.default_rng(6).normal(0, 1, (5, 8)))
    together = reasons_of(model, rows, model.predict(rows))
    alone = [reasons_of(model, rows[at : at + 1], model.predict(rows[at : at + 1]))[0] for at in range(5)]
    assert together == alone


def test_the_sign_is_of_the_class_that_was_answered(garden_dir: Path) -> None:
    """Rain makes the meadow flower: much of it speaks for flowers, and little for none."""
    model = load(ModelsDirectory(garden_dir), "meadow", "1")
    rows = rows_from(model.card.schema, [(55.0, "clay", True), (5.0, "clay", True), (None, "sand", False)])
    answers = model.predict(rows)
    much, little, unknown = reasons_of(model, rows, answers)
    assert (much[0].field, much[0].weight > 0) == ("rain", True)
    assert (little[0].field, little[0].weight > 0) == ("rain", True)
    assert much[0].sentence.endswith("speaks for yes")
    assert little[0].sentence.endswith("speaks for no")
    assert all(one.field != "rain" or one.value is None for one in unknown)


def test_a_regressors_reasons_are_in_its_unit(garden_dir: Path) -> None:
    """Three for each year, one for each unit of light."""
    model = load(ModelsDirectory(garden_dir), "height", "1")
    assert model.card.explanation is not None
    age, light = (model.card.explanation.typical[name] for name in ("age", "light"))
    assert isinstance(age, int)
    assert isinstance(light, float)
    rows = rows_from(model.card.schema, [(age + 4, light - 1)])
    (reasons,) = reasons_of(model, rows, model.predict(rows))
    assert [(one.field, one.weight) for one in reasons] == [("age", 12.0), ("light", -1.0)]
    assert reasons[0].sentence == f"Age {age + 4} instead of the usual {age} raises Height by 12"
    assert "lowers Height by 1" in reasons[1].sentence


def test_without_probabilities_or_usual_values_there_are_none(
    fitted: tuple[LogisticRegression, LoadedModel], tmp_path: Path
) -> None:
    """A classifier that only names a class has no log-odds; a card of old has no usual values."""
    _, model = fitted
    rows = numbers_only(np.ones((2, 8)))
    old = replace(model, card=replace(model.card, explanation=None))
    assert can_explain(model.card)
    assert not can_explain(old.card)
    assert reasons_of(old, rows, old.predict(rows)) == [(), ()]
    random = np.random.default_rng(1)
    table = pd.DataFrame(random.normal(0, 1, (60, 2)), columns=["a", "b"])
    truth = np.where(table["a"] > 0, "yes", "no")
    sure = loaded(LinearSVC().fit(table, truth), table.assign(target=truth), tmp_path)
    assert not can_explain(sure.card)
    pair = numbers_only(np.ones((1, 2)))
    assert reasons_of(sure, pair, sure.predict(pair)) == [()]


AMOUNT = Field("amount", "Amount", Kind.NUMBER, step=0.01)
LENGTH = Field("length", "Length", Kind.NUMBER, unit="cm", step=0.1)
TYPE = Field("type", "Type", Kind.CHOICE, choices=(Choice("CASH", "Cash taken out"),))
TAME = Field("tame", "Tame", Kind.BOOLEAN)
LEGS = Field("legs", "Legs", Kind.INTEGER)


@pytest.mark.parametrize(
    ("field", "value", "typical", "weight", "sentence"),
    [
        (AMOUNT, 181.0, 74.2, 2.31, "Amount 181.00 instead of the usual 74.20 speaks for fraud"),
        (AMOUNT, 181.0, None, 2.31, "Amount 181.00, which is usually not given, speaks for fraud"),
        (AMOUNT, None, 74.2, -1.0, "Amount not given instead of the usual 74.20 speaks against fraud"),
        (AMOUNT, 0.001, 74.2, 1.0, "Amount 0.00 instead of the usual 74.20 speaks for fraud"),
        (AMOUNT, 1e300, 0.0, 1.0, f"Amount {1e300:.0f} instead of the usual 0.00 speaks for fraud"),
        (LENGTH, 1.4, 4.35, 1.0, "Length 1.4 cm instead of the usual 4.3 cm speaks for fraud"),
        (TYPE, "CASH", "OTHER", 1.0, 'Type "Cash taken out" instead of the usual "OTHER" speaks for fraud'),
        (TAME, True, False, 1.0, "Tame yes instead of the usual no speaks for fraud"),
        (LEGS, 4, 2, 1.0, "Legs 4 instead of the usual 2 speaks for fraud"),
        (LEGS, 10**20, 2, 1.0, "Legs 100000000000000000000 instead of the usual 2 speaks for fraud"),
    ],
)
def test_a_reason_is_a_sentence(
    field: Field, value: Value, typical: Value, weight: float, sentence: str
) -> None:
    """Values are written as people write them."""
    assert class_sentence(field, value, typical, weight, "fraud") == sentence


def test_a_reason_of_a_number_is_a_sentence() -> None:
    """It says what becomes of the number."""
    target = Target("price", "Price")
    assert value_sentence(LEGS, 4, 2, -12.34567, target) == (
        "Legs 4 instead of the usual 2 lowers Price by 12.35"
    )


def test_usual_values_are_middles_and_most_frequent_ones() -> None:
    """Of every kind of field; what is mostly missing is usually missing, and free text is never usual."""
    schema = Schema((AMOUNT, LEGS, TAME, TYPE, Field("note", "Note", Kind.TEXT)))
    numbers = np.array([[1.004, 4, 1], [2.0, 2, 1], [9.0, 2, 0], [np.nan, 8, np.nan], [3.0, 6, 1]])
    texts = np.array([["A", "x"], ["B", "x"], ["B", "x"], [None, "x"], ["A", "x"]], dtype=object)
    explanation = explanation_of(schema, Rows(numbers, texts), by_default=True)
    assert explanation == Explanation({"amount": 2.5, "legs": 4, "tame": True, "type": "A"}, by_default=True)
    numbers[:3] = np.nan
    texts[:3, 0] = None
    rare = explanation_of(schema, Rows(numbers, texts)).typical
    assert rare == {"amount": None, "legs": None, "tame": None, "type": None}
