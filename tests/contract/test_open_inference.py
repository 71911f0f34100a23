"""The Open Inference Protocol, proved with clients that nobody here wrote against the real server."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.services import DEADLINE, PASSWORD, ROOT, USERNAME, Service, running_api

# `make test-env` makes it, from tests/requirements-clients.txt.
CLIENTS = ROOT / "build" / "clients" / "bin" / "python"
AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
MEADOW = (
    {"rain": 40.0, "soil": "clay", "watered": True},
    {"rain": None, "soil": "sand", "watered": False},
    {"rain": 10.0, "soil": "moon", "watered": True},
)


@pytest.fixture(scope="module")
def garden(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API service on every kind of model."""
    with running_api(garden_dir, tmp_path_factory.mktemp("garden")) as service:
        yield service


def conversation(garden: Service, client: str) -> dict[str, Any]:
    """What a client of its own environment understood of its conversation with the service."""
    assert CLIENTS.exists(), "make test-env makes the environment of the clients"
    pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    command = [str(CLIENTS), "-m", f"tests.contract.clients.{client}", garden.url, f"Basic {pair}"]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=2 * DEADLINE, check=False
    )
    assert ended.returncode == 0, ended.stderr
    understood: dict[str, Any] = json.loads(ended.stdout)
    return understood


@pytest.fixture(scope="module")
def triton(garden: Service) -> dict[str, Any]:
    """What tritonclient understood."""
    return conversation(garden, "triton")


@pytest.fixture(scope="module")
def kserve(garden: Service) -> dict[str, Any]:
    """What kserve's InferenceRESTClient understood."""
    return conversation(garden, "kserve_rest")


@pytest.fixture(scope="module")
def meadow(garden: Service) -> list[dict[str, Any]]:
    """What the service's own route answers for the three plants."""
    url = f"{garden.url}/api/v1.0/models/meadow/predict"
    answer = requests.post(url, json={"instances": MEADOW}, auth=AUTH, timeout=30)
    predictions: list[dict[str, Any]] = answer.json()["predictions"]
    return predictions


def probabilities(predictions: list[dict[str, Any]]) -> list[float]:
    """Those of "no" and "yes", row after row."""
    return [one[f"prob_{label}"] for one in predictions for label in ("no", "yes")]


def test_triton_finds_the_server_and_its_models_ready(triton: dict[str, Any]) -> None:
    """Live, ready, each model and each version; and not ready what is not there."""
    assert triton["live"] is True
    assert triton["ready"] is True
    assert triton["ready_models"] == [True, False]
    assert triton["ready_versions"] == [True, True, False]
    assert triton["server"]["name"] == "bouquet"
    assert triton["server"]["extensions"] == ["binary_tensor_data"]


def test_triton_reads_what_a_model_takes_and_gives(triton: dict[str, Any]) -> None:
    """The fields with their datatypes, the outputs, and the versions there are."""
    assert triton["model"]["inputs"] == [
        {"name": "rain", "datatype": "FP64", "shape": [-1]},
        {"name": "soil", "datatype": "BYTES", "shape": [-1]},
        {"name": "watered", "datatype": "BOOL", "shape": [-1]},
    ]
    assert triton["model"]["outputs"] == [
        {"name": "predict", "datatype": "BYTES", "shape": [-1]},
        {"name": "predict_proba", "datatype": "FP64", "shape": [-1, 2]},
    ]
    assert triton["version"]["versions"] == ["1", "2"]


def test_triton_gets_the_same_answers_in_binary_and_in_json(
    triton: dict[str, Any], meadow: list[dict[str, Any]]
) -> None:
    """Both ways of both directions carry what the service's own route answers, missing values included."""
    assert triton["iris"]["in_json"] == []
    assert sorted(triton["iris_json"]["in_json"]) == ["predict", "predict_proba"]
    for name in ("predict", "predict_proba", "shapes"):
        assert triton["iris"][name] == triton["iris_json"][name]
        assert triton["iris_single"][name] == triton["iris_single_json"][name]
    assert triton["iris"]["predict"] == ["Iris-Setosa", "Iris-Virginica"]
    assert triton["meadow"]["predict"] == triton["meadow_json"]["predict"]
    assert triton["meadow"]["predict"] == [one["predicted_flowers"] for one in meadow]
    assert triton["meadow"]["predict_proba"] == pytest.approx(probabilities(meadow), abs=1e-7)
    assert triton["meadow"]["shapes"] == {"predict": [3], "predict_proba": [3, 2]}
    assert triton["meadow_json"]["shapes"] == {"predict": [3]}
    assert triton["height"]["predict"] == pytest.approx([14.0, 17.0])


