"""Fraud over HTTP: fraud or not, the probability, the threshold and the strongest reasons."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

PREDICT = "/api/v1.0/models/fraud/predict"
SWEEP = {
    "step": 27,
    "type": "TRANSFER",
    "amount": 9074.81,
    "oldbalanceOrg": 9074.81,
    "oldbalanceDest": 0.0,
}
COFFEE = {"step": 37, "type": "PAYMENT", "amount": 3.2, "oldbalanceOrg": 1480.2}


@pytest.fixture(scope="module")
def client(fraud_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application with the fraud model alone."""
    environ = settings_for(fraud_dir, tmp_path_factory.mktemp("data")) | {"DEFAULT_MODEL": "fraud"}
    return build_app(read_settings(environ), Draining()).test_client()


def test_a_post_answers_all_of_it(client: FlaskClient) -> None:
    """Each prediction has its own reasons, the threshold stands once."""
    answer = client.post(PREDICT, json={"instances": [SWEEP, COFFEE]}, auth=AUTH).get_json()
    assert list(answer) == ["predictions", "id", "model", "version", "threshold"]
    sweep, coffee = answer["predictions"]
    assert (sweep["predicted_fraud"], coffee["predicted_fraud"]) == ("fraud", "legitimate")
    assert sweep["prob_fraud"] >= answer["threshold"] > coffee["prob_fraud"]
    assert sweep["reasons"][0]["field"] == "amount"
    assert sweep["reasons"][0]["sentence"].endswith("speaks for fraud")
    assert len(sweep["reasons"]) <= 5


def test_a_get_answers_all_of_it(client: FlaskClient) -> None:
    """By the model's own route and as the default model."""
    for path in (PREDICT, "/api/v1.0"):
        body = client.get(path, query_string=SWEEP, auth=AUTH).get_json()
        assert list(body) == ["response", "id", "model", "version", "threshold", "reasons"]
        assert body["response"]["predicted_fraud"] == "fraud"
        assert body["reasons"]


def test_a_csv_is_answered_by_the_threshold_and_without_reasons(client: FlaskClient) -> None:
    """Its columns are those of every model."""
    header, row = ",".join(SWEEP), ",".join(str(value) for value in SWEEP.values())
    answer = client.post(PREDICT, data=f"{header}\n{row}\n", content_type="text/csv", auth=AUTH)
    first, second = answer.text.splitlines()
    assert first == f"{header},predicted_fraud,prob_legitimate,prob_fraud"
    assert second.split(",")[5] == "fraud"


def test_the_document_tells_of_reasons_and_threshold(client: FlaskClient) -> None:
    """In the schema of both answers."""
    document = client.get("/openapi.json", auth=AUTH).get_json()
    path = document["paths"][PREDICT]
    one = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert {"threshold", "reasons"} <= set(one["properties"])
    assert "threshold" in one["required"]
    many = path["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert "threshold" in many["properties"]


def test_a_type_that_is_none_is_refused(client: FlaskClient) -> None:
    """With the types there are."""
    answer = client.get(PREDICT, query_string=SWEEP | {"type": "LOAN"}, auth=AUTH)
    assert answer.status_code == 400
    assert "CASH_OUT" in answer.get_json()["errors"][0]["detail"]
