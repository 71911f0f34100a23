"""The API's answers: shapes, statuses, headers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

from api.bootstrap.serving import build_parts
from api.config import read_settings
from api.predictions.asking import Asking
from api.predictions.predict import Predictor
from api.predictions.prediction import Prediction
from api.web.app import create_app
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

ROW = {"sepal_length": "5.1", "sepal_width": "3.5", "petal_length": "1.4", "petal_width": "0.2"}
KEYS = ("prob_setosa", "prob_versicolour", "prob_virginica")


def test_a_prediction_has_the_shape_that_clients_rely_on(client: FlaskClient) -> None:
    """The species, its three probabilities, and who answered."""
    answer = client.get("/api/v1.0", query_string=ROW, auth=AUTH)
    assert answer.status_code == 200
    body = answer.get_json()
    assert list(body) == ["response", "id", "model", "version"]
    assert list(body["response"]) == ["predicted_species", *KEYS]
    assert body["response"]["predicted_species"] == "Iris-Setosa"
    assert (body["model"], body["version"]) == ("iris", "1")


def test_far_outside_is_answered_with_a_warning(client: FlaskClient) -> None:
    """A measurement no iris has is answered, and the answer says that the model has seen none like it."""
    body = client.get("/api/v1.0", query_string=ROW | {"petal_length": "1e6"}, auth=AUTH).get_json()
    assert "response" in body
    assert [warning["field"] for warning in body["warnings"]] == ["petal_length"]


@pytest.mark.parametrize("path", ["/api/v1.0", "/api/v1.0/models", "/api/v1.0/models/iris", "/nowhere", "/"])
@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic",
        "Basic !",
        "Basic YWRh",
        "Basic YWRhOndyb25n",
        "Bearer x",
        "Basic " + "A" * 5000,
        "Basic /////w==",
    ],
)
def test_without_the_right_credentials_there_is_only_401(
    client: FlaskClient, path: str, header: str | None
) -> None:
    """Whatever the path, and whatever stands in the header, unknown callers learn nothing else."""
    answer = client.get(path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.get_json()["message"] == "Unauthorized access"
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_every_bad_parameter_is_named(client: FlaskClient) -> None:
    """All problems come in one answer, in the shape of v1.0 and as a list with pointers."""
    query = "sepal_length=x&petal_length=nan&petal_width=1&petal_width=2&colour=red"
    answer = client.get(f"/api/v1.0?{query}", auth=AUTH)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert list(body["message"]) == ["sepal_length", "sepal_width", "petal_length", "petal_width", "colour"]
    assert body["message"]["petal_length"] == (
        "Please provide petal_length data and make sure it is a 'float' type"
    )
    assert [one["pointer"] for one in body["errors"]] == [f"#/{name}" for name in body["message"]]
    assert body["errors"][0]["received"] == "x"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1.0/models/rose", 404),
        ("POST", "/api/v1.0", 405),
        ("DELETE", "/healthz", 405),
    ],
)
def test_other_errors_are_problems_too(client: FlaskClient, method: str, path: str, status: int) -> None:
    """404 and 405 have the same form, and 405 says what is allowed; all that with TESTING off."""
    assert not client.application.testing
    answer = client.open(path, method=method, auth=AUTH)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == status
    assert body["message"]
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/api/v1.0/status", "/healthz", "/readyz"])
def test_probes_need_no_sign_in(client: FlaskClient, path: str) -> None:
    """What a supervisor asks is open."""
    assert client.get(path).status_code == 200


def test_status_answers_pong(client: FlaskClient) -> None:
    """The status route keeps its exact answer."""
    assert client.get("/api/v1.0/status").get_json() == {"status": "success", "message": "pong!"}


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    """HEAD has the status and the length of GET, and no body."""
    head = client.head("/api/v1.0", query_string=ROW, auth=AUTH)
    get = client.get("/api/v1.0", query_string=ROW, auth=AUTH)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_options_tells_the_methods(client: FlaskClient) -> None:
    """OPTIONS needs no sign-in and says what a path can do."""
    answer = client.options("/api/v1.0")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_card_describes_the_model(client: FlaskClient) -> None:
    """The list names the default; the card has the schema and the six figures."""
    listed = client.get("/api/v1.0/models", auth=AUTH).get_json()
    assert listed["default"] == "iris"
    assert [(one["name"], one["runtime"], one["default"]) for one in listed["models"]] == [
        ("iris", "onnx", True)
    ]
    card = client.get("/api/v1.0/models/iris", auth=AUTH).get_json()
    assert [field["name"] for field in card["schema"]["fields"]] == list(ROW)
    assert set(card["figures"]) == {"precision", "recall", "accuracy", "auc", "f1", "seconds", "average"}
    assert card["figures"]["accuracy"] > 0.9


def test_a_well_formed_request_id_is_echoed(client: FlaskClient) -> None:
    """A caller's id comes back; one that could break a log line is replaced."""
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    replaced = client.get("/healthz", headers={"X-Request-ID": 'a"b c'}).headers["X-Request-ID"]
    assert replaced != 'a"b c'
    assert len(replaced) == 32


