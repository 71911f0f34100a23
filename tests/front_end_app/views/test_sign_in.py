"""Signing in, being asked again when the time is up, and signing out."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from ..fake_api import FakeApi, Reply
from ..page import read_page
from ..training_samples import NAME, PASSWORD, TOKEN, TrainingHouse
from .house import SIGN_IN, hidden, page_at, post, sign_in, texts, token_at

NEEDING = ["/training", "/training/new", "/training/done", "/training/done/progress", "/predictions",
           "/predictions.csv", "/models/orders/versions"]  # fmt: skip


def cookie_text(client: FlaskClient) -> str:
    """What the session cookie holds, as whoever has the cookie can read it."""
    cookie = client.get_cookie("bouquet")
    assert cookie is not None
    packed = cookie.value.removeprefix(".").split(".")[0]
    content = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    return (zlib.decompress(content) if cookie.value.startswith(".") else content).decode()


@pytest.mark.parametrize("address", NEEDING)
def test_a_page_that_needs_somebody_leads_there_and_back(
    client: FlaskClient, training_house: TrainingHouse, address: str
) -> None:
    """To the form, and from it to the very address that was asked for."""
    response = client.get(f"{address}?cursor=25")
    assert response.status_code == 303
    page = page_at(client, response.headers["Location"])
    assert hidden(page) == {"next": f"{address}?cursor=25"}
    assert sign_in(client, **hidden(page)).headers["Location"] == f"{address}?cursor=25"


def test_predictions_stay_open_to_everybody(client: FlaskClient) -> None:
    """Nobody is asked to sign in for a form, an answer or what is known of a model."""
    for address in ("/", "/models", "/models/iris/about", "/models/iris/csv"):
        assert client.get(address).status_code == 200


def test_the_api_is_asked_once_and_its_token_used_from_then_on(vita: FlaskClient, api: FakeApi) -> None:
    """Name and password go to the API as basic auth; everything after has the token."""
    asked = [request for request in api.received if request.path == "/api/v1.0/tokens"]
    assert len(asked) == 1
    assert asked[0].headers["Authorization"].startswith("Basic ")
    page_at(vita, "/training")
    assert api.received[-1].headers["Authorization"] == f"Bearer {TOKEN}"


def test_what_the_site_asks_for_itself_is_asked_as_before(vita: FlaskClient, api: FakeApi) -> None:
    """The public pages use the site's own name, whoever is signed in."""
    page_at(vita, "/models/iris/about")
    assert api.received[-1].headers["Authorization"].startswith("Basic ")


def test_the_cookie_holds_no_password(vita: FlaskClient) -> None:
    """It holds the token, and no script can read it."""
    kept = cookie_text(vita)
    assert TOKEN in kept
    assert PASSWORD not in kept
    assert "a pass" not in kept


@pytest.mark.parametrize(
    ("headers", "secure"),
    [({}, False), ({"X-Forwarded-Proto": "https"}, True), ({"X-Forwarded-Proto": "http"}, False)],
)
def test_the_cookie_keeps_to_https_where_the_page_came_so(
    client: FlaskClient, training_house: TrainingHouse, headers: dict[str, str], secure: bool
) -> None:
    """By itself or through a proxy that says so; always without scripts and other sites."""
    data = {"csrf_token": token_at(client), "sign_in_name": NAME, "sign_in_password": PASSWORD}
    cookie = client.post(SIGN_IN, data=data, headers=headers).headers["Set-Cookie"]
    assert ("Secure" in cookie) == secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_wrong_password_is_told_kindly(client: FlaskClient, training_house: TrainingHouse) -> None:
    """The name stays, the password does not, and nobody is signed in."""
    response = sign_in(client, "wrong")
    assert response.status_code == 401
    page = read_page(response.text)
    assert page.title.startswith("Error:")
    assert page.one("input", name="sign_in_name").get("value") == NAME
    assert page.one("input", type="password").get("value") is None
    assert "wrong" not in [e.get("value") for e in page.elements]
    assert client.get("/training").status_code == 303


@pytest.mark.parametrize(("name", "password"), [("", "x"), ("x", ""), ("a:b", "x")])
def test_what_cannot_be_right_is_not_asked(
    client: FlaskClient, api: FakeApi, training_house: TrainingHouse, name: str, password: str
) -> None:
    """400, and the API is left alone."""
    response = post(client, SIGN_IN, sign_in_name=name, sign_in_password=password)
    assert response.status_code == 400
    assert not [request for request in api.received if request.path == "/api/v1.0/tokens"]


