"""Feedback over HTTP: what turned out to be true, kept by row, and the figures it makes in health."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.web.conftest import AUTH
from tests.api.web.test_record import PREDICT, RECORD, ROW, client_of, rows

FLOWERS = ("Iris-Setosa", "Iris-Versicolour", "Iris-Virginica")
HEALTH = "/api/v1.0/models/iris/health"


@pytest.fixture
def client(garden_dir: Path, tmp_path: Path) -> FlaskClient:
    """A client of a service on every kind of model, with an empty record."""
    return client_of(garden_dir, tmp_path)


def asked(client: FlaskClient, count: int = 1, path: str = PREDICT, row: dict[str, Any] | None = None) -> str:
    """The id of a request of so many rows, once it is on record."""
    answer = client.post(path, json={"instances": [row or ROW] * count}, auth=AUTH)
    assert answer.status_code == 200, answer.text
    id: str = answer.get_json()["id"]
    rows(client, count, f"{RECORD}/{id}")
    return id


def give(client: FlaskClient, id: str, body: Any, status: int = 201) -> dict[str, Any]:
    """Give feedback, and what was answered."""
    answer = client.post(f"{RECORD}/{id}/feedback", json=body, auth=AUTH)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_truth_is_kept_beside_the_answer(client: FlaskClient) -> None:
    """Who told it and when; asked for again it is the same, and health counts it."""
    id = asked(client)
    assert client.get(f"{RECORD}/{id}/feedback", auth=AUTH).get_json() == {"id": id, "rows": []}
    assert client.get(HEALTH, auth=AUTH).get_json()["in_use"] == {"rows": 0, "figures": None}
    told = give(client, id, {"truth": FLOWERS[0]})
    (row,) = told["rows"]
    assert (row["row"], row["answer"], row["truth"], row["user"]) == (0, FLOWERS[0], FLOWERS[0], "ada")
    assert client.get(f"{RECORD}/{id}/feedback", auth=AUTH).get_json() == told
    found = client.get(HEALTH, auth=AUTH).get_json()["in_use"]
    assert found["rows"] == 1
    assert (found["figures"]["accuracy"], found["figures"]["f1"]) == (1.0, 1.0)


def test_the_last_word_counts(client: FlaskClient) -> None:
    """Told otherwise, a row counts once and as it was told last."""
    id = asked(client)
    give(client, id, {"truth": FLOWERS[0]})
    give(client, id, {"rows": [{"row": 0, "truth": FLOWERS[2]}]})
    found = client.get(HEALTH, auth=AUTH).get_json()["in_use"]
    assert (found["rows"], found["figures"]["accuracy"]) == (1, 0.0)


def test_rows_of_a_request_are_told_of_by_number(client: FlaskClient) -> None:
    """In any order, also the last of many; the others stay untold."""
    id = asked(client, 300)
    given = [{"row": 299, "truth": FLOWERS[0]}, {"row": 7, "truth": FLOWERS[1]}]
    give(client, id, {"rows": given})
    told = client.get(f"{RECORD}/{id}/feedback", auth=AUTH).get_json()["rows"]
    assert [(row["row"], row["truth"]) for row in told] == [(7, FLOWERS[1]), (299, FLOWERS[0])]
    assert client.get(HEALTH, auth=AUTH).get_json()["in_use"]["figures"]["accuracy"] == 0.5


def test_a_regressor_is_told_values(client: FlaskClient) -> None:
    """Figures are a regressor's; a text is no value."""
    known = client.get("/api/v1.0/models/height", auth=AUTH).get_json()
    row = {field["name"]: field["example"] for field in known["schema"]["fields"]}
    id = asked(client, 1, "/api/v1.0/models/height/predict", row)
    refused = give(client, id, {"truth": "tall"}, 400)
    assert refused["errors"][0]["pointer"] == "#/rows/0/truth"
    assert "must be a number" in refused["detail"]
    give(client, id, {"truth": 17})
    found = client.get("/api/v1.0/models/height/health", auth=AUTH).get_json()["in_use"]
    assert found["rows"] == 1
    answer = rows(client, 1, f"{RECORD}/{id}")[0]["answer"]
    assert found["figures"]["mean_absolute_error"] == pytest.approx(abs(answer - 17))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"truth": "Rose"}, f"The truth must be one of {', '.join(FLOWERS)}."),
        ({"truth": 1}, "The truth must be one of"),
        ({"truth": None}, "The truth must be one of"),
        ({"rows": [{"row": 5, "truth": FLOWERS[0]}]}, "is not on record"),
        ({"rows": [{"row": 0, "truth": FLOWERS[0]}] * 2}, "comes twice"),
        ({"rows": [{"row": True, "truth": FLOWERS[0]}]}, "whole number from 0 on"),
        ({"rows": [{"row": 10**30, "truth": FLOWERS[0]}]}, "whole number from 0 on"),
        ({"rows": [{"truth": FLOWERS[0]}]}, "number 0 is none"),
        ({"rows": []}, "with up to 1000 rows"),
        ({"truth": FLOWERS[0], "rows": []}, "The body must be"),
        ([], "The body must be"),
    ],
)
def test_what_does_not_fit_is_refused_whole(client: FlaskClient, body: Any, sentence: str) -> None:
    """400 with a sentence, and nothing is kept."""
    id = asked(client)
    assert sentence in give(client, id, body, 400)["detail"]
    assert client.get(f"{RECORD}/{id}/feedback", auth=AUTH).get_json()["rows"] == []


def test_every_row_that_does_not_fit_is_named(client: FlaskClient) -> None:
    """All at once, each by its place in the body."""
    id = asked(client, 3)
    given = [{"row": 0, "truth": "Rose"}, {"row": 1, "truth": FLOWERS[0]}, {"row": 9, "truth": FLOWERS[0]}]
    errors = give(client, id, {"rows": given}, 400)["errors"]
    assert [error["pointer"] for error in errors] == ["#/rows/0/truth", "#/rows/2/row"]


@pytest.mark.parametrize("id", ["nothing", "a%00b"])
def test_what_is_not_on_record_has_no_truth(client: FlaskClient, id: str) -> None:
    """404, to tell and to ask."""
    give(client, id, {"truth": FLOWERS[0]}, 404)
    assert client.get(f"{RECORD}/{id}/feedback", auth=AUTH).status_code == 404