def test_a_log_line_has_no_query(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Each request is one JSON line with its id, user and route, and nothing of what was asked."""
    client.get("/api/v1.0", query_string=ROW, auth=AUTH, headers={"X-Request-ID": "abc-2"})
    (line,) = capsys.readouterr().out.splitlines()
    assert "sepal" not in line
    values = json.loads(line)
    assert (values["id"], values["status"], values["user"], values["route"]) == (
        "abc-2",
        200,
        "ada",
        "/api/v1.0",
    )
    assert values["seconds"] > 0


class Broken(Predictor):
    """A predictor with a fault that nobody foresaw."""

    def from_pairs(self, name: str, pairs: Iterable[tuple[str, str]], asking: Asking) -> Prediction:
        """Fail."""
        raise ZeroDivisionError("a secret of the inside")


def test_an_unforeseen_error_is_a_problem_without_its_trace(
    models_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is 500 with a sentence; the trace is in the log only."""
    parts = build_parts(read_settings(settings_for(models_dir, tmp_path)), Draining())
    app = create_app(replace(parts, predictor=Broken(parts.models)))
    answer = app.test_client().get("/api/v1.0", query_string=ROW, auth=AUTH)
    assert answer.status_code == 500
    assert answer.get_json()["title"] == "Internal Server Error"
    assert "secret" not in answer.text
    assert "a secret of the inside" in caplog.text


NAMES = st.sampled_from([*ROW, "colour", ""]) | st.text()
VALUES = (
    st.floats().map(repr) | st.text() | st.sampled_from(["1e400", "-0", "0x10", "1_0", "\u0661", " 5 ", "\0"])
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=8), signed_in=st.booleans())
def test_any_query_is_answered(client: FlaskClient, pairs: list[tuple[str, str]], signed_in: bool) -> None:
    """Any query string at all gets 200, 400 or 401, with valid JSON."""
    query = urlencode(pairs, errors="surrogatepass")
    answer = client.get(f"/api/v1.0?{query}", auth=AUTH if signed_in else None)
    assert answer.status_code in ({200, 400} if signed_in else {401})
    assert isinstance(json.loads(answer.data), dict)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.binary(max_size=60))
def test_any_bytes_are_answered(client: FlaskClient, query: bytes) -> None:
    """Bytes that are no text in any encoding are a problem like any other."""
    answer = client.get("/api/v1.0", auth=AUTH, environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert answer.status_code in {200, 400}
    assert isinstance(json.loads(answer.data), dict)


def test_answers_are_those_of_scikit_learn(client: FlaskClient) -> None:
    """2,000 random rows get the label of scikit-learn's own model and its probabilities to 1e-6."""
    features, classes = load_iris(return_X_y=True)
    training, _, training_classes, _ = train_test_split(
        features, classes, test_size=0.2, stratify=classes, random_state=0
    )
    estimator = GradientBoostingClassifier(random_state=0).fit(training, training_classes)
    random = np.random.default_rng(1)
    rows = np.vstack(
        [
            random.uniform(0, 9, (1500, 4)),
            random.normal(0, 10.0 ** random.integers(-9, 30, (500, 4)), (500, 4)),
        ]
    )
    labels = np.array(["Iris-Setosa", "Iris-Versicolour", "Iris-Virginica"])
    expected = labels[estimator.predict(rows)]
    probabilities = estimator.predict_proba(rows)
    for row, label, own in zip(rows.tolist(), expected, probabilities, strict=True):
        query = dict(zip(ROW, map(repr, row), strict=True))
        response = client.get("/api/v1.0", query_string=query, auth=AUTH).get_json()["response"]
        assert response["predicted_species"] == label
        assert np.abs([response[key] for key in KEYS] - own).max() <= 1e-6