def test_triton_gets_its_id_back_and_the_version_it_asked_for(triton: dict[str, Any]) -> None:
    """The id is the caller's; without a version the one that answers is asked."""
    assert (triton["iris_1"]["id"], triton["iris_1"]["version"]) == ("42", "1")
    assert (triton["iris_json"]["id"], triton["iris_json"]["version"]) == ("a b", "2")


def test_triton_is_told_what_is_wrong(triton: dict[str, Any]) -> None:
    """Its exception has the status and the sentence."""
    assert triton["no_such_model"] == [
        "404",
        "There is no model named 'rose'; the models served are: height, iris, meadow.",
    ]
    assert triton["no_such_output"] == [
        "400",
        "There is no output 'predict_proba'; height has predict.",
    ]
    assert triton["wrong_shape"][0] == "400"
    assert "[2, 3] must have the shape [rows, 4]" in triton["wrong_shape"][1]


def test_kserve_finds_the_server_and_its_models_ready(kserve: dict[str, Any]) -> None:
    """It reads `live` and `ready` from the answers' bodies."""
    assert kserve["live"] is True
    assert kserve["ready"] is True
    assert kserve["iris_ready"] is True
    assert kserve["rose_ready"] is False


def test_kserve_gets_the_same_answers_in_binary_and_in_json(
    kserve: dict[str, Any], meadow: list[dict[str, Any]]
) -> None:
    """Its arrays hold what the service's own route answers, under its own request id."""
    assert kserve["iris"] == kserve["iris_json"]
    assert (kserve["iris"]["id"], kserve["iris"]["model"]) == ("42", "iris")
    assert kserve["iris"]["predict"] == ["Iris-Setosa", "Iris-Virginica"]
    asked = [meadow[0], meadow[2]]
    assert kserve["meadow"] == kserve["meadow_json"]
    assert kserve["meadow"]["predict"] == [one["predicted_flowers"] for one in asked]
    assert kserve["meadow"]["predict_proba"] == pytest.approx(probabilities(asked), abs=1e-7)
    assert kserve["height"]["predict"] == pytest.approx([14.0, 17.0])


def test_kserve_is_told_what_is_wrong(kserve: dict[str, Any]) -> None:
    """Its exception has the status and the sentence."""
    assert "[2, 3] must have the shape [rows, 4]" in kserve["wrong_shape"]
    assert "400" in kserve["wrong_shape"]
    assert "Soil is missing" in kserve["missing"]
    assert "Watered is missing" in kserve["missing"]


def blocks(language: str) -> list[str]:
    """The examples in the page about the protocol."""
    page = (ROOT / "docs" / "open_inference.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_requests_of_the_page_are_answered(garden: Service) -> None:
    """Both bodies that the documentation shows get what it says."""
    url = f"{garden.url}/v2/models/iris/infer"
    headers = {"Content-Type": "application/json"}
    many, one = (
        requests.post(url, data=block, headers=headers, auth=AUTH, timeout=30).json()
        for block in blocks("json")
    )
    assert many["id"] == "42"
    assert [output["name"] for output in many["outputs"]] == ["predict"]
    assert many["outputs"][0]["data"] == ["Iris-Setosa", "Iris-Virginica"]
    assert [output["name"] for output in one["outputs"]] == ["predict", "predict_proba"]
    assert one["outputs"][0]["data"] == ["Iris-Setosa"]


def test_the_program_of_the_page_runs(garden_dir: Path, tmp_path: Path) -> None:
    """As it is printed, but for the port."""
    (program,) = blocks("python")
    sample = {"API_USERNAME": "my_username", "API_PASSWORD": "my_password", "DATA_DIR": str(tmp_path)}
    with running_api(garden_dir, tmp_path, **sample) as service:
        ended = subprocess.run(
            [CLIENTS, "-c", program.replace("localhost:8000", service.url.removeprefix("http://"))],
            capture_output=True,
            text=True,
            timeout=2 * DEADLINE,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    assert "Iris-Setosa" in ended.stdout
