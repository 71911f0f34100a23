"""The Open Inference Protocol's routes: what they take, what they give, how they refuse."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from api.bootstrap import build_app
from api.config import read_settings
from api.web.draining import Draining
from api.web.open_inference.datatypes import ALL, LAYOUTS
from tests.api.web.conftest import AUTH, settings_for

HEADER = "Inference-Header-Content-Length"
IRIS = [5.1, 3.5, 1.4, 0.2]
NUMBERS = [name for name in LAYOUTS if name != "BOOL"]


@pytest.fixture(scope="module")
def garden(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application on every kind of model."""
    environ = settings_for(garden_dir, tmp_path_factory.mktemp("data"))
    return build_app(read_settings(environ), Draining()).test_client()


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
    binary = {
        "name": "x",
        "datatype": datatype,
        "shape": [1, 2],
        "parameters": {"binary_data_size": len(raw)},
    }
    head = json.dumps({"inputs": [binary]}).encode()
    answer = garden.post(
        "/v2/models/height/infer", data=head + raw, headers={HEADER: str(len(head))}, auth=AUTH
    )
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
    one = {"name": "x", "datatype": "FP32", "shape": [1, 4], "parameters": {"binary_data_size": len(raw)}}
    head = json.dumps({"inputs": [one]}).encode()
    binary = garden.post(
        "/v2/models/iris/infer", data=head + raw, headers={HEADER: str(len(head))}, auth=AUTH
    )
    assert outputs(binary) == outputs(infer(garden, "iris", tensor("x", "FP32", [1, 4], IRIS)))


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


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ([tensor("x", "FP64", [1, 3], [1, 2, 3])], "must have the shape [rows, 4]"),
        ([tensor("x", "FP64", [4], IRIS)], "must have the shape [rows, 4]"),
        ([tensor("x", "FP64", [2, 4], IRIS)], "x has 4 values, and its shape [2, 4] 8 values."),
        (
            [tensor("x", "FP64", [2, 4], [IRIS, [1, 2, 3]])],
            "must have arrays nested as the shape [2, 4] says",
        ),
        ([tensor("x", "FP64", [1, 4], [[5.1], [3.5], [1.4], [0.2]])], "must have arrays nested"),
        ([tensor("x", "FP64", [0, 4], [])], "must have a shape"),
        ([tensor("x", "FP64", [-1, 4], IRIS)], "must have a shape"),
        ([tensor("x", "FP64", ["1", 4], IRIS)], "must have a shape"),
        ([tensor("x", "FP64", [2**40, 2**40], IRIS)], "must have a shape"),
        ([tensor("x", "FP64", [1] * 20, [1])], "must have a shape"),
        ([tensor("x", "FP128", [1, 4], IRIS)], "x has the datatype 'FP128'"),
        ([tensor("x", "FP64", [1, 4], "5.1")], "x needs data: an array"),
        ([tensor("x", "FP64", [1, 4], ["5.1", 3.5, 1.4, 0.2])], "x is of FP64, so its data are numbers."),
        ([tensor("x", "FP64", [1, 4], [True, 3.5, 1.4, 0.2])], "x is of FP64, so its data are numbers."),
        ([tensor("x", "BYTES", [1, 4], IRIS)], "x is of BYTES, so its data are strings."),
        ([tensor("x", "BYTES", [1, 4], ["1"] * 4)], "Sepal length cannot be of BYTES: give FP64"),
        ([tensor("x", "BOOL", [1, 4], [1, 0, 1, 0])], "x is of BOOL, so its data are true and false."),
        ([tensor("x", "INT8", [1, 4], [128, 1, 1, 1])], "x has a number that is none of INT8."),
        ([tensor("x", "UINT64", [1, 4], [-1, 1, 1, 1])], "x has a number that is none of UINT64."),
        ([tensor("x", "INT32", [1, 4], [1.5, 1, 1, 1])], "x has a number that is none of INT32."),
        ([tensor("x", "FP16", [1, 4], [1e5, 1, 1, 1])], "x has a number that is none of FP16."),
        ([tensor("x", "FP64", [1, 4], [10**400, 1, 1, 1])], "x has a number that is none of FP64."),
        ([tensor("x", "FP64", [1, 4], [1e39, 1, 1, 1])], "Row 0: Sepal length must be smaller than 3.4e38"),
        ([tensor("x", "FP64", [1, 4], [float("inf"), 1, 1, 1])], "Row 0: Sepal length must be smaller"),
        ([tensor("x", "FP64", [2, 4], [*IRIS, 1, None, 1, 1])], "Row 1: Sepal width is missing"),
        ([tensor("sepal_length", "FP64", [1], [1])], "Sepal width is missing: give a number in cm"),
        ([tensor("sepal_length", "FP64", [1, 2], [1, 1])], "must have the shape [rows] or [rows, 1]"),
        ([tensor("sepal_length", "FP64", [1], [1])] * 2, "An input came twice"),
        (
            [tensor("sepal_length", "FP64", [1], [1]), tensor("colour", "FP64", [1], [1])],
            "'colour' is not a field of this model",
        ),
        (
            [tensor("sepal_length", "FP64", [1], [1]), tensor("sepal_width", "FP64", [2], [1, 1])],
            "All inputs must have the same number of rows",
        ),
        ([], "The body must have inputs"),
        (["x"], "inputs[0] must be an object"),
        ([{"name": "x"}], "inputs[0] must have datatype: a string."),
        ([tensor("x", "FP64", [1, 4], IRIS, parameters=7)], "parameters of inputs[0] must be an object"),
        ([tensor("x", "FP64", [1, 4], IRIS, parameters={"binary_data_size": 99})], "binary_data_size bytes"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    garden: FlaskClient, inputs: list[Any], sentence: str
) -> None:
    """Shapes, datatypes, names, sizes, missing and infinite numbers: 400 in the protocol's own form."""
    assert sentence in error(infer(garden, "iris", *inputs))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"soil": tensor("soil", "BYTES", [1], [""])}, "Row 0: Soil is missing"),
        ({"soil": tensor("soil", "BYTES", [1], ["\ud800"])}, "soil has a string that is no Unicode text."),
        ({"soil": tensor("soil", "INT64", [1], [1])}, "Soil cannot be of INT64: give BYTES."),
        ({"watered": tensor("watered", "INT8", [1], [2])}, "Row 0: Watered must be true or false"),
        ({"watered": None}, "Watered is missing"),
    ],
)
def test_each_kind_of_field_has_its_own_rules(
    garden: FlaskClient, changes: dict[str, Any], sentence: str
) -> None:
    """The same ones as on the other routes."""
    assert sentence in error(infer(garden, "meadow", *meadow(**changes)))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not JSON."),
        (b"{", "The body is not JSON."),
        (b"[" * 100_000, "The body is not JSON."),
        (b"[]", "The body must be an object"),
        (b'{"inputs": {}}', "The body must have inputs"),
        (b'{"id": 7}', "The body must have id: a string."),
        (
            b'{"inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP64", "data": [1, 2, 3, 4]}],'
            b' "outputs": [{"name": "transform"}]}',
            "There is no output 'transform'; iris has predict and predict_proba.",
        ),
    ],
)
def test_a_body_that_is_no_request_is_refused(garden: FlaskClient, body: bytes, sentence: str) -> None:
    """Whatever it is, the answer is a sentence."""
    answer = garden.post("/v2/models/iris/infer", data=body, content_type="application/json", auth=AUTH)
    assert sentence in error(answer)


