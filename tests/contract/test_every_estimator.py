"""Every estimator and pipeline that Bouquet names, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import requests

from api.registry.card import Card
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.schema.schema import Row
from tests.api.training.random_rows import as_fitted, assert_same_answers, random_rows
from tests.planted import SPECIMENS, Planted
from tests.services import PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())


@pytest.fixture(scope="module")
def api(planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service that answers for all of them."""
    for name in SPECIMENS:
        planted.specimen(name)
    with running_api(planted.path, tmp_path_factory.mktemp("api")) as service:
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
    api: Service, planted: Planted, name: str
) -> None:
    """Through the real service every label is scikit-learn's and every number within 1e-6 of it."""
    one = planted.specimen(name)
    rows = random_rows(one.card.schema, 1000, seed=11)
    answers = as_answers(one.card, ask(api, name, rows, one.card))
    given = as_fitted(one.table, one.card.schema, rows, SPECIMENS[name].named)
    assert_same_answers(one.estimator, given, answers)
