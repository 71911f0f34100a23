"""Answers with their reasons over HTTP: asked for, not asked for, and asked for in vain."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.predictions.field_reasons import MOST_EXPLAINED
from api.registry.directory import ModelsDirectory
from api.registry.explanation import Explanation
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

IRIS = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
PREDICT = "/api/v1.0/models/iris/predict"


@pytest.fixture(scope="module")
def eager(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """An application whose iris and meadow explain unasked; meadow also has a threshold."""
    folder = tmp_path_factory.mktemp("eager")
    shutil.copytree(garden_dir, folder / "models")
    directory = ModelsDirectory(folder / "models")
    for name, threshold in (("iris", None), ("meadow", 0.9)):
        card = directory.card(name, "1")
        assert card.explanation is not None
        explained = replace(
            card,
            explanation=Explanation(card.explanation.typical, by_default=True),
            target=replace(card.target, threshold=threshold),
        )
        files = directory.folder(name, "1")
        directory.publish(explained, {file: (files / file).read_bytes() for file in card.files})
    return build_app(
        read_settings(settings_for(folder / "models", folder / "data")), Draining()
    ).test_client()


def test_reasons_are_given_when_asked_for(client: FlaskClient) -> None:
    """Beside the response: the small petal speaks for setosa, in words and as a weight."""
    body = client.get(PREDICT, query_string=IRIS | {"explain": 1}, auth=AUTH).get_json()
    assert list(body) == ["response", "id", "model", "version", "reasons"]
    first = body["reasons"][0]
    assert list(first) == ["field", "title", "value", "typical", "weight", "sentence"]
    assert first["field"] in ("petal_length", "petal_width")
    assert first["value"] == IRIS[first["field"]]
    assert first["weight"] > 0
    assert first["sentence"].endswith("speaks for Iris-Setosa")
    weights = [abs(one["weight"]) for one in body["reasons"]]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) <= 4


@pytest.mark.parametrize("path", ["/api/v1.0", PREDICT])
def test_nothing_changes_where_nobody_asks(client: FlaskClient, path: str) -> None:
    """No reasons, no threshold; with explain=0 neither."""
    for query in (IRIS, IRIS | {"explain": 0}):
        body = client.get(path, query_string=query, auth=AUTH).get_json()
        assert list(body) == ["response", "id", "model", "version"]


def test_the_default_model_explains_too(client: FlaskClient) -> None:
    """The route of the default model takes the same parameter."""
    body = client.get("/api/v1.0", query_string=IRIS | {"explain": 1}, auth=AUTH).get_json()
    assert body["reasons"]


def test_each_instance_has_its_own(client: FlaskClient) -> None:
    """Of several rows each prediction has reasons, which are those that it has alone."""
    large = {"sepal_length": 7.0, "sepal_width": 3.0, "petal_length": 6.5, "petal_width": 2.2}
    answer = client.post(f"{PREDICT}?explain=1", json={"instances": [IRIS, large]}, auth=AUTH).get_json()
    first, second = answer["predictions"]
    alone = client.get(PREDICT, query_string=IRIS | {"explain": 1}, auth=AUTH).get_json()
    assert first["reasons"] == alone["reasons"]
    assert second["reasons"][0]["sentence"].endswith("speaks for Iris-Virginica")
    plain = client.post(PREDICT, json={"instances": [IRIS]}, auth=AUTH).get_json()
    assert list(plain) == ["predictions", "id", "model", "version"]
    assert "reasons" not in plain["predictions"][0]


@pytest.mark.parametrize("value", ["2", "", "yes", "1,1", "true"])
def test_explain_is_1_or_0(client: FlaskClient, value: str) -> None:
    """Anything else is refused, beside what else is wrong."""
    query = IRIS | {"explain": value, "petal_width": "wide"}
    answer = client.get(PREDICT, query_string=query, auth=AUTH)
    assert answer.status_code == 400
    assert set(answer.get_json()["message"]) == {"explain", "petal_width"}
    posted = client.post(PREDICT, query_string={"explain": value}, json={"instances": [IRIS]}, auth=AUTH)
    assert posted.status_code == 400


def test_explain_twice_is_refused(client: FlaskClient) -> None:
    """A parameter that came twice may mean either."""
    answer = client.get(f"{PREDICT}?explain=1&explain=0", query_string=None, auth=AUTH)
    assert answer.status_code == 400
    assert "explain" in answer.get_json()["message"]


def test_too_many_rows_are_refused_or_come_without(client: FlaskClient, eager: FlaskClient) -> None:
    """Asked for, they are refused with the limit; unasked, they are answered without reasons."""
    many = {"instances": [IRIS] * (MOST_EXPLAINED + 1)}
    refused = client.post(f"{PREDICT}?explain=1", json=many, auth=AUTH)
    assert refused.status_code == 400
    assert str(MOST_EXPLAINED) in refused.get_json()["message"]["explain"]
    answered = eager.post(PREDICT, json=many, auth=AUTH).get_json()
    assert "reasons" not in answered["predictions"][0]


def test_a_card_may_explain_unasked(eager: FlaskClient) -> None:
    """Then explain=0 leaves the reasons out."""
    assert eager.get(PREDICT, query_string=IRIS, auth=AUTH).get_json()["reasons"]
    assert "reasons" not in eager.get(PREDICT, query_string=IRIS | {"explain": 0}, auth=AUTH).get_json()


def test_a_model_that_cannot_explain_says_so(jobs: FlaskClient) -> None:
    """A model of texts has no usual values; its generic route refuses, and names why."""
    path = "/api/v1.0/models/similar_jobs/predict"
    answer = jobs.get(path, query_string={"description": "baking bread", "explain": 1}, auth=AUTH)
    assert answer.status_code == 400
    assert "cannot be explained" in answer.get_json()["message"]["explain"]
    assert jobs.get(path, query_string={"description": "baking bread"}, auth=AUTH).status_code == 200


def test_a_threshold_decides_and_is_told(garden: FlaskClient, eager: FlaskClient) -> None:
    """Of two classes the second is answered from the threshold on, for one row and for many."""
    path, row = "/api/v1.0/models/meadow/predict", {"rain": 40.0, "soil": "clay", "watered": True}
    query = {"rain": "40.0", "soil": "clay", "watered": "true"}
    before = garden.get(path, query_string=query, auth=AUTH).get_json()
    after = eager.get(path, query_string=query, auth=AUTH).get_json()
    assert 0.5 < before["response"]["prob_yes"] < 0.9
    assert (before["response"]["predicted_flowers"], "threshold" in before) == ("yes", False)
    assert (after["response"]["predicted_flowers"], after["threshold"]) == ("no", 0.9)
    for one in after["reasons"]:
        assert one["sentence"].endswith("speaks for no" if one["weight"] > 0 else "speaks for yes")
    posted = eager.post(path, json={"instances": [row]}, auth=AUTH).get_json()
    assert posted["threshold"] == 0.9
    assert posted["predictions"][0]["predicted_flowers"] == "no"
