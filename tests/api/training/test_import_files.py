"""Models that somebody else fitted and saved come in, and answer as they did where they were made."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.errors import UnreadableModel
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.registry.figures import Figures, RegressionFigures
from api.runtime.answers import ClassAnswers, ValueAnswers
from api.runtime.load import load
from api.runtime.rows import rows_from
from api.schema.fields import Kind
from api.schema.parse import parse_pairs
from api.training.import_model import Brought, import_model

from ...services import ROOT, clean_environment

FILES = {
    "wine": "wine.skops",
    "cancer": "cancer.joblib",
    "diabetes": "diabetes.skops",
    "digits": "digits.joblib",
    "birds": "birds.skops",
}


@pytest.fixture(scope="session")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of model files, data, rows and answers, made by another program in another process."""
    folder = tmp_path_factory.mktemp("brought")
    script = Path(__file__).with_name("fit_elsewhere.py")
    subprocess.run([sys.executable, "-I", str(script), str(folder)], check=True, capture_output=True)
    return folder


def take(folder: Path, name: str, models: Path, target: str | None = None) -> Card:
    """Import one of the files, with its data."""
    file, data = folder / FILES[name], folder / f"{name}.csv"
    request = Brought(file, name, data, target, trust_pickle=file.suffix == ".joblib")
    return import_model(request, ModelsDirectory(models), progress=lambda step: None)


@pytest.mark.parametrize("name", FILES)
def test_a_model_answers_as_it_did_where_it_was_made(name: str, brought: Path, tmp_path: Path) -> None:
    """A thousand rows from a CSV file, read as a caller's texts, get the answers of the other program."""
    card = take(brought, name, tmp_path)
    loaded = load(ModelsDirectory(tmp_path), name, card.version)
    with (brought / f"{name}.rows.csv").open(newline="") as file:
        rows = [parse_pairs(card.schema, line.items()) for line in csv.DictReader(file)]
    answers = loaded.predict(rows_from(card.schema, rows))
    expected = pd.read_csv(brought / f"{name}.answers.csv")
    if isinstance(answers, ValueAnswers):
        assert np.abs(answers.values - expected["answer"]).max() < 1e-6 * np.ptp(expected["answer"])
        return
    assert isinstance(answers, ClassAnswers)
    values = np.array([one.value for one in card.target.classes])
    assert (values[answers.classes] == expected["answer"].to_numpy()).all()
    if answers.probabilities is not None:
        assert np.abs(answers.probabilities - expected.iloc[:, 1:].to_numpy()).max() < 1e-6


def test_the_schema_says_what_the_data_says(brought: Path, tmp_path: Path) -> None:
    """Kinds, choices, ranges, steps and what may be missing come from the pipeline and its data."""
    schema = take(brought, "birds", tmp_path).schema
    island, bill, sex = schema.fields
    assert [choice.value for choice in island.choices] == ["Biscoe", "Dream", "Torgersen"]
    assert (island.kind, island.missing_allowed, island.others_allowed) == (Kind.CHOICE, False, True)
    assert (bill.kind, bill.missing_allowed, bill.step, bill.title) == (Kind.NUMBER, True, 0.1, "Bill mm")
    assert bill.observed is not None
    assert 25 < bill.observed.minimum < 40
    assert 50 < bill.observed.maximum < 65
    assert (sex.kind, sex.missing_allowed) == (Kind.CHOICE, True)


def test_an_example_is_made_up(brought: Path, tmp_path: Path) -> None:
    """No row of the data is shown as the example: it may be about a person."""
    schema = take(brought, "diabetes", tmp_path).schema
    example = [field.example for field in schema.fields]
    rows = pd.read_csv(brought / "diabetes.csv")[list(schema.names)].to_numpy().tolist()
    assert None not in example
    assert example not in rows


def test_a_classifier_has_its_figures_and_its_classes(brought: Path, tmp_path: Path) -> None:
    """The target is found as the column that the model does not take."""
    card = take(brought, "birds", tmp_path)
    assert isinstance(card.figures, Figures)
    assert card.figures.accuracy > 0.8
    assert card.figures.seconds is None
    assert (card.target.name, card.rows.sample) == ("species", 300)
    assert [one.label for one in card.target.classes] == ["Adelie", "Gentoo"]


def test_a_regressor_carries_the_distribution_of_its_target(brought: Path, tmp_path: Path) -> None:
    """An answer can be shown against the values that the model learnt from."""
    card = take(brought, "diabetes", tmp_path)
    assert isinstance(card.figures, RegressionFigures)
    assert card.figures.r2 > 0.5
    assert card.target.distribution is not None
    assert sum(card.target.distribution.counts) == 442
    assert card.target.distribution.edges[0] == 25
    assert card.target.distribution.edges[-1] == 346


def test_without_data_it_says_what_is_missing(brought: Path, tmp_path: Path) -> None:
    """Names and categories come from the estimator; the card says what nobody knows."""
    request = Brought(brought / "birds.skops", "birds")
    card = import_model(request, ModelsDirectory(tmp_path), progress=lambda step: None)
    assert card.schema.names == ("island", "bill_mm", "sex")
    assert card.schema.fields[0].choices[1].value == "Dream"
    assert card.schema.fields[1].observed is None
    assert card.figures is None
    assert "There was no sample of the data (--data)" in card.notes[0]
    assert "bill_mm" in card.notes[0]


def test_the_command_prints_what_came_in(brought: Path, tmp_path: Path) -> None:
    """`python -m api import` shows progress, the fields, the proof, and where the version is."""
    command = [sys.executable, "-m", "api", "import", str(brought / "wine.skops"), "--name", "wine"]
    done = subprocess.run(
        [*command, "--data", str(brought / "wine.csv"), "--target", "target"],
        cwd=ROOT,
        env=clean_environment(DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "wine: compiling with bouquet" in done.stdout
    assert "alcohol" in done.stdout
    assert "equal to scikit-learn on" in done.stdout
    assert (tmp_path / "models" / "wine" / "1" / "card.json").is_file()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "../wine"}, "is no name for a model"),
        ({"target": "colour"}, "the sample has no column 'colour'"),
        ({"data": "birds.csv"}, "the sample lacks columns that the model takes: alcohol"),
        ({"file": "wine.csv"}, "is neither a .skops file nor a pickle"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    given: dict[str, str], sentence: str, brought: Path, tmp_path: Path
) -> None:
    """A wrong name, column or file is an error that says so, and nothing is published."""
    asked = {"file": "wine.skops", "name": "wine", "data": "wine.csv", "target": None} | given
    request = Brought(
        brought / str(asked["file"]), str(asked["name"]), brought / str(asked["data"]), asked["target"]
    )
    with pytest.raises(UnreadableModel, match=sentence):
        import_model(request, ModelsDirectory(tmp_path / "models"), progress=lambda step: None)
    assert not (tmp_path / "models").exists()
