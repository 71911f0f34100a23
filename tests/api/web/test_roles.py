"""Who may do what: every route, every role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import Authorization
from werkzeug.security import generate_password_hash

from api.bootstrap.commands import build_users
from api.bootstrap.serving import build_app
from api.config import read_settings
from api.storage.users import Role
from api.web.auth import PUBLIC_PATHS
from api.web.draining import Draining
from api.web.roles import NEEDED, needed
from tests.api.web.conftest import AUTH, settings_for

# With little work, so that the tests do not wait for it.
QUICK = "pbkdf2:sha256:1"


@pytest.fixture(scope="module")
def house(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a user of each role, named for it."""
    settings = read_settings(settings_for(garden_dir, tmp_path_factory.mktemp("data")))
    for role in Role:
        build_users(settings).add(role, generate_password_hash("password", QUICK), role, by="test")
    return build_app(settings, Draining())


def routes(app: Flask) -> list[tuple[str, str]]:
    """Each method of each route."""
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method != "OPTIONS"
    )


def test_every_route_is_in_the_table(house: Flask) -> None:
    """Whoever adds a route has to say who may use it; until then only administrators may."""
    missing = [one for one in routes(house) if one[0] != "HEAD" and one not in NEEDED]
    assert missing == []
    assert needed("POST", "/nowhere") is Role.ADMIN


@pytest.mark.parametrize("role", list(Role))
def test_every_route_is_refused_to_who_has_not_the_role(house: Flask, role: Role) -> None:
    """403 names the role that is needed, on each route that needs more; on no other is it given."""
    client = house.test_client()
    auth = Authorization("basic", {"username": role, "password": "password"})
    tried = 0
    for method, rule in routes(house):
        path = rule.replace("<name>", "nothing").replace("<version>", "9").replace("<id>", "x")
        path = path.replace("<path:title>", "x").replace("<file>", "x")
        if path in PUBLIC_PATHS:
            continue
        answer = client.open(path, method=method, auth=auth)
        enough = role.may(needed(method, rule))
        assert (answer.status_code == 403) == (not enough), (method, rule, answer.text)
        assert answer.status_code != 401
        if not enough and method != "HEAD":
            body = answer.get_json()
            assert f"needs the role {needed(method, rule)}" in body.get("detail", body.get("error"))
        tried += 1
    assert tried > 30


@pytest.mark.parametrize(
    ("call", "who"),
    [
        (lambda client, auth: client.get("/api/v1.0/models", auth=auth), "predict"),
        (
            lambda client, auth: client.put(
                "/api/v1.0/models/iris/enabled", json={"version": "1"}, auth=auth
            ),
            "train",
        ),
    ],
)
def test_a_role_is_enough_for_its_own(house: Flask, call: Callable[..., object], who: str) -> None:
    """Who predicts reads, who trains enables; and the pair in the settings is an administrator."""
    for auth in (Authorization("basic", {"username": who, "password": "password"}), AUTH):
        answer = call(house.test_client(), auth)
        assert getattr(answer, "status_code", None) == 200


def test_what_a_user_does_is_noted_under_the_user_s_name(house: Flask) -> None:
    """The history of versions says who."""
    client = house.test_client()
    auth = Authorization("basic", {"username": "train", "password": "password"})
    client.put("/api/v1.0/models/iris/enabled", json={"version": "2"}, auth=auth)
    history = client.get("/api/v1.0/models/iris/versions", auth=auth).get_json()["history"]
    assert (history[0]["version"], history[0]["by"]) == ("2", "train")
