"""Versions over HTTP: listed, enabled, rolled back, deleted, refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.registry.directory import ModelsDirectory
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

PATH = "/api/v1.0/models/iris"
ROW = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}


@pytest.fixture
def directory(models_dir: Path, tmp_path: Path) -> ModelsDirectory:
    """Three equal versions of iris of one's own."""
    shutil.copytree(models_dir, tmp_path / "models")
    directory = ModelsDirectory(tmp_path / "models")
    card, folder = directory.card("iris", "1"), directory.folder("iris", "1")
    files = {file: (folder / file).read_bytes() for file in card.files}
    for _ in range(2):
        directory.publish(card, files)
    return directory


@pytest.fixture
def client(directory: ModelsDirectory, tmp_path: Path) -> FlaskClient:
    """A client of a service on those versions."""
    environ = settings_for(directory.path, tmp_path / "data")
    return build_app(read_settings(environ), Draining()).test_client()


def answering(client: FlaskClient) -> str:
    """The version that gives answers now."""
    return str(client.get("/api/v1.0", query_string=ROW, auth=AUTH).get_json()["version"])


def enable(client: FlaskClient, version: object) -> int:
    """Ask for a version; returns the status."""
    return client.put(f"{PATH}/enabled", json={"version": version}, auth=AUTH).status_code


def test_versions_are_listed_newest_first(client: FlaskClient) -> None:
    """The list says which answers, when it was trained, how good it is and what runs it."""
    body = client.get(f"{PATH}/versions", auth=AUTH).get_json()
    assert [(one["version"], one["enabled"]) for one in body["versions"]] == [
        ("3", True),
        ("2", False),
        ("1", False),
    ]
    assert body["versions"][0]["runtime"] == "onnx"
    assert body["versions"][0]["figures"]["accuracy"] > 0.9
    assert body["history"] == []


def test_another_version_can_be_enabled_and_rolled_back(client: FlaskClient) -> None:
    """Enabling changes who answers at once, rolling back undoes it, and both are on record."""
    assert answering(client) == "3"
    assert enable(client, "1") == 200
    assert answering(client) == "1"
    assert enable(client, "2") == 200
    assert enable(client, "previous") == 200
    assert answering(client) == "1"
    history = client.get(f"{PATH}/versions", auth=AUTH).get_json()["history"]
    assert [(one["version"], one["what"], one["by"]) for one in history] == [
        ("1", "enabled", "ada"),
        ("2", "enabled", "ada"),
        ("1", "enabled", "ada"),
    ]


def test_rolling_back_before_any_choice_goes_to_the_version_before(client: FlaskClient) -> None:
    """Of a model that follows its newest version, the one before it is the previous one."""
    assert enable(client, "previous") == 200
    assert answering(client) == "2"


def test_a_damaged_version_is_refused_and_nothing_changes(
    client: FlaskClient, directory: ModelsDirectory
) -> None:
    """409 with the reason; what answered before answers still, and after a restart too."""
    (directory.folder("iris", "2") / "model.onnx").write_bytes(b"damaged")
    answer = client.put(f"{PATH}/enabled", json={"version": "2"}, auth=AUTH)
    assert answer.status_code == 409
    assert "model.onnx is not the file its card was written for" in answer.get_json()["detail"]
    assert answering(client) == "3"
    assert client.get(f"{PATH}/versions", auth=AUTH).get_json()["history"] == []


@pytest.mark.parametrize(
    ("version", "status"),
    [("9", 404), ("../1", 404), ("", 404), (2, 400), (None, 400), ("01", 404)],
)
def test_a_version_that_is_not_there_is_named(client: FlaskClient, version: object, status: int) -> None:
    """Neither an unknown number nor a path nor another type changes anything."""
    assert enable(client, version) == status
    assert answering(client) == "3"


def test_a_version_that_does_not_answer_can_be_deleted(
    client: FlaskClient, directory: ModelsDirectory
) -> None:
    """It is gone from the list and the disk; the one that answers is not deleted."""
    assert client.delete(f"{PATH}/versions/1", auth=AUTH).status_code == 204
    assert directory.versions("iris") == ["2", "3"]
    assert client.delete(f"{PATH}/versions/1", auth=AUTH).status_code == 404
    assert client.delete(f"{PATH}/versions/3", auth=AUTH).status_code == 409
    assert answering(client) == "3"


def test_a_chosen_version_is_not_deleted_either(client: FlaskClient, directory: ModelsDirectory) -> None:
    """A version that was chosen, and cannot answer now, is kept for when it can."""
    assert enable(client, "2") == 200
    (directory.folder("iris", "2") / "model.onnx").write_bytes(b"damaged")
    assert client.delete(f"{PATH}/versions/2", auth=AUTH).status_code == 409


def test_there_is_nothing_before_the_first_version(client: FlaskClient) -> None:
    """Rolling back from the only version left is refused with a sentence."""
    for version in ("1", "2"):
        client.delete(f"{PATH}/versions/{version}", auth=AUTH)
    answer = client.put(f"{PATH}/enabled", json={"version": "previous"}, auth=AUTH)
    assert answer.status_code == 409
    assert "none answered before version 3" in answer.get_json()["detail"]


@pytest.mark.parametrize("path", ["/versions", "/enabled", "/predict"])
def test_an_unknown_model_is_404(client: FlaskClient, path: str) -> None:
    """Every route of a model that is not there says which there are."""
    answer = client.get(f"/api/v1.0/models/rose{path}", auth=AUTH)
    assert answer.status_code == 404
    assert "the models served are: iris" in answer.get_json()["detail"]