@pytest.mark.parametrize(
    ("inputs", "raw", "length", "sentence"),
    [
        ([("FP64", [1, 4], 32)], b"\0" * 31, None, "binary_data_size bytes"),
        ([("FP64", [1, 4], 32)], b"\0" * 33, None, "bytes that belong to no input"),
        ([("FP64", [1, 4], 31)], b"\0" * 31, None, "x has 31 bytes"),
        ([("FP64", [1, 4], 24)], b"\0" * 24, None, "x has 3 values"),
        ([("FP64", [1, 4], -1)], b"", None, "binary_data_size bytes"),
        ([("FP64", [1, 4], 32)], b"\0" * 32, "many", "must be the number of bytes"),
        ([("FP64", [1, 4], 32)], b"\0" * 32, "9" * 30, "must be the number of bytes"),
        ([("BYTES", [1, 1], 6)], struct.pack("<I", 9) + b"ab", None, "must be strings in UTF-8"),
        ([("BYTES", [1, 1], 5)], struct.pack("<I", 1) + b"\xff", None, "must be strings in UTF-8"),
        ([("BYTES", [1, 1], 2)], b"ab", None, "must be strings in UTF-8"),
    ],
)
def test_binary_tensors_that_do_not_fit_are_refused(
    garden: FlaskClient,
    inputs: list[tuple[str, list[int], int]],
    raw: bytes,
    length: str | None,
    sentence: str,
) -> None:
    """Too few bytes, too many, lengths that lie: 400, and nothing is read beyond the body."""
    given = [
        {"name": "x", "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": size}}
        for datatype, shape, size in inputs
    ]
    head = json.dumps({"inputs": given}).encode()
    headers = {HEADER: length or str(len(head))}
    answer = garden.post("/v2/models/iris/infer", data=head + raw, headers=headers, auth=AUTH)
    assert sentence in error(answer)


