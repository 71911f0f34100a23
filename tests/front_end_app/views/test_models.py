"""The form and the answer: the pages of a model."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from front_end_app.views.query import LONGEST

from ..fake_api import FakeApi
from ..page import Page, read_page
from ..samples import ANSWER, FRAUD, FRAUD_ANSWER, GARDEN, IRIS, plain, serving

GOOD = "sepal_length=5,1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"


def page_at(client: FlaskClient, address: str, status: int = 200) -> Page:
    """The page at an address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status
    assert response.mimetype == "text/html"
    return read_page(response.text)


def test_the_form_has_a_labelled_field_for_each_of_the_schema(client: FlaskClient) -> None:
    """Every input has a label, a description that exists, and what JavaScript needs to step it."""
    page = page_at(client, "/")
    inputs = page.all("input", type="text")
    assert [e.get("name") for e in inputs] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert page.one("label", **{"for": "field-4"}).text == "Petal width in cm"
    ids = {e.get("id") for e in page.elements}
    for element in inputs:
        assert set(element.attributes["aria-describedby"].split()) <= ids
        assert (element.get("inputmode"), element.get("data-step")) == ("decimal", "0.1")


def test_the_form_works_without_javascript(client: FlaskClient) -> None:
    """It sends what was typed by GET to the address of the answer, unchecked by the browser."""
    form = page_at(client, "/").one("form")
    assert (form.get("method"), form.get("action"), form.get("novalidate")) == ("get", "/prediction", "")


def test_the_form_is_filled_in_from_the_address(client: FlaskClient) -> None:
    """So the way back from an answer keeps the values, and the example is a plain link."""
    assert page_at(client, f"/?{GOOD}").typed["sepal_length"] == "5,1"
    example = page_at(client, "/").one("a", id="example").attributes["href"]
    assert page_at(client, example).typed == {
        "sepal_length": "5.1",
        "sepal_width": "3.5",
        "petal_length": "1.4",
        "petal_width": "0.2",
    }


def test_every_kind_of_field_is_drawn(client: FlaskClient, api: FakeApi) -> None:
    """An invented model with choices, text and yes-or-no gets a form without a line of code."""
    api.behave = serving(GARDEN)
    page = page_at(client, "/?light=sun&soil=peat&notes=%0Aa%3C/textarea%3E&watered=false&watered=true&age=")
    assert page.one("input", type="radio", name="light", value="sun").get("checked") == ""
    assert page.one("option", selected="").get("value") == "peat"
    assert page.one("textarea", name="notes").text == "\n\na</textarea>"
    assert page.one("input", type="checkbox", name="watered").get("checked") == ""
    assert page.one("input", type="hidden", name="watered").get("value") == "false"
    assert page.one("input", type="radio", name="pruned", value="").get("checked") == ""
    assert page.one("input", name="age").get("aria-required") is None
    assert page.one("input", name="buds").get("aria-required") == "true"


def test_the_answer_has_an_address_of_its_own(client: FlaskClient) -> None:
    """The species is the heading, each class has its number and bar, what was entered is there."""
    page = page_at(client, f"/prediction?{GOOD}")
    assert page.heading == "Iris-Setosa"
    assert page.title.startswith("Iris-Setosa")
    assert [e.text for e in page.all("data")] == ["98.0 %", "2.0 %", "0.0 %"]
    assert [e.get("width") for e in page.all("rect", **{"class": "length"})] == ["98.00%", "2.00%"]
    assert "5,1 cm read as 5.1 cm" in [e.text for e in page.all("dd")]
    assert "0190-a-prediction" in page.one("footer").text


def test_decimal_commas_reach_the_api_as_points(client: FlaskClient, api: FakeApi) -> None:
    """5,1 is what half the world types."""
    client.get(f"/prediction?{GOOD}")
    assert dict(api.received[-1].pairs)["sepal_length"] == "5.1"


def test_the_way_back_keeps_what_was_typed(client: FlaskClient) -> None:
    """ "Make another prediction" leads to the form with the same values, commas and all."""
    page = page_at(client, f"/prediction?{GOOD}")
    (back,) = [e for e in page.all("a") if e.text == "Make another prediction"]
    parts = urlsplit(back.attributes["href"])
    assert parts.path == "/"
    assert parse_qsl(parts.query) == parse_qsl(GOOD)


def test_warnings_are_said_plainly(client: FlaskClient, api: FakeApi) -> None:
    """An answer on odd measurements is given, with care."""
    warning = {"field": "sepal_length", "message": "12 is outside 4.3 to 7.9."}
    api.behave = serving(IRIS, {**ANSWER, "warnings": [warning]})
    page = page_at(client, f"/prediction?{GOOD}")
    assert "Sepal length: 12 is outside 4.3 to 7.9." in [e.text for e in page.all("li")]


def test_no_arguments_lead_to_the_form(client: FlaskClient) -> None:
    """/prediction alone asks for nothing, so it redirects."""
    for address in ("/prediction", "/prediction?", "/prediction?&&"):
        response = client.get(address)
        assert (response.status_code, response.location) == (302, "/")


