"""The OpenAPI document: every route, what each model takes, and who is told what."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

UNDOCUMENTED = {"/doc/<file>"}


def app_of(garden_dir: Path, folder: Path, **more: str) -> Flask:
    """An application on every kind of model."""
    return build_app(read_settings(settings_for(garden_dir, folder) | more), Draining())


@pytest.fixture(scope="module")
def garden(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that tells everybody everything."""
    return app_of(garden_dir, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def reserved(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application that tells what was observed only to who has signed in."""
    return app_of(garden_dir, tmp_path_factory.mktemp("data"), OPENAPI_DETAILS="0").test_client()


@pytest.fixture(scope="module")
def document(garden: Flask) -> dict[str, Any]:
    """The document as anybody gets it."""
    found: dict[str, Any] = garden.test_client().get("/openapi.json").get_json()
    return found


def test_every_route_is_documented_and_every_documented_route_exists(
    garden: Flask, document: dict[str, Any]
) -> None:
    """Each path and method that the application answers is in the document, and the other way round."""
    served, documented = set(), set()
    for rule in garden.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        served |= {(rule.rule, method) for method in methods if rule.rule not in UNDOCUMENTED}
    adapter = garden.url_map.bind("localhost")
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            rule, _ = adapter.match(re.sub(r"{\w+}", "1", path), method.upper(), return_rule=True)
            documented.add((rule.rule, method.upper()))
    assert documented == served


def test_a_field_is_described_as_far_as_it_is_known(document: dict[str, Any]) -> None:
    """Kind, title, unit, range, example; and that it is required, in the query and in the body."""
    first = document["paths"]["/api/v1.0"]["get"]["parameters"][0]
    assert (first["name"], first["in"], first["required"]) == ("sepal_length", "query", True)
    assert first["schema"]["type"] == "number"
    assert first["schema"]["x-unit"] == "cm"
    assert first["schema"]["x-observed"] == {"minimum": 4.3, "maximum": 7.9}
    assert first["schema"]["examples"] == [5.1]
    assert "4.3 to 7.9" in first["schema"]["description"]
    row = document["components"]["schemas"]["iris.row"]
    assert row["properties"]["sepal_length"] == first["schema"]
    assert row["required"] == list(row["properties"])
    assert row["additionalProperties"] is False


def test_choices_and_optional_fields_are_told(document: dict[str, Any]) -> None:
    """Null is taken in a body where a field may be missing; choices are examples where others are taken."""
    row = document["components"]["schemas"]["meadow.row"]
    assert row["required"] == ["soil", "watered"]
    assert row["properties"]["rain"]["type"] == ["number", "null"]
    assert row["properties"]["soil"]["examples"] == ["clay", "peat", "sand"]
    assert row["properties"]["watered"]["type"] == "boolean"
    parameters = document["paths"]["/api/v1.0/models/meadow/predict"]["get"]["parameters"]
    assert [one["name"] for one in parameters] == ["rain", "soil", "watered", "explain"]
    assert [one["required"] for one in parameters] == [False, True, True, False]
    assert parameters[0]["schema"]["type"] == "number"


def test_an_answer_is_described(document: dict[str, Any]) -> None:
    """A classifier's labels and probabilities, a regressor's number."""
    schemas = document["components"]["schemas"]
    iris = schemas["iris.answer"]["properties"]
    assert iris["predicted_species"]["enum"] == ["Iris-Setosa", "Iris-Versicolour", "Iris-Virginica"]
    assert iris["prob_setosa"]["maximum"] == 1
    assert list(schemas["height.answer"]["properties"]) == ["predicted_height"]


def test_the_examples_are_answered(garden: Flask, document: dict[str, Any]) -> None:
    """Each example of a body in the document is a request that gets an answer."""
    client, tried = garden.test_client(), 0
    for path, item in document["paths"].items():
        for kind, media in item.get("post", {}).get("requestBody", {}).get("content", {}).items():
            examples = {name: one["value"] for name, one in media.get("examples", {}).items()}
            if "example" in media:
                examples[""] = media["example"]
            for name, example in examples.items():
                url = path.replace("{name}", name).replace("{version}", "1")
                data = example if kind == "text/csv" else json.dumps(example)
                answer = client.post(url, data=data, content_type=kind, auth=AUTH)
                assert answer.status_code == 200, (url, answer.text)
                tried += 1
    assert tried == 3 * 2 + 3 * 2


def test_a_password_or_a_token_is_what_everything_else_needs(document: dict[str, Any]) -> None:
    """The schemes are declared, are the rule, and the public routes say that they are exceptions."""
    assert document["components"]["securitySchemes"] == {
        "basicAuth": {"type": "http", "scheme": "basic"},
        "bearerAuth": {"type": "http", "scheme": "bearer"},
    }
    assert document["security"] == [{"basicAuth": []}, {"bearerAuth": []}]
    public = {path for path, item in document["paths"].items() if item.get("get", {}).get("security") == []}
    assert public == {"/api/v1.0/status", "/healthz", "/readyz", "/doc"}


OBSERVED = ("x-observed", "4.3", "7.9", "peat", "Iris-Setosa", "setosa", '"enum": ["no"', "29.8")


def test_what_was_observed_can_be_kept_from_strangers(reserved: FlaskClient) -> None:
    """With OPENAPI_DETAILS=0, no range, choice, class or example is told before signing in; then all are."""
    stranger = reserved.get("/openapi.json")
    assert stranger.status_code == 200
    assert "sepal_length" in stranger.text
    assert [one for one in OBSERVED if one in stranger.text] == []
    friend = reserved.get("/openapi.json", auth=AUTH).text
    assert [one for one in OBSERVED if one not in friend and one != '"enum": ["no"'] == []


def test_the_document_is_no_way_to_guess_the_password(garden_dir: Path, tmp_path: Path) -> None:
    """Wrong credentials see what strangers see, count as failures, and are refused after too many."""
    app = app_of(garden_dir, tmp_path, OPENAPI_DETAILS="0", SIGN_IN_FAILURES="3")
    client = app.test_client()
    statuses = [client.get("/openapi.json", auth=("ada", str(guess))).status_code for guess in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert client.get("/openapi.json").status_code == 200


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, True),
        ({"API_HOST": "0.0.0.0"}, False),
        ({"API_HOST": "0.0.0.0", "LOCAL_USE": "1"}, True),
        ({"API_HOST": "0.0.0.0", "OPENAPI_DETAILS": "1"}, True),
        ({"OPENAPI_DETAILS": "0"}, False),
    ],
)
def test_strangers_are_told_details_only_where_they_cannot_be_far(
    settings: dict[str, str], told: bool
) -> None:
    """Unless OPENAPI_DETAILS says otherwise, a service that others can reach keeps them to itself."""
    assert read_settings(settings).openapi_details is told


def test_a_service_without_models_has_a_document(tmp_path: Path) -> None:
    """There is nothing to predict with, and the rest is still described."""
    client = app_of(tmp_path / "none", tmp_path / "data").test_client()
    paths = client.get("/openapi.json").get_json()["paths"]
    assert "/api/v1.0" not in paths
    assert "/v2/models/{name}/infer" in paths
