"""Requests of the Open Inference Protocol, and what their answers hold."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.web.conftest import AUTH

HEADER = "Inference-Header-Content-Length"
IRIS = [5.1, 3.5, 1.4, 0.2]


def tensor(name: str, datatype: str, shape: list[Any], data: Any, **more: Any) -> dict[str, Any]:
    """An input in JSON."""
    return {"name": name, "datatype": datatype, "shape": shape, "data": data, **more}


def infer(garden: FlaskClient, model: str, *inputs: Any, **members: Any) -> TestResponse:
    """Ask a model about some inputs."""
    body = {"inputs": list(inputs), **members}
    return garden.post(f"/v2/models/{model}/infer", json=body, auth=AUTH)


def outputs(answer: TestResponse) -> dict[str, Any]:
    """The data of an answer's tensors, by name."""
    assert answer.status_code == 200, answer.text
    return {one["name"]: one["data"] for one in answer.get_json()["outputs"]}


def error(answer: TestResponse, status: int = 400) -> str:
    """The sentence of an error, which is all that its body holds."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/json"
    assert list(answer.get_json()) == ["error"]
    return str(answer.get_json()["error"])


def meadow(**changes: Any) -> list[dict[str, Any]]:
    """One plant, a tensor a field; a change of None leaves the field out."""
    inputs = {
        "rain": tensor("rain", "FP64", [1], [40.0]),
        "soil": tensor("soil", "BYTES", [1], ["clay"]),
        "watered": tensor("watered", "BOOL", [1], [True]),
    }
    return [one for one in (inputs | changes).values() if one]


def infer_binary(
    garden: FlaskClient, model: str, one: dict[str, Any], raw: bytes, length: str | None = None
) -> TestResponse:
    """Ask a model about an input whose values are the bytes after the JSON, which has that `length`."""
    head = json.dumps({"inputs": [one]}).encode()
    headers = {HEADER: length or str(len(head))}
    return garden.post(f"/v2/models/{model}/infer", data=head + raw, headers=headers, auth=AUTH)


def binary(datatype: str, shape: list[int], size: int) -> dict[str, Any]:
    """An input of which `size` bytes come after the JSON."""
    return {"name": "x", "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": size}}