def test_bad_input_comes_back_to_the_form(client: FlaskClient) -> None:
    """Status 400; the message is at its field and in the summary, which has the focus; values kept."""
    page = page_at(client, "/prediction?sepal_length=5.1&sepal_width=wide&petal_length=&petal_width=0.2", 400)
    assert page.title.startswith("Error:")
    assert page.typed["sepal_width"] == "wide"
    wrong = page.one("input", name="sepal_width")
    assert wrong.get("aria-invalid") == "true"
    assert "field-2-error" in wrong.attributes["aria-describedby"].split()
    assert page.one("p", id="field-2-error").text.endswith("Please provide sepal_width as a number.")
    assert page.one("input", name="sepal_length").get("aria-invalid") is None
    summary = page.one("section", id="summary")
    assert (summary.get("autofocus"), summary.get("tabindex")) == ("", "-1")
    links = [e.get("href") for e in page.all("a") if str(e.get("href")).startswith("#field-")]
    assert links == ["#field-2", "#field-3"]
    assert {link[1:] for link in links if link} <= {e.get("id") for e in page.elements}


def test_unknown_and_repeated_parameters_are_named(client: FlaskClient) -> None:
    """The unknown one in the summary, for it has no field; the repeated one at its field."""
    page = page_at(client, f"/prediction?{GOOD}&colour=red&petal_width=3", 400)
    assert "colour is not known to this model." in [e.text for e in page.all("li")]
    assert "more than once" in page.one("p", id="field-4-error").text
    assert page.typed["petal_width"] == "0.2"


def test_what_was_typed_is_never_markup(client: FlaskClient) -> None:
    """HTML in names and values is shown as text, on the form and among the complaints."""
    attack = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    page = page_at(client, f"/prediction?sepal_length={attack}&{attack}=1", 400)
    assert [e.get("src") is not None for e in page.all("script")] == [True]
    assert page.typed["sepal_length"] == '"><script>alert(1)</script>'


def test_too_long_a_query_is_refused_kindly(client: FlaskClient, api: FakeApi) -> None:
    """Without asking the API for a prediction, and on the form's own address too."""
    for address in ("/prediction", "/"):
        page = page_at(client, f"{address}?sepal_length={'1' * LONGEST}", 400)
        assert "too long" in page.one("section", id="summary").text
    assert {request.path for request in api.received} == {"/api/v1.0/models", "/api/v1.0/models/iris"}


@pytest.mark.parametrize(
    "query", [b"a=\xff\xfe", b"%FF%FE=%C0%80", b"sepal_length=%00", b"\x80=1", b"==&=&?", b"a"]
)
def test_odd_bytes_are_bad_input(client: FlaskClient, query: bytes) -> None:
    """Not UTF-8, NUL, nothing at all: a page with status 400 and no raw control character."""
    response = client.get("/prediction", environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert response.status_code == 400
    assert "\x00" not in response.text
    read_page(response.text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(query=st.binary(max_size=60))
def test_any_query_at_all_has_a_page(client: FlaskClient, query: bytes) -> None:
    """Whatever stands after the question mark: an answer, the form, or the form with complaints."""
    response = client.get("/prediction", environ_overrides={"QUERY_STRING": query.decode("latin-1")})
    assert response.status_code in (200, 302, 400)


def test_head_and_options_behave(client: FlaskClient) -> None:
    """HEAD is GET without the body; OPTIONS names the methods."""
    assert client.head("/").status_code == 200
    assert client.head("/").data == b""
    assert "GET" in client.options("/").headers["Allow"]


def test_a_field_may_have_any_name(client: FlaskClient, api: FakeApi) -> None:
    """Columns of other people's data hold spaces, slashes and quotes; labels and errors still find them."""
    odd = plain('mean "radius" / %', "number", description="Odd.")
    api.behave = serving({**GARDEN, "schema": {"fields": [odd]}})
    page = page_at(client, "/prediction?mean+%22radius%22+%2F+%25=x", 400)
    element = page.one("input", type="text")
    assert element.get("name") == odd["name"]
    assert element.get("value") == "x"
    ids = {e.get("id") for e in page.elements}
    assert set(element.attributes["aria-describedby"].split()) <= ids
    assert page.one("label").get("for") == element.get("id")


def test_the_answer_says_why(client: FlaskClient, api: FakeApi) -> None:
    """Its reasons are sentences, and the threshold stands beside the probability."""
    api.behave = serving(FRAUD, FRAUD_ANSWER)
    page = page_at(client, "/prediction?amount=181&hour=3")
    items = [one.text for one in page.all("li", **{"class": "supports"})]
    assert items == ["Amount 181.00 instead of the usual 74.20 speaks for fraud."]
    assert [one.text for one in page.all("li", **{"class": "opposes"})] == [
        "Hour 14 instead of the usual 13 speaks against fraud."
    ]
    lead = page.one("p", **{"class": "lead"}).text
    assert (
        lead
        == "The model gives this a probability of 41.2 %. It answers fraud from a probability of 35.0 % on."
    )
