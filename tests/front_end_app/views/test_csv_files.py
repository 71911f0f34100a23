"""Many rows at once: what is sent on to the API, what comes back, and who may send at all."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from front_end_app.app import create_app
from front_end_app.config import read_settings

from ..fake_api import Behaviour, FakeApi, Received, Reply
from ..page import read_page
from ..samples import IRIS, YIELD, serving

ADDRESS = "/models/iris/csv"
ROWS = b"sepal_length,who\n5.1,ann\n6.3,bob\n"


def token_of(client: FlaskClient) -> str:
    """The token of the page that this browser has open."""
    return read_page(client.get(ADDRESS).text).one("input", name="csrf_token").attributes["value"]


def send(client: FlaskClient, query: str = "", token: str | None = None, **headers: str) -> TestResponse:
    """The plain form with ROWS."""
    data = {"csrf_token": token_of(client) if token is None else token, "file": (io.BytesIO(ROWS), "r.csv")}
    return client.post(ADDRESS + query, data=data, headers=headers)


def refusing(reply: Reply) -> Behaviour:
    """A behaviour that refuses files."""
    return lambda request: reply if request.body else serving(IRIS)(request)


def test_the_form_works_without_javascript(client: FlaskClient) -> None:
    """It posts the file after the token, in the one way that can be read as it comes."""
    page = read_page(client.get(ADDRESS).text)
    form = page.one("form")
    assert (form.get("method"), form.get("enctype"), form.get("action")) == (
        "post",
        "multipart/form-data",
        ADDRESS,
    )
    assert [e.get("name") for e in page.all("input")] == ["csrf_token", "file"]


def test_the_page_names_the_columns(client: FlaskClient, api: FakeApi) -> None:
    """Each with what stands in it, and whether it may be missing."""
    api.behave = serving(YIELD)
    page = read_page(client.get("/models/yield/csv").text)
    assert [e.text for e in page.all("code")][:3] == ["age", "sort", "soil"]
    cells = [e.text for e in page.all("td")]
    assert cells[0] == "a whole number in years."
    assert cells[1] == "anjou or bosc; or another."
    assert cells[2] == "clay, loam, sand, peat, chalk or silt; or another. May be missing."


def test_a_file_comes_back_with_answers(client: FlaskClient) -> None:
    """As a download under the model's name, not kept by any cache."""
    response = send(client)
    assert response.status_code == 200
    assert response.text == "sepal_length,who,predicted\n5.1,ann,yes\n6.3,bob,yes\n"
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="iris-predictions.csv"'
    assert response.headers["Content-Length"] == str(len(response.data))
    assert response.headers["Cache-Control"] == "no-store"


def test_a_script_may_send_the_file_as_it_is(client: FlaskClient) -> None:
    """With the token in a header."""
    headers = {"X-CSRF-Token": token_of(client)}
    response = client.post(ADDRESS, data=ROWS, content_type="text/csv", headers=headers)
    assert response.text.splitlines()[1] == "5.1,ann,yes"


def test_the_api_gets_the_file_in_chunks(client: FlaskClient, api: FakeApi) -> None:
    """Byte for byte, as a CSV, with the id of this request; errors stop it unless asked otherwise."""
    send(client)
    received = api.received[-1]
    assert received.path == "/api/v1.0/models/iris/predict"
    assert received.body == ROWS
    assert received.headers["Content-Type"] == "text/csv"
    assert received.headers["Transfer-Encoding"] == "chunked"
    assert received.headers["X-Request-ID"]
    assert received.pairs == []
    send(client, "?on_error=skip")
    assert api.received[-1].pairs == [("on_error", "skip")]


def test_bad_cells_come_back_as_a_table(client: FlaskClient, api: FakeApi) -> None:
    """The first hundred, with how many there are, and with the offer to have the other rows answered."""
    errors = [{"row": n, "column": "who", "detail": f"Who must not be <b>{n}</b>."} for n in range(1, 151)]
    body = {"message": "No.", "errors": [*errors, {"row": 151, "column": None, "detail": "Too short."}]}
    api.behave = refusing(Reply(400, {**body, "errors_not_listed": 49}))
    response = send(client)
    assert response.status_code == 400
    page = read_page(response.text)
    assert page.title.startswith("Error:")
    assert page.all("h2")[0].text == "200 cells do not fit"
    cells = [e.text for e in page.all("td")]
    assert cells[:3] == ["1", "who", "Who must not be <b>1</b>."]
    assert "These are the first 100 of 200." in response.text
    other = page.all("button", form="csv")[0]
    assert other.get("formaction") == f"{ADDRESS}?on_error=skip"


