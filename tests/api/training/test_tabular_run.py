"""What a training from a CSV decides: what is enabled, what is held out, where two classes part."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.errors import Cancelled, UnfitData
from api.registry.card import card_from_json, card_to_json
from api.registry.directory import ModelsDirectory
from api.runtime.answers import ClassAnswers
from api.runtime.load import LoadedModel, load
from api.runtime.rows import rows_from
from api.schema.json_schema import answer_json_schema
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.tabular_known import Clock, Known, read_csv
from api.training.tabular_preview import PREVIEW_BYTES, preview
from api.training.tabular_run import train_csv
from api.training.tabular_split import split
from api.training.watch import Unwatched, Watch

ROWS = 600


class Shop:
    """A folder with a models directory, in which customers' tables are trained from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.directory = ModelsDirectory(folder / "models")
        self.enabled: dict[str, str] = {}

    def write(self, table: pd.DataFrame, name: str = "shop") -> Path:
        """The table as a CSV file."""
        file = self.folder / f"{name}.csv"
        table.to_csv(file, index=False)
        return file

    def train(
        self,
        table: pd.DataFrame,
        request: TrainingRequest | None = None,
        watch: Watch | None = None,
        job: str = "job",
    ) -> Outcome:
        """Train from a table, with time for one candidate."""
        house = House(self.directory, self.enabled.get, 0, (), self.folder)
        outcome = train_csv(request or TrainingRequest(), self.write(table), house, watch or Unwatched(), job)
        if outcome.better:
            self.enabled[outcome.card.name] = outcome.card.version
        return outcome

    def load(self, outcome: Outcome) -> LoadedModel:
        """The version in memory."""
        return load(self.directory, outcome.card.name, outcome.card.version)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """An empty one."""
    return Shop(tmp_path)


def customers(rows: int = ROWS, seed: int = 3) -> pd.DataFrame:
    """Who leaves a shop: seldom, and mostly who spends little or lives far away."""
    random = np.random.default_rng(seed)
    spent = random.gamma(2.0, 50.0, rows).round(2)
    town = random.choice(["near", "far", "abroad"], rows, p=[0.6, 0.3, 0.1])
    age = random.integers(18, 90, rows).astype(object)
    age[::9] = None
    risk = -spent / 25 + np.where(town == "far", 2.0, 0.0) + random.normal(0, 0.5, rows)
    return pd.DataFrame(
        {"spent": spent, "town": town, "age": age, "churned": np.where(risk > 0.2, "yes", "no")}
    )


def known(shop: Shop, table: pd.DataFrame) -> Known:
    """What is found out about a table."""
    return read_csv(TrainingRequest(target="churned"), shop.write(table), Unwatched(), Clock())


def test_a_first_model_that_is_more_than_chance_is_enabled(shop: Shop) -> None:
    """The decision and its reason are in the report; the figures are those of the rarer class."""
    outcome = shop.train(customers())
    assert outcome.better
    assert outcome.report["decision"] == {"enabled": True, "why": outcome.why}
    assert outcome.report["figures"]["average"] == "yes"
    assert outcome.report["target"]["positive"] == "yes"
    assert outcome.metrics["f1"] == outcome.report["metric"]["value"]


def test_what_is_no_more_than_chance_is_not_enabled(shop: Shop) -> None:
    """A target that has nothing to do with the columns makes a version that waits to be enabled by hand."""
    table = customers()
    table["churned"] = np.random.default_rng(0).choice(["yes", "no"], ROWS)
    outcome = shop.train(table)
    assert not outcome.better
    assert "chance" in outcome.why
    assert shop.directory.versions("shop") == [outcome.card.version]


def test_the_same_data_again_is_compared_on_the_same_rows_and_not_enabled(shop: Shop) -> None:
    """The enabled version and the candidate answer the same rows, and an equal is not better."""
    first, second = shop.train(customers()), shop.train(customers(), job="another")
    comparison = second.report["comparison"]
    assert comparison["against"] == first.card.version
    assert comparison["rows"] == second.report["split"]["hold_out"]
    assert comparison["enabled"] == comparison["candidate"]
    assert not second.better


def test_a_better_model_is_enabled_in_place_of_a_worse(shop: Shop) -> None:
    """One that was learnt from the same customers and one more column wins on the rows held out."""
    table = customers()
    table.insert(0, "luck", np.random.default_rng(1).normal(size=ROWS))
    first = shop.train(table[["luck", "churned"]])
    shop.enabled["shop"] = first.card.version
    second = shop.train(table, job="another")
    assert second.report["comparison"]["against"] == first.card.version
    assert second.report["comparison"]["rows"] > 0
    assert second.better


def test_another_target_is_not_compared(shop: Shop) -> None:
    """Where the two do not predict the same, the report says so and being more than chance decides."""
    shop.train(customers(), TrainingRequest(model="shop"))
    table = customers().rename(columns={"churned": "left"})
    outcome = shop.train(table, TrainingRequest(model="shop"), job="another")
    assert outcome.report["comparison"]["rows"] == 0
    assert "it predicts churned, and this one left" in outcome.report["comparison"]["why"]
    assert outcome.better


def test_a_job_that_is_done_again_publishes_one_version(shop: Shop) -> None:
    """The version that it had published before is taken, and not compared with itself."""
    first, second = shop.train(customers()), shop.train(customers())
    assert first.card.version == second.card.version
    assert shop.directory.versions("shop") == [first.card.version]
    assert second.report["comparison"]["against"] is None


