"""Users and their tokens: let in, remembered, forgotten, refused."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Authorization
from werkzeug.security import generate_password_hash

from api.bootstrap.commands import build_users
from api.bootstrap.serving import build_app
from api.config import read_settings
from api.errors import StorageUnavailable
from api.storage.engine import make_tables, open_engine
from api.storage.users import Role, Users
from api.web.draining import Draining
from api.web.sign_in import SignIn, TooManyFailures, User
from api.web.tokens import Expired, Forged, Tokens
from tests.api.web.conftest import AUTH, settings_for
from tests.api.web.test_sign_in import Clock
from tests.services import DEADLINE

QUICK = "pbkdf2:sha256:1"
MODELS = "/api/v1.0/models"
TOKENS = "/api/v1.0/tokens"
GRACE = Authorization("basic", {"username": "grace", "password": "a password"})


def hashed(password: str) -> str:
    """A hash that is quickly made."""
    return generate_password_hash(password, QUICK)


@pytest.fixture
def users(tmp_path: Path) -> Users:
    """The users: grace, who may train."""
    engine = open_engine("", tmp_path)
    make_tables(engine)
    users = Users(engine)
    users.add("grace", hashed("a password"), Role.TRAIN, by="test")
    return users


@pytest.fixture
def clock() -> Clock:
    """The clock that `sign_in` reads."""
    return Clock()


@pytest.fixture
def sign_in(users: Users, clock: Clock) -> SignIn:
    """Sign-in for ada of the settings and the users, which allows three failures a minute."""
    return SignIn("ada", "secret", 3, users, Tokens(lambda: users.key("tokens")), clock)


@pytest.fixture
def app(models_dir: Path, users: Users, tmp_path: Path) -> Flask:
    """The application with those users."""
    return build_app(read_settings(settings_for(models_dir, tmp_path)), Draining())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that has not signed in."""
    return app.test_client()


def test_a_user_signs_in_with_the_own_role(sign_in: SignIn) -> None:
    """The pair of the settings is an administrator, a user is what the table says; nobody else gets in."""
    assert sign_in.verify("ada", "secret", "::1") == User("ada", Role.ADMIN)
    assert sign_in.verify("grace", "a password", "::1") == User("grace", Role.TRAIN)
    for name, password in (("grace", "secret"), ("ada", "a password"), ("bob", "a password"), ("\0", "x")):
        assert sign_in.verify(name, password, "::1") is None


def test_a_user_of_the_settings_name_is_never_asked_for(sign_in: SignIn, users: Users) -> None:
    """Whoever writes such a row into the database is not let in by it."""
    users.add("ada", hashed("other password"), Role.PREDICT, by="test")
    assert sign_in.verify("ada", "other password", "::1") is None


def test_what_was_right_is_remembered_until_a_user_changes(sign_in: SignIn, users: Users) -> None:
    """The old password is good until the change is noticed, and not a moment longer."""
    assert sign_in.verify("grace", "a password", "::1")
    users.set_password("grace", hashed("another one"), by="test")
    assert sign_in.verify("grace", "a password", "::1")
    sign_in.forget()
    assert sign_in.verify("grace", "a password", "::1") is None
    assert sign_in.verify("grace", "another one", "::1")


def test_a_change_between_look_up_and_memory_is_not_missed(sign_in: SignIn, users: Users) -> None:
    """Somebody whose password changes while it is looked at is not remembered."""
    find = users.find

    def changed_meanwhile(name: str) -> Any:
        found = find(name)
        users.set_password("grace", hashed("another one"), by="test")
        sign_in.forget()
        return found

    users.find = changed_meanwhile  # type: ignore[method-assign]  # the moment cannot be met otherwise
    assert sign_in.verify("grace", "a password", "::1")
    users.find = find  # type: ignore[method-assign]  # as it was
    assert sign_in.verify("grace", "a password", "::1") is None


def test_a_disabled_user_is_not_let_in(sign_in: SignIn, users: Users) -> None:
    """Neither by password nor by token, until the user is enabled again, and the old token never is."""
    token = sign_in.token_for(User("grace", Role.TRAIN))
    assert token is not None
    users.set_disabled("grace", True, by="test")
    assert sign_in.verify("grace", "a password", "::1") is None
    assert sign_in.verify_token(token.text, "::1") is None
    assert sign_in.token_for(User("grace", Role.TRAIN)) is None
    users.set_disabled("grace", False, by="test")
    assert sign_in.verify("grace", "a password", "::1")
    assert sign_in.verify_token(token.text, "::1") is None


def test_a_token_is_its_user_with_the_role_of_now(sign_in: SignIn, users: Users) -> None:
    """The role is looked up, not carried."""
    token = sign_in.token_for(User("grace", Role.TRAIN))
    assert token is not None
    assert sign_in.verify_token(token.text, "::1") == User("grace", Role.TRAIN)
    users.set_role("grace", Role.PREDICT, by="test")
    sign_in.forget()
    assert sign_in.verify_token(token.text, "::1") == User("grace", Role.PREDICT)


