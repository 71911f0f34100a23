"""Every error has a page that says what happened and what to do, with the right status."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from front_end_app import errors
from front_end_app.app import create_app
from front_end_app.config import read_settings
from front_end_app.views.problems import problem_of

from ..fake_api import FakeApi, Reply
from ..page import Page, read_page

NOWHERE = {"API_URL": "http://127.0.0.1:9", "API_USERNAME": "gardener", "API_PASSWORD": "a-pass"}


def page_of(text: str) -> Page:
    """The page, which must say what to do and hold no trace of the program."""
    page = read_page(text)
    assert page.title.startswith("Error:")
    assert page.heading
    for trace in ("Traceback", "Exception", ".py", "127.0.0.1"):
        assert trace not in text
    return page


def links(page: Page) -> dict[str, str]:
    """Where the links of the page lead, by their text."""
    return {e.text.strip(): e.attributes["href"] for e in page.all("a")}


@pytest.mark.parametrize("address", ["/", "/prediction?sepal_length=5,1"])
def test_api_down(address: str) -> None:
    """502, with a way to try the same again and a way back that keeps what was typed."""
    response = create_app(read_settings(NOWHERE)).test_client().get(address)
    assert response.status_code == 502
    found = links(page_of(response.text))
    assert found["Try again"] == address.replace(",", "%2C")
    assert found["Back to the form"] == "/" + address.partition("?")[1] + "sepal_length=5%2C1" * (
        "?" in address
    )


def test_api_slow(client: FlaskClient, api: FakeApi) -> None:
    """504 when no answer comes in time."""
    api.behave = api.hang
    response = client.get("/")
    assert response.status_code == 504
    assert "too long" in page_of(response.text).heading


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(401, {"message": "Unauthorized access"}), 503),
        (Reply(403, {}), 503),
        (Reply(429, {}), 503),
        (Reply(503, {}, (("Retry-After", "7"),)), 503),
        (Reply(404, {}), 404),
        (Reply(500, {}), 502),
        (Reply(200, b"what?"), 502),
        (Reply(200, {"default": 5}), 502),
        (None, 502),
    ],
)
def test_api_refusing_or_talking_nonsense(
    client: FlaskClient, api: FakeApi, reply: Reply | None, status: int
) -> None:
    """503 when it will not serve, 502 when its answer cannot be used."""
    api.behave = lambda _: reply
    response = client.get("/prediction?sepal_length=1")
    assert response.status_code == status
    page_of(response.text)


def test_a_busy_api_says_when_to_come_back(client: FlaskClient, api: FakeApi) -> None:
    """The API's Retry-After is passed on."""
    api.behave = lambda _: Reply(503, {}, (("Retry-After", "7"),))
    assert client.get("/").headers["Retry-After"] == "7"


def test_wrong_credentials_are_for_whoever_runs_it(client: FlaskClient, api: FakeApi) -> None:
    """The page names the settings to look at, and not their values."""
    api.behave = lambda _: Reply(401, {})
    text = client.get("/").text
    assert "API_PASSWORD" in text
    assert "a-pass" not in text


def test_no_such_page(client: FlaskClient, api: FakeApi) -> None:
    """404 in the style of the house, without asking the API, and with a way home."""
    for address in ("/nowhere", "//elsewhere.invalid/x", "/prediction/", "/static/x/nothing.css", "/%00"):
        response = client.get(address)
        assert response.status_code == 404
        assert links(page_of(response.text))["Back to the form"] == "/"
    assert api.received == []


def test_wrong_method(client: FlaskClient) -> None:
    """405 in the style of the house; the header says which methods there are."""
    response = client.post("/prediction")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    page_of(response.text)


def test_a_mistake_of_our_own(client: FlaskClient) -> None:
    """500 has a page too, also outside of test mode; what broke is in the log, not on the page."""
    app = client.application

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("a secret of the program")

    assert not app.testing
    response = client.get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    page_of(response.text)


def test_every_error_of_the_tree_has_a_page() -> None:
    """A new kind of error cannot be forgotten in the table."""
    samples: list[errors.ApiError] = [errors.Busy("full")]
    kinds = [errors.CannotReach, errors.TookTooLong, errors.NotAllowed, errors.BrokenAnswer]
    samples += [kind("why") for kind in (*kinds, errors.Refusing, errors.UnknownModel)]
    assert [problem_of(error).status for error in samples] == [503, 502, 504, 503, 502, 503, 404]


def test_old_bookmarks_still_answer(client: FlaskClient, api: FakeApi) -> None:
    """The earlier system's two error pages answer 200 with a way back, and ask the API nothing."""
    for address in ("/wrong_data_type", "/bad_api_connection"):
        response = client.get(address)
        assert response.status_code == 200
        page = read_page(response.text)
        assert not page.title.startswith("Error:")
        assert links(page)["Back to the form"] == "/"
    assert api.received == []


def test_alive_without_the_api(client: FlaskClient, api: FakeApi) -> None:
    """/healthz says that this process is alive, and nothing of the API."""
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "alive"})
    assert api.received == []