def test_a_watch_that_says_stop_ends_the_work(shop: Shop) -> None:
    """What it raises comes out, and nothing is published."""

    class Stopping:
        def step(self, name: str, share: float = 0.0, message: str = "") -> None:
            if name == "compile":
                raise Cancelled("enough")

    with pytest.raises(Cancelled):
        shop.train(customers(), watch=Stopping())
    assert shop.directory.names() == []


def test_the_threshold_decides_wherever_the_version_answers(shop: Shop) -> None:
    """It is on the card and in the answer's schema, and a version in memory answers by it."""
    outcome = shop.train(customers())
    target = outcome.card.target
    assert target.threshold == outcome.report["threshold"]
    assert card_from_json(card_to_json(outcome.card)).target == target
    assert answer_json_schema(target, details=True)["properties"]["predicted_churned"]["x-threshold"]
    rows = rows_from(outcome.card.schema, [(float(spent), "far", 40) for spent in range(0, 300, 5)])
    answers = shop.load(outcome).predict(rows)
    assert target.threshold is not None
    assert isinstance(answers, ClassAnswers)
    assert answers.probabilities is not None
    assert (answers.classes == (answers.probabilities[:, 1] >= target.threshold)).all()


def test_missing_values_and_new_texts_are_answered(shop: Shop) -> None:
    """A value may be missing where some were in the file; a town that was not there is answered."""
    outcome = shop.train(customers())
    fields = outcome.card.schema.by_name
    assert fields["age"].missing_allowed
    assert not fields["spent"].missing_allowed
    assert fields["town"].others_allowed
    answers = shop.load(outcome).predict(rows_from(outcome.card.schema, [(10.0, "on the moon", None)]))
    assert len(answers) == 1


def test_a_metric_of_another_task_is_refused(shop: Shop) -> None:
    """The sentence names the metrics there are."""
    with pytest.raises(UnfitData, match=r"r2 is no metric of classification.*f1, precision"):
        shop.train(customers(), TrainingRequest(metric="r2"))


def test_a_task_that_the_target_does_not_allow_is_refused(shop: Shop) -> None:
    """Texts are no numbers, whoever asks for a regressor."""
    with pytest.raises(UnfitData, match="column churned holds texts such as"):
        shop.train(customers(), TrainingRequest(task="regression"))


def test_identical_rows_are_on_one_side(shop: Shop) -> None:
    """With every row there three times, no row held out is like one that is learnt from."""
    one = customers(300)
    found = known(shop, pd.concat([one, one, one]))
    parts = split(found.view, found.truth, lambda share: None)
    assert parts.duplicates == 600
    learnt, held = set(parts.hashes[parts.training]), set(parts.hashes[parts.hold_out])
    assert not learnt & held
    assert 0.15 < len(parts.hold_out) / 900 < 0.25


def test_rows_stay_held_out_when_the_file_grows(shop: Shop) -> None:
    """Nearly every row that was held out of the shorter file is held out of the longer."""
    whole = customers(1200)
    before, after = (known(shop, table) for table in (whole[:900], whole))
    first, second = (split(one.view, one.truth, lambda share: None) for one in (before, after))
    held = set(first.hashes[first.hold_out])
    assert len(held & set(second.hashes[second.hold_out])) > 0.85 * len(held)


def test_a_column_that_turns_out_to_be_texts_is_read_as_such(shop: Shop) -> None:
    """Numbers for fifty thousand rows and words after them: the file is read again."""
    rows = 70_000
    random = np.random.default_rng(0)
    code = random.integers(0, 30, rows).astype(str).astype(object)
    code[60_000:] = random.choice(["a", "b"], 10_000)
    table = pd.DataFrame({"code": code, "size": random.normal(size=rows).round(2)})
    table["churned"] = np.where(table["size"] > 0, "yes", "no")
    found = known(shop, table)
    assert {one.name: one.kind for one in found.accounts} == {
        "code": "category", "size": "number", "churned": "target"
    }  # fmt: skip
    assert found.rows == rows


def test_a_byte_far_down_shows_another_encoding(shop: Shop) -> None:
    """A file that begins as plain ASCII and has a Latin-1 letter in its last row is read as Latin-1."""
    file = shop.write(customers(60_000))
    with file.open("ab") as out:
        out.write("12.5,Zürich,40,no\n".encode("latin-1"))
    found = read_csv(TrainingRequest(), file, Unwatched(), Clock())
    assert found.dialect.encoding == "cp1252"
    assert found.rows == 60_001


def test_a_preview_tells_what_training_would_find(shop: Shop) -> None:
    """Of a small file all of it; of a large one its beginning, and then it says so."""
    small = preview(shop.write(customers()))
    assert small["whole"]
    assert small["file"]["rows"] == ROWS
    assert small["target"]["name"] == "churned"
    assert [one["name"] for one in small["columns"]] == ["spent", "town", "age", "churned"]
    large = shop.write(customers(400_000))
    assert large.stat().st_size > PREVIEW_BYTES
    seen = preview(large)
    assert not seen["whole"]
    assert seen["file"]["bytes"] == large.stat().st_size
    assert 1000 < seen["file"]["rows"] < 400_000
