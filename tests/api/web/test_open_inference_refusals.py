"""The Open Inference Protocol's routes: what they refuse, and how."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.web.open_inference.datatypes import ALL
from tests.api.web.conftest import AUTH
from tests.api.web.inference import IRIS, binary, error, infer, infer_binary, meadow, tensor


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
        ({"soil": tensor("soil", "BYTES", [1], ["\ud800"])}, "Row 0: Soil must be Unicode text"),
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
    ("one", "raw", "length", "sentence"),
    [
        (binary("FP64", [1, 4], 32), b"\0" * 31, None, "binary_data_size bytes"),
        (binary("FP64", [1, 4], 32), b"\0" * 33, None, "bytes that belong to no input"),
        (binary("FP64", [1, 4], 31), b"\0" * 31, None, "x has 31 bytes"),
        (binary("FP64", [1, 4], 24), b"\0" * 24, None, "x has 3 values"),
        (binary("FP64", [1, 4], -1), b"", None, "binary_data_size bytes"),
        (binary("FP64", [1, 4], 32), b"\0" * 32, "many", "must be the number of bytes"),
        (binary("FP64", [1, 4], 32), b"\0" * 32, "9" * 30, "must be the number of bytes"),
        (binary("BYTES", [1, 1], 6), struct.pack("<I", 9) + b"ab", None, "must be strings in UTF-8"),
        (binary("BYTES", [1, 1], 5), struct.pack("<I", 1) + b"\xff", None, "must be strings in UTF-8"),
        (binary("BYTES", [1, 1], 2), b"ab", None, "must be strings in UTF-8"),
    ],
)
def test_binary_tensors_that_do_not_fit_are_refused(
    garden: FlaskClient, one: dict[str, Any], raw: bytes, length: str | None, sentence: str
) -> None:
    """Too few bytes, too many, lengths that lie: 400, and nothing is read beyond the body."""
    assert sentence in error(infer_binary(garden, "iris", one, raw, length))


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
    answer = infer_binary(garden, "iris", binary(datatype, shape, size), raw)
    assert answer.status_code in (200, 400), answer.text