def test_guessing_is_slowed_down_before_the_api_is_asked(
    client: FlaskClient, api: FakeApi, training_house: TrainingHouse
) -> None:
    """After ten failures the eleventh is refused here, so that nobody is shut out there."""
    for _ in range(10):
        assert sign_in(client, "wrong").status_code == 401
    asked = len(api.received)
    response = sign_in(client)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "too many attempts" in response.text
    assert len(api.received) == asked


def test_what_the_api_slows_down_is_told_too(client: FlaskClient, training_house: TrainingHouse) -> None:
    """With the seconds it asks for."""
    training_house.refuses["POST", "/tokens"] = Reply(429, {"message": "No."}, (("Retry-After", "42"),))
    response = sign_in(client)
    assert response.status_code == 429
    assert "wait 42 s" in response.text


def test_an_api_that_is_away_is_another_matter(client: FlaskClient, training_house: TrainingHouse) -> None:
    """No wrong password is claimed."""
    training_house.refuses["POST", "/tokens"] = Reply(500, {})
    response = sign_in(client)
    assert response.status_code == 502
    assert "could not be read" in response.text


@pytest.mark.parametrize(
    "elsewhere", ["//evil.invalid", "https://evil.invalid", "/\\evil.invalid", "training", "/a\nb"]
)
def test_nobody_is_led_to_another_site(
    client: FlaskClient, training_house: TrainingHouse, elsewhere: str
) -> None:
    """Where to go on must be an address of this site."""
    assert sign_in(client, next=elsewhere).headers["Location"] == "/training"
    assert hidden(page_at(client, f"{SIGN_IN}?next={quote(elsewhere)}")).get("next") == "/training"


def test_another_site_cannot_sign_anybody_in(client: FlaskClient, training_house: TrainingHouse) -> None:
    """Without this session's token, or from elsewhere, the form is refused."""
    data = {"sign_in_name": NAME, "sign_in_password": PASSWORD}
    assert client.post(SIGN_IN, data=data).status_code == 403
    data["csrf_token"] = token_at(client)
    assert client.post(SIGN_IN, data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_form_token_changes_when_somebody_signs_in(
    client: FlaskClient, training_house: TrainingHouse
) -> None:
    """A session that somebody else had prepared is worth nothing afterwards."""
    before = token_at(client)
    sign_in(client)
    assert token_at(client) != before


def test_every_page_says_who_is_signed_in(vita: FlaskClient) -> None:
    """With a way out; to others it offers the way in."""
    assert f"Signed in as {NAME}" in " ".join(page_at(vita, "/").one("header").text.split())
    other = vita.application.test_client()
    assert "Sign in" in page_at(other, "/").one("header").text


def test_signing_out_forgets_the_token(vita: FlaskClient) -> None:
    """The page says so, and the next one asks to sign in."""
    response = post(vita, "/sign-out")
    assert "You are signed out." in texts(page_at(vita, response.headers["Location"]), "p")
    assert TOKEN not in cookie_text(vita)
    assert vita.get("/training").status_code == 303


def test_a_token_that_has_run_out_asks_to_sign_in_again(
    client: FlaskClient, training_house: TrainingHouse
) -> None:
    """With the name filled in, and back to where one was."""
    training_house.lasts = -1
    sign_in(client)
    page = page_at(client, client.get("/training/done").headers["Location"])
    assert page.heading == "Sign in again"
    assert page.one("input", name="sign_in_name").get("value") == NAME


def test_a_token_that_was_revoked_asks_too(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """A password that changed, or somebody who was shut out."""
    training_house.revoked = True
    assert vita.get("/training").status_code == 303


def test_a_form_that_came_too_late_goes_on_its_way(
    vita: FlaskClient, api: FakeApi, training_house: TrainingHouse
) -> None:
    """All that was typed is in the page that asks to sign in, which sends it where it was going."""
    training_house.revoked = True
    asked = {"dataset": "https://data.invalid/orders.csv", "title": 'Orders "here"', "key": "k"}
    response = post(vita, "/training", **asked)
    assert response.status_code == 401
    page = read_page(response.text)
    assert hidden(page) == asked
    form = page.all("form")[-1]
    assert form.get("action") == "/training"
    token = page.all("input", name="csrf_token")[-1].attributes["value"]
    again = {**hidden(page), "csrf_token": token, "sign_in_name": NAME, "sign_in_password": PASSWORD}
    response = vita.post("/training", data=again)
    assert response.headers["Location"] == "/training/new"
    assert PASSWORD.encode() not in api.received[-1].body


def test_signing_in_late_with_a_wrong_password_keeps_it_too(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """However often it is tried."""
    training_house.revoked = True
    late = {"title": "Orders", "sign_in_name": NAME, "sign_in_password": "wrong"}
    response = post(vita, "/training", **late)
    assert response.status_code == 401
    assert hidden(read_page(response.text)) == {"title": "Orders"}
