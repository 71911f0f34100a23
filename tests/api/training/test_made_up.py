"""The model that comes with the house and is learnt from rows that are made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.predictions.field_reasons import reasons_of
from api.registry.directory import ModelsDirectory
from api.registry.figures import Figures
from api.runtime.answers import ClassAnswers
from api.runtime.load import LoadedModel, load
from api.runtime.rows import rows_from
from tests.fraud import train_fraud


@pytest.fixture(scope="module")
def model(fraud_dir: Path) -> LoadedModel:
    """The model as it is served."""
    return load(ModelsDirectory(fraud_dir), "fraud", "1")


def test_the_card_says_that_its_data_is_simulated(model: LoadedModel) -> None:
    """First of all its notes, and where it comes from."""
    assert "simulated" in model.card.notes[0]
    assert "simulated" in model.card.source
    assert model.card.explanation is not None
    assert model.card.explanation.by_default


def test_it_is_good_and_not_perfect(model: LoadedModel) -> None:
    """Its six figures are of fraud, not of everything."""
    figures = model.card.figures
    assert isinstance(figures, Figures)
    assert figures.average == "fraud"
    assert 0.1 < figures.f1 < 0.98
    assert figures.auc is not None
    assert 0.9 < figures.auc < 1
    assert model.card.target.threshold is not None


def test_it_is_compiled_by_our_own_compiler(model: LoadedModel) -> None:
    """And proved equal to scikit-learn."""
    assert model.card.runtime.compiler == "bouquet"
    assert model.card.runtime.parity is not None
    assert model.card.runtime.parity.largest_difference < 1e-9


def test_trained_twice_it_is_the_same_twice(tmp_path: Path) -> None:
    """The files of both are equal to the byte."""
    first, second = (train_fraud(tmp_path / name / "models", rows=15_000) for name in "ab")
    assert dict(first.files) == dict(second.files)
    assert first.target == second.target
    assert not list((tmp_path / "a" / "tmp").iterdir())


# A rich account emptied at three o'clock in the night to an account that was opened for it; a cup of coffee;
# and a transfer that is as large, from an account that keeps a hundred times as much.
SWEEP = (27, "TRANSFER", 9074.81, 9074.81, 0.0, 0.0, 9074.81)
COFFEE = (37, "PAYMENT", 3.2, 1480.2, 1477.0, None, None)


def test_it_tells_what_anybody_would_tell(model: LoadedModel) -> None:
    """The emptied account is fraud, the coffee is not."""
    answers = model.predict(rows_from(model.card.schema, [SWEEP, COFFEE]))
    assert isinstance(answers, ClassAnswers)
    assert answers.classes.tolist() == [1, 0]


def test_its_reasons_point_the_right_way(model: LoadedModel) -> None:
    """The amount and the new account speak for fraud, most of all, in sentences that say so."""
    rows = rows_from(model.card.schema, [SWEEP])
    (reasons,) = reasons_of(model, rows, model.predict(rows))
    weights = {one.field: one.weight for one in reasons}
    assert reasons[0].field == "amount"
    assert weights["amount"] > 1
    assert weights.get("oldbalanceDest", 0) > 0
    assert reasons[0].sentence.startswith("Amount 9074.81 instead of the usual ")
    assert reasons[0].sentence.endswith(" speaks for fraud")
    # The balances add up, so what is left says nothing beyond the amount.
    assert not {"newbalanceOrig", "newbalanceDest"} & set(weights)


def test_balances_after_may_be_left_out(model: LoadedModel) -> None:
    """Where they add up the answer is the same without them."""
    without = (*SWEEP[:4], None, SWEEP[5], None)
    answers = model.predict(rows_from(model.card.schema, [SWEEP, without]))
    assert isinstance(answers, ClassAnswers)
    assert answers.probabilities is not None
    assert answers.probabilities[0].tolist() == answers.probabilities[1].tolist()
