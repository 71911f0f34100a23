"""The record over HTTP: every route that answers is on it, and it is read back as it was written."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.bootstrap.serving import build_app, build_parts
from api.config import read_settings
from api.errors import StorageUnavailable
from api.predictions.read_back import Page, ReadBack
from api.storage.predictions import Place, Wanted
from api.web.app import create_app
from api.web.draining import Draining
from api.web.resources import predictions
from tests.api.web.conftest import AUTH, settings_for
from tests.services import DEADLINE

RECORD = "/api/v1.0/predictions"
PREDICT = "/api/v1.0/models/iris/predict"
ROW = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
HEADER = ",".join(ROW)
GOOD = ",".join(map(str, ROW.values()))


def client_of(models: Path, folder: Path, **settings: str) -> FlaskClient:
    """A client of a service with a record of its own."""
    return build_app(read_settings(settings_for(models, folder) | settings), Draining()).test_client()


@pytest.fixture
def client(garden_dir: Path, tmp_path: Path) -> FlaskClient:
    """A client of a service on every kind of model, with an empty record."""
    return client_of(garden_dir, tmp_path)


def page(client: FlaskClient, path: str = RECORD, **query: Any) -> dict[str, Any]:
    """A page of the record."""
    answer = client.get(path, query_string=query, auth=AUTH)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def rows(client: FlaskClient, count: int, path: str = RECORD, **query: Any) -> list[dict[str, Any]]:
    """The rows on record, once there are so many."""
    deadline = time.monotonic() + DEADLINE
    while True:
        answer = client.get(path, query_string=query | {"limit": 1000}, auth=AUTH)
        found = answer.get_json().get("predictions", [])
        if len(found) >= count:
            assert len(found) == count
            return list(found)
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def health(client: FlaskClient) -> dict[str, Any]:
    """The health of iris."""
    return page(client, "/api/v1.0/models/iris/health")


def send_csv(client: FlaskClient, *lines: str, query: str = "") -> Any:
    """The answer to a CSV of iris."""
    body = "\n".join([HEADER, *lines, ""])
    return client.post(f"{PREDICT}{query}", data=body, content_type="text/csv", auth=AUTH)


def test_one_row_is_on_record_under_its_id(client: FlaskClient) -> None:
    """Who asked what of which version, by which route, and what the answer was."""
    answered = client.get(PREDICT, query_string=ROW, auth=AUTH).get_json()
    (row,) = rows(client, 1, f"{RECORD}/{answered['id']}")
    assert 0 < row.pop("seconds") < DEADLINE
    assert row.pop("time").endswith("Z")
    response = answered["response"]
    labels = {"Iris-Setosa": "setosa", "Iris-Versicolour": "versicolour", "Iris-Virginica": "virginica"}
    assert row == {
        "id": answered["id"],
        "row": 0,
        "model": "iris",
        "version": "2",
        "user": "ada",
        "route": "/api/v1.0/models/<name>/predict",
        "inputs": ROW,
        "answer": response["predicted_species"],
        "probabilities": {label: response[f"prob_{key}"] for label, key in labels.items()},
    }


def test_every_route_that_answers_is_on_record(client: FlaskClient, jobs_dir: Path, tmp_path: Path) -> None:
    """One row and many, JSON and CSV, the inference protocol, and the similar-jobs model's own route."""
    ids = [client.get("/api/v1.0", query_string=ROW, auth=AUTH).get_json()["id"]]
    ids.append(client.get(PREDICT, query_string=ROW, auth=AUTH).get_json()["id"])
    ids.append(client.post(PREDICT, json={"instances": [ROW]}, auth=AUTH).get_json()["id"])
    ids.append(send_csv(client, GOOD).headers["Bouquet-Prediction"])
    tensor = {"name": "predict", "shape": [1, 4], "datatype": "FP64", "data": list(ROW.values())}
    asked = {"id": "mine", "inputs": [tensor]}
    for path in ("/v2/models/iris/infer", "/v2/models/iris/versions/1/infer"):
        answer = client.post(path, json=asked, auth=AUTH)
        assert answer.get_json()["id"] == "mine"
        ids.append(answer.headers["Bouquet-Prediction"])
    found = rows(client, 6)
    assert {row["id"]: row["route"] for row in found} == dict(
        zip(
            ids,
            [
                "/api/v1.0",
                *["/api/v1.0/models/<name>/predict"] * 3,
                "/v2/models/<name>/infer",
                "/v2/models/<name>/versions/<version>/infer",
            ],
            strict=True,
        )
    )
    assert [row["version"] for row in found if row["id"] == ids[-1]] == ["1"]
    assert [row["inputs"] for row in found] == [ROW] * 6

    jobs = client_of(jobs_dir, tmp_path / "jobs")
    experience = [{"description": "I fix leaking taps", "years": 2}]
    ranked = jobs.post("/model/similar_jobs?top=3", json={"experience": experience}, auth=AUTH).get_json()
    (row,) = rows(jobs, 1, f"{RECORD}/{ranked['id']}")
    assert row["inputs"] == {"experience": [{"description": "I fix leaking taps", "title": "", "years": 2.0}]}
    first = ranked["results"][0]
    assert row["answer"] == first["title"]
    assert row["probabilities"][first["title"]] == first["probability"]


