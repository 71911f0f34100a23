"""Many rows in one request: JSON and CSV, and every way of getting them wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

PATH = "/api/v1.0/models/iris/predict"
ROW = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
CSV = "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n"


def test_one_row_by_name_is_as_the_default(client: FlaskClient) -> None:
    """The model by its name answers a query as the default route does, but for the id."""
    named = client.get(PATH, query_string=ROW, auth=AUTH).get_json()
    default = client.get("/api/v1.0", query_string=ROW, auth=AUTH).get_json()
    assert named | {"id": ""} == default | {"id": ""}


def test_instances_are_answered_in_order(client: FlaskClient) -> None:
    """Each object gets the answer it would get alone."""
    other = {"sepal_length": 6.3, "sepal_width": 3.3, "petal_length": 6, "petal_width": 2.5}
    body = client.post(PATH, json={"instances": [ROW, other]}, auth=AUTH).get_json()
    alone = [client.get(PATH, query_string=row, auth=AUTH).get_json()["response"] for row in (ROW, other)]
    assert body["predictions"] == alone
    assert (body["model"], body["version"]) == ("iris", "1")
    assert body["id"]


def test_many_answers_are_written_as_json_is(client: FlaskClient) -> None:
    """The text, which is put together by columns, is the one that the standard library writes."""
    rows = [ROW | {"petal_length": length / 7} for length in range(1, 50)]
    answer = client.post(PATH, json={"instances": rows}, auth=AUTH)
    assert answer.get_data() == json.dumps(answer.get_json()).encode() + b"\n"


@pytest.mark.parametrize(
    "text", ["[1, 2", '{"instances": [NaN]}', '"\\ud800"', "[" * 5000, "\ufeff{", "{'a': 1}"]
)
def test_what_is_no_json_is_said_as_ever(client: FlaskClient, text: str) -> None:
    """A body that the fast reader refuses is read once more, and what is wrong is named."""
    answer = client.post(PATH, data=text, content_type="application/json", auth=AUTH)
    assert answer.status_code == 400
    assert "The body" in answer.get_json()["detail"]


def test_a_hundred_thousand_rows_are_answered(client: FlaskClient) -> None:
    """The largest batch that is allowed is answered whole."""
    body = client.post(PATH, json={"instances": [ROW] * 100_000}, auth=AUTH).get_json()
    assert len(body["predictions"]) == 100_000


def test_bad_values_are_pointed_at(client: FlaskClient) -> None:
    """The pointer leads to the value in the body, as RFC 6901 writes it."""
    answer = client.post(PATH, json={"instances": [ROW, ROW | {"sepal_length": "x", "a/b": 1}]}, auth=AUTH)
    assert answer.status_code == 400
    body = answer.get_json()
    assert [one["pointer"] for one in body["errors"]] == [
        "#/instances/1/sepal_length",
        "#/instances/1/a~1b",
    ]
    assert body["message"] == body["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ('{"instances": [NaN]}', "NaN is no JSON value"),
        ("[" * 100_000, "is nested too deeply"),
        (f'{{"instances": [{{"sepal_length": {"9" * 5000}}}]}}', "is not JSON"),
        ("[]", "must be the object"),
        ('{"rows": []}', "must be the object"),
        ('{"instances": []}', "a list of 1 to 100000 objects"),
        ('{"instances": {}}', "a list of 1 to 100000 objects"),
        ('{"instances": [1]}', "number 0 is none"),
        ('{"instances": [{}]}', "4 values do not fit. In row 0: Sepal length is missing"),
    ],
)
def test_a_body_that_is_wrong_is_refused_with_a_sentence(client: FlaskClient, body: str, words: str) -> None:
    """Whatever the body is, the answer is 400 and says what is wrong with it."""
    answer = client.post(PATH, data=body, content_type="application/json", auth=AUTH)
    assert answer.status_code == 400
    assert words in answer.get_json()["detail"]


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/xml", "multipart/form-data"])
def test_another_content_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    """What is neither JSON nor CSV is refused by its type, with the types that would do."""
    answer = client.post(PATH, data=b"x", content_type=content_type, auth=AUTH)
    assert answer.status_code == 415
    assert "application/json or as text/csv" in answer.get_json()["detail"]


@pytest.fixture
def narrow(models_dir: Path, tmp_path: Path) -> FlaskClient:
    """A service that reads a megabyte at most of either kind."""
    environ = settings_for(models_dir, tmp_path) | {"MOST_JSON_MB": "1", "MOST_CSV_MB": "1"}
    return build_app(read_settings(environ), Draining()).test_client()


@pytest.mark.parametrize("content_type", ["application/json", "text/csv"])
def test_a_body_that_is_too_long_is_413(narrow: FlaskClient, content_type: str) -> None:
    """A body over the limit is refused as such."""
    body = CSV + "5.1,3.5,1.4,0.2\n" * 100_000
    answer = narrow.post(PATH, data=body, content_type=content_type, auth=AUTH)
    assert answer.status_code == 413


def post_csv(client: FlaskClient, text: str, query: str = "") -> Any:
    """Send a CSV."""
    return client.post(PATH + query, data=text.encode(), content_type="text/csv", auth=AUTH)


def test_a_csv_comes_back_with_answers(client: FlaskClient) -> None:
    """The answer is a CSV of a known length, and says which version gave it."""
    answer = post_csv(client, CSV)
    assert answer.content_type == "text/csv; charset=utf-8"
    header, row = answer.text.splitlines()
    assert header.endswith("predicted_species,prob_setosa,prob_versicolour,prob_virginica")
    assert row.startswith("5.1,3.5,1.4,0.2,Iris-Setosa,0.99")
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Bouquet-Model"] == "iris 1"


def test_bad_cells_of_a_csv_are_listed(client: FlaskClient) -> None:
    """Row, column and reason of each; rows are counted from the first under the header."""
    answer = post_csv(client, CSV + "1,x,1,1\n1,1\n")
    assert answer.status_code == 400
    body = answer.get_json()
    assert [(one["row"], one["column"]) for one in body["errors"]] == [(2, "sepal_width"), (3, None)]
    assert "?on_error=skip" in body["detail"]


def test_bad_rows_of_a_csv_can_be_scored_around(client: FlaskClient) -> None:
    """With on_error=skip the answer is 200, and the bad row says why it has none."""
    answer = post_csv(client, CSV + "1,x,1,1\n", "?on_error=skip")
    assert answer.status_code == 200
    assert answer.text.splitlines()[2] == "1,x,1,1,,,,,\"Sepal width must be a number, not 'x'.\""


def test_another_way_with_errors_is_refused(client: FlaskClient) -> None:
    """A misspelt on_error is not taken for one of the two."""
    assert post_csv(client, CSV, "?on_error=ignore").status_code == 400


def test_a_csv_that_is_none_is_a_problem(client: FlaskClient) -> None:
    """Bytes in another encoding are refused with a sentence."""
    answer = client.post(PATH, data=CSV.encode() + b"\xff,1,1,1\n", content_type="text/csv", auth=AUTH)
    assert answer.status_code == 400
    assert "not text in UTF-8" in answer.get_json()["detail"]
    assert json.loads(answer.data)["status"] == 400


def test_a_byte_order_mark_is_no_part_of_the_header(client: FlaskClient) -> None:
    """A CSV as a spreadsheet saves it is read."""
    assert post_csv(client, "\ufeff" + CSV).status_code == 200
