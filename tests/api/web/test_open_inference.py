"""The Open Inference Protocol's routes: what they take and what they give."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining
from api.web.open_inference.datatypes import LAYOUTS
from tests.api.web.conftest import AUTH, settings_for
from tests.api.web.inference import HEADER, IRIS, binary, infer, infer_binary, meadow, outputs, tensor

NUMBERS = [name for name in LAYOUTS if name != "BOOL"]


@pytest.mark.parametrize("datatype", ["FP32", "FP64"])
@pytest.mark.parametrize("data", [[*IRIS, *IRIS], [IRIS, IRIS]])
def test_one_tensor_for_all_fields_may_be_flat_or_nested(
    garden: FlaskClient, datatype: str, data: list[Any]
) -> None:
    """Row-major either way, under any name that is no field's."""
    answer = infer(garden, "iris", tensor("anything", datatype, [2, 4], data))
    assert outputs(answer)["predict"] == ["Iris-Setosa", "Iris-Setosa"]
    assert answer.get_json()["outputs"][1]["shape"] == [2, 3]


@pytest.mark.parametrize("datatype", NUMBERS)
def test_numbers_come_in_every_width(garden: FlaskClient, datatype: str) -> None:
    """Every numeric datatype answers alike for the same numbers, in JSON and in binary."""
    layout = np.dtype(LAYOUTS[datatype])
    raw = np.array([3, 5], layout).tobytes()
    in_json = outputs(infer(garden, "height", tensor("x", datatype, [1, 2], [3, 5])))
    assert in_json["predict"] == pytest.approx([14.0])
    answer = infer_binary(garden, "height", binary(datatype, [1, 2], len(raw)), raw)
    assert outputs(answer) == in_json


def test_a_column_may_have_a_second_dimension(garden: FlaskClient) -> None:
    """[rows] and [rows, 1] mean the same."""
    flat = outputs(infer(garden, "meadow", *meadow()))
    upright = tensor("soil", "BYTES", [1, 1], [["clay"]])
    assert outputs(infer(garden, "meadow", *meadow(soil=upright))) == flat


def test_an_optional_field_may_be_missing(garden: FlaskClient) -> None:
    """Left out, null, or NaN in the data: one and the same answer."""
    left_out = outputs(infer(garden, "meadow", *meadow(rain=None)))
    assert outputs(infer(garden, "meadow", *meadow(rain=tensor("rain", "FP64", [1], [None])))) == left_out
    nan = tensor("rain", "FP32", [1], [float("nan")])
    assert outputs(infer(garden, "meadow", *meadow(rain=nan))) == left_out
    assert outputs(infer(garden, "meadow", *meadow())) != left_out


def test_single_precision_means_the_same_in_json_and_in_binary(garden: FlaskClient) -> None:
    """5.1 said to be FP32 is the nearest single-precision number, however it was written."""
    raw = np.array(IRIS, "<f4").tobytes()
    answer = infer_binary(garden, "iris", binary("FP32", [1, 4], len(raw)), raw)
    assert outputs(answer) == outputs(infer(garden, "iris", tensor("x", "FP32", [1, 4], IRIS)))


def test_the_outputs_are_those_asked_for(garden: FlaskClient) -> None:
    """In the order asked for; all where none is named."""
    x = tensor("x", "FP64", [1, 4], IRIS)
    assert list(outputs(infer(garden, "iris", x))) == ["predict", "predict_proba"]
    assert list(outputs(infer(garden, "iris", x, outputs=[]))) == ["predict", "predict_proba"]
    assert list(outputs(infer(garden, "iris", x, outputs=[{"name": "predict_proba"}]))) == ["predict_proba"]
    turned = [{"name": "predict_proba"}, {"name": "predict"}]
    assert list(outputs(infer(garden, "iris", x, outputs=turned))) == ["predict_proba", "predict"]


def test_an_output_may_come_in_binary_beside_one_in_json(garden: FlaskClient) -> None:
    """The JSON says how many bytes belong to which tensor, and the header where the JSON ends."""
    wanted = [{"name": "predict", "parameters": {"binary_data": True}}, {"name": "predict_proba"}]
    answer = infer(garden, "iris", tensor("x", "FP64", [1, 4], IRIS), outputs=wanted)
    assert answer.content_type == "application/octet-stream"
    length = int(answer.headers[HEADER])
    predict, proba = json.loads(answer.data[:length])["outputs"]
    assert "data" not in predict
    assert len(proba["data"]) == 3
    rest = answer.data[length:]
    assert predict["parameters"]["binary_data_size"] == len(rest)
    assert rest == struct.pack("<I", 11) + b"Iris-Setosa"


def test_the_id_comes_back(garden: FlaskClient) -> None:
    """The caller's own where there is one, and one of ours otherwise."""
    x = tensor("x", "FP64", [1, 4], IRIS)
    assert infer(garden, "iris", x, id="forty-two").get_json()["id"] == "forty-two"
    first, second = (infer(garden, "iris", x).get_json()["id"] for _ in range(2))
    assert first != second


def test_a_version_can_be_asked_for(garden: FlaskClient) -> None:
    """Its own path answers with it, beside the one that answers without a version."""
    body = {"inputs": [tensor("x", "FP64", [1, 4], IRIS)]}
    answers = [
        garden.post(f"/v2/models/iris{version}/infer", json=body, auth=AUTH).get_json()["model_version"]
        for version in ("", "/versions/1", "/versions/2")
    ]
    assert answers == ["2", "1", "2"]


def test_a_server_without_a_model_is_live_and_not_ready(tmp_path: Path) -> None:
    """The two probes say different things, and the second when to ask again."""
    environ = settings_for(tmp_path / "models", tmp_path / "data")
    client = build_app(read_settings(environ), Draining()).test_client()
    assert client.get("/v2/health/live", auth=AUTH).get_json() == {"live": True}
    answer = client.get("/v2/health/ready", auth=AUTH)
    assert answer.status_code == 503
    assert answer.get_json()["ready"] is False
    assert "no model to serve" in answer.get_json()["error"]
    assert answer.headers["Retry-After"]
