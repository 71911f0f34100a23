"""The recipe of fraud: both forms of its file, its features, and that they are compiled as they are."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from api.recipes.catalogue import tabular_recipe
from api.recipes.fraud import FRAUD
from api.recipes.fraud_simulator import COLUMNS, write_csv
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.frame import natural_frame
from api.runtime.rows import Rows, rows_from
from api.schema.fields import Kind, Value
from api.schema.schema import Schema
from api.training.choose import Chooser
from api.training.outcome import House
from api.training.request import TrainingRequest
from api.training.tabular_run import train_csv
from api.training.watch import Unwatched

LOGS = ("day_of_month", "type", "amount_log", "amount_dest_log", "is_fraud")
SCHEMA = Schema(tuple(field for field in FRAUD.fields if field.name in COLUMNS))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Some simulated transactions."""
    out = io.StringIO()
    write_csv(20_000, 4, out)
    out.seek(0)
    return pd.read_csv(out)


def rows_of(table: pd.DataFrame) -> Rows:
    """The rows of the table as the schema has them."""
    numbers = [table[SCHEMA.names[at]].to_numpy(dtype=np.float64) for at in SCHEMA.number_positions]
    return Rows(np.column_stack(numbers), table[["type"]].to_numpy(dtype=object))


def features(**values: Value) -> dict[str, float]:
    """The features of one transaction by name; what is not given is missing."""
    usual: dict[str, Value] = {"step": 25, "type": "TRANSFER", "amount": 100.0, "oldbalanceOrg": 400.0}
    row = usual | values
    rows = rows_from(SCHEMA, [tuple(row.get(name) for name in SCHEMA.names)])
    frame = natural_frame(SCHEMA).of(rows)
    transformer = FRAUD.features(SCHEMA) if FRAUD.features else None
    assert transformer is not None
    types = pd.DataFrame(
        [dict.fromkeys(SCHEMA.names, 0.0) | {"type": one} for one in ("PAYMENT", "TRANSFER")]
    )
    transformer.fit(types[list(SCHEMA.names)])
    names = [name.partition("__")[2] for name in transformer.get_feature_names_out()]
    return dict(zip(names, transformer.transform(frame)[0].tolist(), strict=True))


def test_features_are_made_of_what_a_caller_knows() -> None:
    """The hour of the day, the share that is moved, what is left, and what is not known."""
    made = features()
    assert made["hour"] == 1
    assert made["share_moved"] == 0.25
    assert (made["empties"], made["receiver_known"]) == (0, 0)
    assert (made["type_TRANSFER"], made["type_PAYMENT"]) == (1, 0)
    assert features(amount=400.0)["empties"] == 1
    assert features(amount=400.0)["left_behind"] == 0
    assert features(oldbalanceDest=0.0)["receiver_known"] == 1
    assert features(oldbalanceDest=0.0)["receiver_balance"] > made["receiver_balance"]


def test_balances_that_add_up_say_nothing_more() -> None:
    """The balances after may be left out where the bank's add up, and count where they do not."""
    without = features(oldbalanceDest=10.0)
    assert features(newbalanceOrig=300.0, oldbalanceDest=10.0, newbalanceDest=110.0) == without
    odd = features(newbalanceOrig=400.0, oldbalanceDest=10.0, newbalanceDest=10.0)
    assert odd["unexplained"] == odd["unexplained_receiver"] != 0


def test_adding_up_is_to_the_cent() -> None:
    """No remainder of a binary fraction looks like money that is missing."""
    for amount, left in np.random.default_rng(1).integers(1, 10**9, (100, 2)).tolist():
        made = features(amount=amount / 100, oldbalanceOrg=(left + amount) / 100, newbalanceOrig=left / 100)
        assert made["unexplained"] == 0


@pytest.mark.parametrize(
    "estimator",
    [
        HistGradientBoostingClassifier(max_iter=30, random_state=0),
        RandomForestClassifier(10, random_state=0),
        make_pipeline(StandardScaler(), LogisticRegression()),
    ],
    ids=["boosting", "forest", "linear"],
)
def test_what_learns_from_the_features_is_compiled(table: pd.DataFrame, estimator: object) -> None:
    """By our own compiler, and proved equal on thousands of rows, at the trees' split points too."""
    frame, rows = natural_frame(SCHEMA), rows_of(table)
    assert FRAUD.features is not None
    whole = make_pipeline(FRAUD.features(SCHEMA), estimator).fit(frame.of(rows), table["isFraud"])
    runtime = Chooser(lambda step: None).choose(whole, frame, rows).runtime
    assert (runtime.compiler, runtime.refused) == ("bouquet", ())
    assert runtime.parity is not None
    assert runtime.parity.largest_difference < 1e-12


def test_both_forms_are_recognised() -> None:
    """By their columns, in any order; other tables are left alone."""
    assert tabular_recipe(None, COLUMNS) is FRAUD
    assert tabular_recipe(None, LOGS[::-1]) is FRAUD
    assert tabular_recipe(None, ["step", "type", "amount", "is_fraud"]) is not FRAUD
    assert tabular_recipe("fraud", ["sepal_length", "species"]) is None


def trained(table: pd.DataFrame, folder: Path) -> Card:
    """The card of a model that was trained from the table as somebody's CSV."""
    file = folder / "given.csv"
    table.to_csv(file, index=False)
    house = House(ModelsDirectory(folder / "models"), lambda name: None, 3600, (), folder)
    return train_csv(TrainingRequest(upload=file.name), file, house, Unwatched(), "").card


def test_a_file_of_logarithms_takes_amounts(table: pd.DataFrame, tmp_path: Path) -> None:
    """Whoever asks sends an amount; what the file had as logarithms is told as amounts."""
    logs = pd.DataFrame(
        {
            "day_of_month": table["step"] // 24 % 28 + 1,
            "type": table["type"],
            "amount_log": np.log(table["amount"]),
            "amount_dest_log": np.log(table["amount"] * 2),
            "is_fraud": table["isFraud"],
        }
    )
    card = trained(logs, tmp_path)
    assert card.name == "fraud"
    assert card.schema.names == ("day_of_month", "type", "amount", "amount_dest")
    seen = card.schema.by_name["amount"].observed
    assert seen is not None
    assert seen.minimum == pytest.approx(table["amount"].min(), abs=0.1)
    assert seen.maximum <= table["amount"].max() + 0.01
    assert card.runtime.compiler == "bouquet"
    assert [one.label for one in card.target.classes] == ["legitimate", "fraud"]
    assert not any("simulated" in note for note in card.notes)


def test_names_and_the_banks_flag_are_left_out(fraud_dir: Path) -> None:
    """The card says why; the fields are what a caller knows of a transaction."""
    card = ModelsDirectory(fraud_dir).card("fraud", "1")
    assert card.schema.names == (
        *("step", "type", "amount", "oldbalanceOrg", "newbalanceOrig"),
        *("oldbalanceDest", "newbalanceDest"),
    )
    assert card.schema.by_name["type"].kind is Kind.CHOICE
    optional = [field.name for field in card.schema.fields if field.missing_allowed]
    assert optional == ["newbalanceOrig", "oldbalanceDest", "newbalanceDest"]
    (left,) = [note for note in card.notes if note.startswith("Not learnt from")]
    assert all(name in left for name in ("nameOrig", "nameDest", "isFlaggedFraud"))