def test_a_token_ends_with_the_password(sign_in: SignIn, users: Users) -> None:
    """Of a user and of the pair in the settings."""
    grace, ada = (
        sign_in.token_for(User("grace", Role.TRAIN)),
        sign_in.token_for(User("ada", Role.ADMIN)),
    )
    assert grace is not None
    assert ada is not None
    users.set_password("grace", hashed("another one"), by="test")
    other = SignIn("ada", "another secret", 3, users, Tokens(lambda: users.key("tokens")))
    assert other.verify_token(grace.text, "::1") is None
    assert other.verify_token(ada.text, "::1") is None
    assert sign_in.verify_token(ada.text, "::1") == User("ada", Role.ADMIN)


def test_tokens_are_read_by_every_process_and_by_no_other_service(users: Users) -> None:
    """The key is made once and kept in the database; another service's tokens are forged here."""
    token = Tokens(lambda: users.key("tokens")).give("grace", "stamp").text
    assert Tokens(lambda: users.key("tokens")).read(token).name == "grace"
    for forged in (Tokens(lambda: "another").give("grace", "stamp").text, token[:-1], "", "a.b.c", "ä" * 10):
        with pytest.raises(Forged):
            Tokens(lambda: users.key("tokens")).read(forged)
    with pytest.raises(Expired):
        Tokens(lambda: users.key("tokens"), seconds=-1).read(token)


def test_wrong_tokens_are_counted(sign_in: SignIn) -> None:
    """After three forged ones within a minute no token from there is looked at."""
    token = sign_in.token_for(User("grace", Role.TRAIN))
    assert token is not None
    for _ in range(3):
        assert sign_in.verify_token("forged", "10.0.0.1") is None
    with pytest.raises(TooManyFailures):
        sign_in.verify_token(token.text, "10.0.0.1")
    assert sign_in.verify_token(token.text, "10.0.0.2")
    assert sign_in.verify("grace", "a password", "10.0.0.1")


def test_a_user_who_guesses_is_stopped(sign_in: SignIn) -> None:
    """Users' passwords are guarded as the one in the settings is."""
    for _ in range(3):
        assert sign_in.verify("grace", "wrong", "10.0.0.1") is None
    with pytest.raises(TooManyFailures):
        sign_in.verify("grace", "a password", "10.0.0.1")


def test_without_the_database_the_pair_of_the_settings_gets_in(tmp_path: Path) -> None:
    """A user cannot be looked up then: that is the service's trouble, and no wrong password."""
    users = Users(open_engine("", tmp_path / "away"))
    sign_in = SignIn("ada", "secret", 3, users, Tokens(lambda: users.key("tokens")))
    assert sign_in.verify("ada", "secret", "::1")
    with pytest.raises(StorageUnavailable):
        sign_in.verify("grace", "a password", "::1")


def test_a_token_is_given_for_a_password_and_signs_in(client: FlaskClient) -> None:
    """It says until when it is good, and whose it is; it is not in a URL, and not given for a token."""
    answer = client.post(TOKENS, auth=GRACE)
    assert answer.status_code == 201
    body = answer.get_json()
    assert (body["name"], body["role"]) == ("grace", "train")
    assert datetime.fromisoformat(body["expires_at"]) > datetime.now(UTC)
    assert answer.headers["Cache-Control"] == "no-store"
    bearer = {"Authorization": f"Bearer {body['token']}"}
    assert client.get(MODELS, headers=bearer).status_code == 200
    for refused in (client.post(TOKENS, headers=bearer), client.post(TOKENS)):
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic")
    assert client.post(TOKENS, auth=AUTH).get_json()["role"] == "admin"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Bearer ä", "bearer a.b.c", "Bearer a b"]
)
def test_what_is_no_token_is_401(client: FlaskClient, header: str) -> None:
    """Whatever stands there."""
    answer = client.get(MODELS, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.get_json()["message"] == "Unauthorized access"


def test_a_changed_password_is_followed(client: FlaskClient, models_dir: Path, tmp_path: Path) -> None:
    """The command line changes it in another process, and the service lets the old one in no more."""
    token = {"Authorization": f"Bearer {client.post(TOKENS, auth=GRACE).get_json()['token']}"}
    assert client.get(MODELS, auth=GRACE).status_code == 200
    assert client.get(MODELS, headers=token).status_code == 200
    settings = read_settings(settings_for(models_dir, tmp_path))
    build_users(settings).set_password("grace", hashed("another one"), by="test")
    deadline = time.monotonic() + DEADLINE
    while client.get(MODELS, auth=GRACE).status_code != 401:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert client.get(MODELS, headers=token).status_code == 401
