"""Every estimator and pipeline that Bouquet names, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import requests

from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.schema.schema import Row
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from api.training.sample import sample_of
from api.training.specimens import specimens
from tests.api.training.random_rows import as_fitted, assert_same_answers, random_rows
from tests.services import PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
SPECIMENS = {f"specimen-{number}": one for number, one in enumerate(specimens())}


@dataclass(frozen=True, slots=True)
class Published:
    """A specimen as it was fitted, and its card."""

    estimator: Any
    table: pd.DataFrame
    card: Card


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty models directory."""
    return tmp_path_factory.mktemp("specimens")


@pytest.fixture(scope="module")
def published(models: Path) -> dict[str, Published]:
    """All of them, each fitted once: some are not fitted alike twice."""
    directory = ModelsDirectory(models)
    all_of_them = {}
    for name, specimen in SPECIMENS.items():
        estimator, table = specimen.fitted()
        brought = Brought(models / f"{name}.skops", name, target="target")
        card = take_in(estimator, sample_of(table), brought, directory, Chooser(lambda step: None))
        all_of_them[name] = Published(estimator, table, card)
    return all_of_them


@pytest.fixture(scope="module")
def api(
    models: Path, published: dict[str, Published], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """One service that answers for all of them."""
    assert len(published) == len(SPECIMENS)
    with running_api(models, tmp_path_factory.mktemp("api")) as service:
        yield service


def ask(api: Service, name: str, rows: list[Row], card: Card) -> list[dict[str, Any]]:
    """The answers for rows sent as JSON; a value that is missing is left out."""
    names = card.schema.names
    instances = [
        {key: value for key, value in zip(names, row, strict=True) if value is not None} for row in rows
    ]
    url = f"{api.url}/api/v1.0/models/{name}/predict"
    answer = requests.post(url, json={"instances": instances}, auth=AUTH, timeout=120)
    assert answer.status_code == 200, answer.text
    predictions: list[dict[str, Any]] = answer.json()["predictions"]
    return predictions


def as_answers(card: Card, predictions: list[dict[str, Any]]) -> Answers:
    """What came over the wire in the form of a model's own answers."""
    predicted = [one[f"predicted_{card.target.name}"] for one in predictions]
    if not card.target.classes:
        return ValueAnswers(np.array(predicted, dtype=np.float64))
    labels = [one.label for one in card.target.classes]
    keys = [f"prob_{one.key}" for one in card.target.classes]
    chosen = np.array([labels.index(label) for label in predicted])
    if keys[0] not in predictions[0]:
        return ClassAnswers(chosen, None)
    return ClassAnswers(chosen, np.array([[one[key] for key in keys] for one in predictions]))


@pytest.mark.parametrize(
    "name", SPECIMENS, ids=lambda name: f"{SPECIMENS[name].data}: {SPECIMENS[name].title}"
)
def test_a_thousand_rows_over_http_get_scikit_learns_answers(
    api: Service, published: dict[str, Published], name: str
) -> None:
    """Through the real service every label is scikit-learn's and every number within 1e-6 of it."""
    one = published[name]
    rows = random_rows(one.card.schema, 1000, seed=11)
    answers = as_answers(one.card, ask(api, name, rows, one.card))
    given = as_fitted(one.table, one.card.schema, rows, SPECIMENS[name].named)
    assert_same_answers(one.estimator, given, answers)
