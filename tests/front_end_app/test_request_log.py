"""The log: one JSON line for each request, which never holds what was entered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from .fake_api import FakeApi


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Any:
    """A function that returns what has been logged since it was last called."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_request_is_one_line(client: FlaskClient, lines: Any) -> None:
    """Time, id, method, route, status and seconds."""
    response = client.get("/")
    (line,) = lines()
    assert set(line) == {"time", "id", "method", "route", "status", "seconds"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "/", 200)
    assert line["id"] == response.headers["X-Request-ID"]


def test_what_was_entered_is_not_logged(client: FlaskClient, api: FakeApi, lines: Any) -> None:
    """Neither for an answer, nor for bad input, nor when the API fails."""
    client.get("/prediction?sepal_length=5.4321")
    api.behave = lambda _: None
    client.get("/prediction?sepal_length=5.4321")
    assert "5.4321" not in json.dumps(logged := lines())
    assert [line["status"] for line in logged] == [400, 502]
    assert logged[1]["failure"].startswith("BrokenAnswer")


def test_a_route_is_logged_by_its_rule(client: FlaskClient, lines: Any) -> None:
    """The rule where there is one, else the path, shortened."""
    client.get("/static/0000/style.css")
    client.get("/nowhere/" + "x" * 500)
    known, unknown = lines()
    assert known["route"] == "/static/<digest>/<name>"
    assert unknown["route"].startswith("/nowhere/x")
    assert len(unknown["route"]) == 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123", True), ("a" * 128, True), ("a" * 129, False), ("a b", False), ('"}', False), ("", False)],
)
def test_a_well_formed_id_is_kept_and_passed_on(
    client: FlaskClient, api: FakeApi, lines: Any, given: str, kept: bool
) -> None:
    """One id leads through both services; one that could break a log is replaced."""
    response = client.get("/", headers={"X-Request-ID": given})
    (line,) = lines()
    assert (line["id"] == given) is kept
    assert response.headers["X-Request-ID"] == line["id"]
    assert {request.headers["X-Request-ID"] for request in api.received} == {line["id"]}