def test_more_rows_than_are_answered_at_once_are_refused(garden: FlaskClient) -> None:
    """The limit is that of the other routes."""
    answer = infer(garden, "height", tensor("x", "INT8", [100_001, 2], [1] * 200_002))
    assert "from 1 to 100000" in error(answer)


@pytest.mark.parametrize(
    ("method", "path", "status", "header"),
    [
        ("GET", "/v2/models/rose", 404, None),
        ("GET", "/v2/models/iris/versions/9", 404, None),
        ("GET", "/v2/models/iris/versions/9/ready", 404, None),
        ("GET", "/v2/nowhere", 404, None),
        ("GET", "/v2/models/iris/infer", 405, "Allow"),
        ("POST", "/v2/models/iris/infer", 415, None),
    ],
)
def test_every_error_under_v2_has_the_protocols_form(
    garden: FlaskClient, method: str, path: str, status: int, header: str | None
) -> None:
    """`{"error": "…"}`, with the headers that its status asks for."""
    answer = garden.open(path, method=method, data="x", content_type="text/plain", auth=AUTH)
    assert error(answer, status)
    assert header is None or header in answer.headers


@pytest.mark.parametrize(
    "path", ["/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/iris", "/v2/nope"]
)
def test_the_protocol_needs_signing_in(garden: FlaskClient, path: str) -> None:
    """Its probes too: /healthz and /readyz are the open ones."""
    answer = garden.get(path)
    assert "basic authentication" in error(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_body_that_is_too_long_is_refused(garden: FlaskClient) -> None:
    """413, in the protocol's form."""
    answer = garden.post(
        "/v2/models/iris/infer", data=b"x" * (33 * 1024 * 1024), content_type="application/json", auth=AUTH
    )
    assert error(answer, 413)


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


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(ALL),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
_INPUTS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["rain", "soil", "watered", "x"]),
            "datatype": st.sampled_from(ALL) | _JSON,
            "shape": st.lists(st.integers(0, 3), max_size=3) | _JSON,
            "data": st.lists(_JSON, max_size=9) | _JSON,
        },
        optional={"parameters": _JSON},
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    inputs=_INPUTS | _JSON, members=st.dictionaries(st.sampled_from(["id", "outputs", "parameters"]), _JSON)
)
def test_whatever_is_sent_is_answered_or_refused(
    garden: FlaskClient, inputs: Any, members: dict[str, Any]
) -> None:
    """No body of JSON is a server error."""
    body = {"inputs": inputs} | members
    answer = garden.post("/v2/models/meadow/infer", json=body, auth=AUTH)
    assert answer.status_code in (200, 400), answer.text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=40),
    datatype=st.sampled_from(ALL),
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=2),
    size=st.integers(0, 40),
)
def test_whatever_bytes_are_sent_are_answered_or_refused(
    garden: FlaskClient, raw: bytes, datatype: str, shape: list[int], size: int
) -> None:
    """No bytes after the JSON are a server error."""
    one = {"name": "x", "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": size}}
    head = json.dumps({"inputs": [one]}).encode()
    answer = garden.post(
        "/v2/models/iris/infer", data=head + raw, headers={HEADER: str(len(head))}, auth=AUTH
    )
    assert answer.status_code in (200, 400), answer.text