def test_a_header_that_does_not_fit_is_explained(client: FlaskClient, api: FakeApi) -> None:
    """In the API's words, on the page with the form."""
    told = {"pointer": "#/petal_width", "detail": "The column petal_width is missing from the header."}
    api.behave = refusing(Reply(400, {"errors": [told]}))
    response = send(client)
    assert response.status_code == 400
    assert told["detail"] in [e.text for e in read_page(response.text).all("li")]


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (Reply(503, {}, (("Retry-After", "5"),)), 503, "one at a time"),
        (Reply(507, {}), 503, "cannot take more work"),
        (Reply(500, {}), 502, "could not be read"),
        (Reply(401, {}), 503, "not let in"),
        (None, 502, "could not be read"),
    ],
)
def test_an_api_that_does_not_take_it(
    client: FlaskClient, api: FakeApi, reply: Reply | None, status: int, words: str
) -> None:
    """A page of the house, which says to choose the file again and leads back to where that is done."""
    api.behave = lambda request: reply if request.body else serving(IRIS)(request)
    response = send(client)
    assert response.status_code == status
    assert words in response.text
    page = read_page(response.text)
    assert "kept in the address" not in response.text
    assert page.one("a", **{"class": "button"}).get("href") == ADDRESS
    if status == 503 and reply and reply.headers:
        assert response.headers["Retry-After"] == "5"


def test_a_file_may_take_longer_than_a_page(api: FakeApi) -> None:
    """The API is given CSV_TIMEOUT for it, and API_TIMEOUT for all else."""
    given = {"API_URL": api.url, "API_USERNAME": "a", "API_PASSWORD": "b", "API_TIMEOUT": "0.2"}

    def slow(request: Received) -> Reply | None:
        if request.body:
            api.released.wait(0.6)
        return serving(IRIS)(request)

    api.behave = slow
    patient = create_app(read_settings({**given, "CSV_TIMEOUT": "30"})).test_client()
    assert send(patient).status_code == 200
    hasty = create_app(read_settings({**given, "CSV_TIMEOUT": "0.1"})).test_client()
    assert send(hasty).status_code == 504


def test_an_answer_that_breaks_off_is_not_whole(client: FlaskClient, api: FakeApi) -> None:
    """The download breaks off too, instead of ending as if all rows were there."""
    cut = Reply(200, b"sepal_length,who\n5.1", (("Content-Length", "500"),), media_type="text/csv")
    api.behave = refusing(cut)
    with pytest.raises(Exception, match="broke before"):
        _ = send(client).data


@pytest.mark.parametrize("token", ["-", "made-up", "ü"])
def test_a_form_that_was_not_handed_out_is_refused(client: FlaskClient, api: FakeApi, token: str) -> None:
    """403, and the API never sees the file."""
    token_of(client)
    assert send(client, token=token).status_code == 403
    assert [request for request in api.received if request.body] == []


def test_another_session_s_token_is_refused(client: FlaskClient) -> None:
    """A token is worth nothing without the cookie that it was made with."""
    other = client.application.test_client()
    assert send(client, token=token_of(other)).status_code == 403


def test_a_request_without_a_cookie_is_refused(client: FlaskClient) -> None:
    """Nobody has that session; two empty tokens are not equal."""
    token = token_of(client)
    client.delete_cookie("bouquet")
    assert send(client, token=token).status_code == 403
    assert client.post(ADDRESS, data=ROWS, content_type="text/csv").status_code == 403
    empty = {"X-CSRF-Token": ""}
    assert client.post(ADDRESS, data=ROWS, content_type="text/csv", headers=empty).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://elsewhere.invalid"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_other_sites_may_not_send(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    """Even with a token that is right, what the browser says of the sender decides."""
    assert send(client, **headers).status_code == status


def test_the_cookie_stays_on_this_site(client: FlaskClient) -> None:
    """It is not sent along with what other sites send, and no script can read it."""
    cookie = client.get(ADDRESS).headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie


def test_pages_without_a_form_that_sends_set_no_cookie(client: FlaskClient) -> None:
    """Nobody is followed from page to page."""
    for address in ("/", "/models", "/models/iris/about", "/prediction?a=1"):
        assert "Set-Cookie" not in client.get(address).headers


def test_a_key_of_one_s_own_outlives_a_restart(api: FakeApi) -> None:
    """With SECRET_KEY a page that was open before still works; without it, it has to be loaded anew."""
    given = {"API_URL": api.url, "API_USERNAME": "a", "API_PASSWORD": "b"}
    for key, status in (("a key that nobody can guess", 200), ("", 403)):
        before = create_app(read_settings({**given, "SECRET_KEY": key})).test_client()
        token = token_of(before)
        cookie = before.get_cookie("bouquet")
        after = create_app(read_settings({**given, "SECRET_KEY": key})).test_client()
        assert cookie is not None
        after.set_cookie("bouquet", cookie.value)
        assert send(after, token=token).status_code == status


def test_other_kinds_of_bodies_are_refused(client: FlaskClient) -> None:
    """415 in the style of the house."""
    response = client.post(ADDRESS, data=b"{}", content_type="application/json")
    assert response.status_code == 415
    assert read_page(response.text).heading


def test_the_example_is_a_file(client: FlaskClient) -> None:
    """With the model's own columns and example."""
    response = client.get("/models/iris/example.csv")
    assert response.text == "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n"
    assert re.search(r'filename="iris-example\.csv"', response.headers["Content-Disposition"])


def test_no_file_for_no_model(client: FlaskClient) -> None:
    """404 for a model that is not there, whatever is asked of it."""
    for address in ("/models/nothing/csv", "/models/nothing/example.csv", "/models/nothing/about"):
        response = client.get(address)
        assert response.status_code == 404
        assert read_page(response.text).one("a", **{"class": "button"}).get("href") == "/models"