def test_a_refused_csv_is_not_on_record(client: FlaskClient) -> None:
    """One bad cell in the last chunk, and none of the rows before it was answered; skipped rows were not."""
    many = [GOOD] * 9000
    assert send_csv(client, *many, "x,3.5,1.4,0.2").status_code == 400
    skipped = send_csv(client, GOOD, "x,3.5,1.4,0.2", GOOD, query="?on_error=skip")
    assert skipped.status_code == 200
    found = rows(client, 2)
    assert [(row["id"], row["row"]) for row in found] == [
        (skipped.headers["Bouquet-Prediction"], 0),
        (skipped.headers["Bouquet-Prediction"], 2),
    ]


def test_what_was_refused_is_not_on_record(client: FlaskClient) -> None:
    """Neither a row that does not fit nor an unknown model leaves a trace."""
    client.get(PREDICT, query_string=ROW | {"sepal_length": "x"}, auth=AUTH)
    client.get("/api/v1.0/models/rose/predict", query_string=ROW, auth=AUTH)
    client.post(PREDICT, json={"instances": [ROW, {}]}, auth=AUTH)
    client.get(PREDICT, query_string=ROW, auth=AUTH)
    assert len(rows(client, 1)) == 1


@pytest.fixture(scope="module")
def filled(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of a service whose record has rows of three models, one at a time and 5,000 at once."""
    client = client_of(garden_dir, tmp_path_factory.mktemp("filled"))
    for number in range(250):
        client.get(PREDICT, query_string=ROW | {"petal_width": number / 100}, auth=AUTH)
    send_csv(client, *[GOOD] * 5000)
    client.get("/api/v1.0/models/meadow/predict", query_string={"soil": "clay", "watered": 1}, auth=AUTH)
    client.get("/api/v1.0/models/height/predict", query_string={"age": 3, "light": 5}, auth=AUTH)
    deadline = time.monotonic() + DEADLINE
    while health(client)["predictions"] < 5250 or not page(client, model="height")["predictions"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return client


def every(client: FlaskClient, limit: int, **query: Any) -> Iterator[dict[str, Any]]:
    """All rows, a page of `limit` at a time."""
    cursor: str | None = None
    while True:
        found = page(client, limit=limit, **query, **({"cursor": cursor} if cursor else {}))
        yield from found["predictions"]
        cursor = found["next"]
        if cursor is None:
            return
        assert len(found["predictions"]) == limit


@pytest.mark.parametrize("limit", [77, 999, 1000])
def test_pages_have_every_row_once(filled: FlaskClient, limit: int) -> None:
    """Newest first, and of one request from its first row on, whatever the size of a page."""
    found = list(every(filled, limit))
    assert len(found) == 5252
    assert len({(row["id"], row["row"]) for row in found}) == 5252
    assert [row["time"] for row in found] == sorted((row["time"] for row in found), reverse=True)
    assert [row["row"] for row in found[2:5002]] == list(range(5000))


def test_writing_moves_no_row_to_another_page(client: FlaskClient) -> None:
    """What is answered between two pages is on neither of them."""
    for _ in range(10):
        client.get(PREDICT, query_string=ROW, auth=AUTH)
    before = [row["id"] for row in rows(client, 10)]
    first = page(client, limit=5)
    for count in range(11, 14):
        client.get(PREDICT, query_string=ROW, auth=AUTH)
        rows(client, count)
    second = page(client, limit=5, cursor=first["next"])
    assert [row["id"] for row in (*first["predictions"], *second["predictions"])] == before
    assert second["next"] is None


def test_the_record_is_filtered(filled: FlaskClient) -> None:
    """By model, version, user and time, each end of it."""
    assert len(rows(filled, 1, model="meadow")) == 1
    assert rows(filled, 0, model="iris", version="1") == []
    assert rows(filled, 0, user="grace") == []
    newest, second = page(filled, limit=2)["predictions"]
    assert [row["id"] for row in page(filled, since=newest["time"])["predictions"]] == [newest["id"]]
    since = {"since": second["time"], "until": newest["time"]}
    assert [row["id"] for row in page(filled, **since)["predictions"]] == [second["id"]]
    assert page(filled, until="2001-01-01T01:00:00+02:00")["predictions"] == []


@pytest.mark.parametrize("how", [{"query_string": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}])
def test_the_record_comes_as_a_csv(filled: FlaskClient, how: dict[str, Any]) -> None:
    """All rows with a header, the same as in JSON, and sent as they are read."""
    answer = filled.get(RECORD, auth=AUTH, **how)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "Content-Length" not in answer.headers
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(found) == 5252
    expected = page(filled, limit=1000)["predictions"]
    for line, row in zip(found, expected, strict=False):
        for name in ("inputs", "probabilities"):
            assert json.loads(line.pop(name) or "null") == row.pop(name)
        assert line == {name: str(value) for name, value in row.items()}


def test_a_csv_of_one_request_has_its_limit(filled: FlaskClient) -> None:
    """The rows of one request, as many as are asked for."""
    id = page(filled, limit=5, model="iris")["predictions"][0]["id"]
    answer = filled.get(f"{RECORD}/{id}", query_string={"format": "csv", "limit": 3}, auth=AUTH)
    assert [line["row"] for line in csv.DictReader(io.StringIO(answer.text))] == ["0", "1", "2"]


def test_every_bad_parameter_is_named(client: FlaskClient) -> None:
    """All problems at once, each with what would be right."""
    query = "model=&limit=0&since=yesterday&cursor=x&format=xml&colour=red&user=%00&until=1&until=2"
    answer = client.get(f"{RECORD}?{query}", auth=AUTH)
    assert answer.status_code == 400
    errors = {one["pointer"]: one["expected"] for one in answer.get_json()["errors"]}
    assert list(errors) == [
        *("#/model", "#/limit", "#/since", "#/cursor", "#/format", "#/colour", "#/user", "#/until"),
    ]
    assert errors["#/limit"] == "a whole number from 1 to 1000"


@pytest.mark.parametrize(
    "cursor", ["20261120213344123456.x.1", "1.1.1", "%ff", "", "%00", "9" * 20 + "." + "f" * 36 + ".1%0a"]
)
def test_a_cursor_that_was_not_given_is_refused(client: FlaskClient, cursor: str) -> None:
    """Whatever somebody makes up is 400, and never an error of the database."""
    assert client.get(f"{RECORD}?cursor={cursor}", auth=AUTH).status_code == 400


@pytest.mark.parametrize("id", ["nobody", "%00", "é", "a" * 300])
def test_an_unknown_prediction_is_404(client: FlaskClient, id: str) -> None:
    """It says that one that was just answered takes a moment."""
    answer = client.get(f"{RECORD}/{id}", auth=AUTH)
    assert answer.status_code == 404
    assert "within two seconds" in answer.get_json()["detail"]


def test_nothing_is_recorded_where_that_is_switched_off(garden_dir: Path, tmp_path: Path) -> None:
    """An operator may decide that nothing is kept."""
    client = client_of(garden_dir, tmp_path, RECORD_PREDICTIONS="0")
    assert client.get(PREDICT, query_string=ROW, auth=AUTH).status_code == 200
    assert send_csv(client, GOOD).status_code == 200
    assert not (tmp_path / "spool").exists()
    assert page(client)["predictions"] == []


def test_an_answer_that_cannot_be_recorded_is_not_given(garden_dir: Path, tmp_path: Path) -> None:
    """503 with the time to try again, for one row and for a CSV; and it is given as soon as it can be."""
    (tmp_path / "spool").write_text("no folder")
    client = client_of(garden_dir, tmp_path)
    for answer in (client.get(PREDICT, query_string=ROW, auth=AUTH), send_csv(client, GOOD)):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "cannot be recorded" in answer.get_json()["detail"]
    (tmp_path / "spool").unlink()
    assert client.get(PREDICT, query_string=ROW, auth=AUTH).status_code == 200
    rows(client, 1)


def test_health_has_the_figures_and_counts_from_when_the_version_was_enabled(client: FlaskClient) -> None:
    """Each version's own answers count, of every route, and only those since it was enabled."""
    found = health(client)
    card = page(client, "/api/v1.0/models/iris")
    assert (found["model"], found["version"], found["predictions"]) == ("iris", "2", 0)
    assert found["figures"] == card["figures"]
    assert found["enabled_since"] == card["trained_at"]
    client.get(PREDICT, query_string=ROW, auth=AUTH)
    send_csv(client, *[GOOD] * 5)
    rows(client, 6)
    assert health(client)["predictions"] == 6
    client.put("/api/v1.0/models/iris/enabled", json={"version": "1"}, auth=AUTH)
    client.get(PREDICT, query_string=ROW, auth=AUTH)
    rows(client, 7)
    assert (health(client)["version"], health(client)["predictions"]) == ("1", 1)
    client.put("/api/v1.0/models/iris/enabled", json={"version": "2"}, auth=AUTH)
    assert (health(client)["version"], health(client)["predictions"]) == ("2", 0)
    assert health(client)["enabled_since"] > found["enabled_since"]


def test_the_health_of_an_unknown_model_is_404(client: FlaskClient) -> None:
    """As everything else of it."""
    assert client.get("/api/v1.0/models/rose/health", auth=AUTH).status_code == 404


class Broken(ReadBack):
    """A record whose database goes away after the first page, and does not come back."""

    def __init__(self, whole: ReadBack) -> None:
        self._whole = whole

    def page(self, wanted: Wanted, after: Place | None, most: int) -> Page:
        """The first page."""
        if after is not None:
            raise StorageUnavailable("gone")
        return self._whole.page(wanted, after, most)


def test_a_csv_that_breaks_off_says_so(
    garden_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last line is no row, and has the cursor to go on from: a stream's end alone would look whole."""
    monkeypatch.setattr(predictions, "_WAIT_SECONDS", 0)
    parts = build_parts(read_settings(settings_for(garden_dir, tmp_path)), Draining())
    client = create_app(replace(parts, record=Broken(parts.record))).test_client()
    send_csv(client, *[GOOD] * 2500)
    deadline = time.monotonic() + DEADLINE
    while health(client)["predictions"] < 2500:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    lines = client.get(RECORD, query_string={"format": "csv"}, auth=AUTH).text.splitlines()
    assert len(lines) == 1 + 1000 + 1
    found = re.fullmatch(r"incomplete: .* from (\S+) on", lines[-1])
    assert found
    rest = client_of(garden_dir, tmp_path).get(
        RECORD, query_string={"format": "csv", "cursor": found[1]}, auth=AUTH
    )
    assert len(rest.text.splitlines()) == 1 + 1500
