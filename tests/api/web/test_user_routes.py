"""Users over HTTP: an administrator adds, changes and lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Authorization

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

USERS = "/api/v1.0/users"
NEW = {"name": "grace", "password": "a long password", "role": "train"}


@pytest.fixture
def client(models_dir: Path, tmp_path: Path) -> FlaskClient:
    """A client of an application without users."""
    return build_app(read_settings(settings_for(models_dir, tmp_path)), Draining()).test_client()


def auth(password: str = NEW["password"]) -> Authorization:
    """What grace signs in with."""
    return Authorization("basic", {"username": "grace", "password": password})


def test_a_user_is_added_and_may_do_what_the_role_says(client: FlaskClient) -> None:
    """201 with a Location that shows the user, never the password; the user may sign in at once."""
    assert client.get(USERS, auth=AUTH).get_json() == {"users": []}
    answer = client.post(USERS, json=NEW, auth=AUTH)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"].endswith(f"{USERS}/grace")
    found = client.get(answer.headers["Location"], auth=AUTH).get_json()
    assert found == answer.get_json()
    assert (found["name"], found["role"], found["disabled"]) == ("grace", "train", False)
    assert set(found) == {"name", "role", "made_at", "disabled"}
    assert client.get(USERS, auth=AUTH).get_json() == {"users": [found]}
    assert client.get("/api/v1.0/training", auth=auth()).status_code == 200
    refused = client.get(USERS, auth=auth())
    assert refused.status_code == 403
    assert "needs the role admin" in refused.get_json()["detail"]


def test_without_a_role_a_user_predicts(client: FlaskClient) -> None:
    """The least that is useful."""
    answer = client.post(USERS, json={"name": "bob", "password": "a long password"}, auth=AUTH)
    assert answer.get_json()["role"] == "predict"


def test_a_change_holds_at_once(client: FlaskClient) -> None:
    """Password, role and being let in, each by itself and together; what was remembered is forgotten."""
    client.post(USERS, json=NEW, auth=AUTH)
    one = f"{USERS}/grace"
    assert client.get("/api/v1.0/models", auth=auth()).status_code == 200
    assert client.patch(one, json={"password": "another password"}, auth=AUTH).status_code == 200
    assert client.get("/api/v1.0/models", auth=auth()).status_code == 401
    assert client.get("/api/v1.0/models", auth=auth("another password")).status_code == 200
    changed = client.patch(one, json={"role": "admin", "disabled": False}, auth=AUTH)
    assert changed.get_json()["role"] == "admin"
    assert client.get(USERS, auth=auth("another password")).status_code == 200
    assert client.patch(one, json={"disabled": True}, auth=AUTH).get_json()["disabled"] is True
    assert client.get("/api/v1.0/models", auth=auth("another password")).status_code == 401


@pytest.mark.parametrize(
    ("route", "body", "status", "sentence"),
    [
        ("POST ", {"name": "grace", "password": "short"}, 400, "8 to 1000 characters"),
        ("POST ", {"name": "grace", "password": "\ud800" * 9}, 400, "half of a character"),
        ("POST ", {"name": "a b", "password": "a long password"}, 400, "will not do"),
        ("POST ", {"name": "", "password": "a long password"}, 400, "will not do"),
        ("POST ", {"name": "grace"}, 400, '"password" is missing'),
        ("POST ", NEW | {"role": "king", "age": 7}, 400, "'age' is not one of"),
        ("POST ", NEW | {"role": "king", "age": 7}, 400, "one of predict, train, admin"),
        ("POST ", NEW | {"role": None}, 400, '"role" must be a text'),
        ("POST ", NEW | {"disabled": True}, 400, '"disabled" must be false'),
        ("POST ", NEW | {"name": "ada"}, 409, "'ada' already"),
        ("POST ", [NEW], 400, "must be an object"),
        ("PATCH /grace", {"role": "train"}, 404, "no user named 'grace'"),
        ("PATCH /gr%00ace", {"role": "train"}, 404, "no user named"),
        ("PATCH /ada", {"role": "predict"}, 404, "no user named 'ada'"),
        ("PATCH /grace", {}, 400, "one of password, role, disabled"),
        ("PATCH /grace", {"disabled": 1}, 400, "true or false"),
        ("GET /grace", None, 404, "no user named 'grace'"),
    ],
)
def test_what_will_not_do_is_refused_with_a_sentence(
    client: FlaskClient, route: str, body: Any, status: int, sentence: str
) -> None:
    """And nobody is added or changed."""
    method, path = route.split(" ")
    answer = client.open(f"{USERS}{path}", method=method, json=body, auth=AUTH)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert sentence in answer.get_json()["detail"]
    assert client.get(USERS, auth=AUTH).get_json() == {"users": []}


def test_a_name_is_taken_once(client: FlaskClient) -> None:
    """409, and the first one's password stays."""
    assert client.post(USERS, json=NEW, auth=AUTH).status_code == 201
    assert client.post(USERS, json=NEW | {"password": "a longer password"}, auth=AUTH).status_code == 409
    assert client.get("/api/v1.0/models", auth=auth()).status_code == 200
