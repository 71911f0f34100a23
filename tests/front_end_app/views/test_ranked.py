"""A model that ranks titles: its form of experiences, the ranking, the titles, and nothing typed is lost."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from front_end_app.views.ranked import LONGEST
from tests.front_end_app.views.test_problems import page_of

from ..fake_api import FakeApi, Reply
from ..jobs import EXPLAINED, TITLES, serving_jobs
from ..jobs import LONGEST as READ
from ..page import Page, read_page
from ..samples import IRIS, serving

FORM = "/models/jobs"
ANSWER = "/models/jobs/prediction"
BREAD = [("description", "I bake bread\nnext to the bees"), ("title", "bread man"), ("years", "2,5")]
BEES = [("description", "bread for bees <b>"), ("title", ""), ("years", "")]
Typed = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def jobs(api: FakeApi) -> None:
    """The API serves the model that ranks titles."""
    api.behave = serving_jobs


def token(client: FlaskClient) -> str:
    """What the form carries beside what is typed."""
    return read_page(client.get(FORM).text).one("input", name="csrf_token").attributes["value"]


def send(client: FlaskClient, typed: Typed, do: str = "", csrf: str | None = None, **how: Any) -> Any:
    """What comes back for a form that is sent as a browser does."""
    pairs = [("csrf_token", token(client) if csrf is None else csrf), *typed, *([("do", do)] if do else [])]
    media_type = "application/x-www-form-urlencoded"
    return client.post(ANSWER, data=urlencode(pairs), content_type=media_type, **how)


def typed_on(page: Page) -> Typed:
    """What stands in the fields of the blocks that are shown, in their order, and not of the template."""
    inside = {id(one) for one in page.elements[page.elements.index(page.one("template")) :]}
    found = []
    for element in page.elements:
        if id(element) in inside:
            break
        if element.tag == "textarea":
            found.append((element.attributes["name"], element.text.removeprefix("\n")))
        elif element.tag == "input" and element.get("type") == "text":
            found.append((element.attributes["name"], element.attributes["value"]))
    return found


def test_the_form_takes_one_experience(client: FlaskClient) -> None:
    """A large text box as the card describes it, and optional title and years; every field has its label."""
    page = read_page(client.get(FORM).text)
    assert typed_on(page) == [("description", ""), ("title", ""), ("years", "")]
    labels = {e.get("for") for e in page.all("label")}
    ids = {e.get("id") for e in page.elements}
    for element in [*page.all("textarea"), *page.all("input", type="text")]:
        assert element.get("id") in labels
        assert set((element.get("aria-describedby") or "").split()) <= ids
    assert "What was done." in page.one("p", id="experience-1-description-hint").text
    form = page.one("form")
    assert (form.get("method"), form.get("action")) == ("post", ANSWER)


def test_it_is_the_form_at_the_root_too(client: FlaskClient) -> None:
    """Where such a model is the default one."""
    assert read_page(client.get("/").text).one("form").get("action") == ANSWER


def test_other_models_keep_their_form(client: FlaskClient, api: FakeApi) -> None:
    """No such routes: no such pages, and what is posted there is 405."""
    api.behave = serving(IRIS)
    given = token_of_csv(client)
    assert read_page(client.get("/models/iris").text).one("form").get("method") == "get"
    assert client.get("/models/iris/titles").status_code == 404
    assert client.get("/models/iris/titles/baker").status_code == 404
    response = client.post("/models/iris/prediction", data={"csrf_token": given})
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def token_of_csv(client: FlaskClient) -> str:
    """The token on iris's page for files."""
    return read_page(client.get("/models/iris/csv").text).one("input", name="csrf_token").attributes["value"]


def test_the_example_fills_the_form(client: FlaskClient) -> None:
    """By a plain link."""
    example = read_page(client.get(FORM).text).one("a", id="example").attributes["href"]
    assert typed_on(read_page(client.get(example).text))[0] == ("description", "baking bread")


def test_a_short_text_has_an_answer_at_its_own_address(client: FlaskClient, api: FakeApi) -> None:
    """Sent, it leads to the address, which asks the API for all that was typed, and for the reasons."""
    response = send(client, [*BREAD, *BEES])
    assert response.status_code == 303
    parts = urlsplit(response.location)
    assert parts.path == ANSWER
    assert parse_qsl(parts.query) == [pair for pair in [*BREAD, *BEES] if pair[1]]
    page = read_page(client.get(response.location).text)
    assert page.heading == "baker"
    asked = api.received[-1]
    assert asked.pairs == [("explain", "1")]
    assert json.loads(asked.body) == {
        "experience": [
            {"description": BREAD[0][1], "title": "bread man", "years": 2.5},
            {"description": BEES[0][1]},
        ]
    }
    assert "0191-a-ranking" in page.one("footer").text


def test_all_titles_are_there_the_first_ten_at_once(client: FlaskClient) -> None:
    """Each with its number and its bar, and a link to its skills, a slash in it and all."""
    page = read_page(client.get(f"{ANSWER}?description=bread").text)
    assert [e.text for e in page.all("a") if e.text in TITLES] == TITLES
    assert len(page.all("data")) == len(TITLES)
    assert page.all("data")[0].text == "50.0 %"
    assert "Show the other 4" in [e.text for e in page.all("summary")]
    (link,) = [e.get("href") for e in page.all("a") if e.text == "nurse/midwife"]
    assert link == f"{FORM}/titles/nurse%2Fmidwife"
    assert read_page(client.get(link).text).heading == "nurse/midwife"


def test_the_words_are_marked_in_the_text(client: FlaskClient) -> None:
    """For and against each title, told apart by more than colour, in title and description; listed below."""
    location = send(client, BREAD).location
    page = read_page(client.get(location).text)
    marks = [e for e in page.all("mark") if e.get("title")]
    assert {(e.text, e.get("class"), e.get("title")) for e in marks} == {
        ("bread", "for strong", "+5.0"),
        ("bees", "against medium", "\N{MINUS SIGN}1.2"),
    }
    assert len(page.all("details", name="why")) == 10
    assert page.all("details", name="why")[0].get("open") == ""
    said = page.all("dl", **{"class": "spoke"})[0].text
    assert "bread +5.0" in said
    assert "bees \N{MINUS SIGN}1.2" in said
    assert "I bake bread\nnext to the bees" in page.all("p", **{"class": "text"})[0].text


def test_where_no_word_is_known_it_is_said(client: FlaskClient) -> None:
    """Base rates are no answer, and the page does not look like one; beside a known text it is a caution."""
    page = read_page(client.get(f"{ANSWER}?description=xqzzv").text)
    assert page.heading == "No word of this is known"
    assert "base rates" in page.one("section", **{"class": "caution"}).text
    assert not page.all("details", name="why")
    both = read_page(client.get(f"{ANSWER}?description=bread&description=xqzzv").text)
    assert both.heading == "baker"
    assert "Experience 2:" in both.one("section", **{"class": "caution"}).text
    assert "xqzzv" in both.one("dl", **{"class": "entered texts"}).text


def test_a_long_text_is_answered_where_it_is_sent(client: FlaskClient) -> None:
    """No address takes it; it comes back by a button that carries it, and a browser may keep the answer."""
    text = "bread and bees " * 300
    response = send(client, [("description", text), ("years", "3")])
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"
    page = read_page(response.text)
    assert page.heading == "baker"
    hidden = [(e.attributes["name"], e.attributes["value"]) for e in page.all("input", type="hidden")]
    assert hidden[1:] == [("description", text), ("years", "3")]
    again = read_page(send(client, hidden[1:], do="change").text)
    assert typed_on(again) == [("description", text), ("title", ""), ("years", "3")]


def test_a_very_long_text_is_answered_without_marks(client: FlaskClient, api: FakeApi) -> None:
    """The API explains no more; what is too long even for it comes back with its complaint."""
    text = "bread " * (EXPLAINED // 5)
    page = read_page(send(client, [("description", text)]).text)
    assert page.heading == "baker"
    assert "too long for its words to be marked" in page.one("main").text
    assert [one.pairs for one in api.received[-2:]] == [[("explain", "1")], []]
    too_long = "bread " * (READ // 5)
    response = send(client, [("description", too_long)])
    assert response.status_code == 400
    page = read_page(response.text)
    assert f"At most {READ} characters" in page.one("section", id="summary").text
    assert typed_on(page)[0] == ("description", too_long)


def test_without_javascript_an_experience_more_or_less(client: FlaskClient) -> None:
    """The buttons send the form, and it comes back with a block more or less and all that was typed."""
    more = send(client, BREAD, do="add")
    assert more.status_code == 200
    page = read_page(more.text)
    assert typed_on(page) == [*BREAD, ("description", ""), ("title", ""), ("years", "")]
    assert [e.get("id") for e in page.all("textarea", autofocus="")] == ["experience-2-description"]
    removes = [e.get("value") for e in page.all("button", name="do")]
    assert removes[:2] == ["remove-1", "remove-2"]
    fewer = send(client, [*BREAD, *BEES], do="remove-1")
    assert typed_on(read_page(fewer.text)) == BEES
    assert typed_on(read_page(send(client, BREAD, do="remove-1").text))[0] == ("description", "")


def test_enter_asks_and_does_not_add(client: FlaskClient) -> None:
    """The first button of the form is the one that Enter presses: it has no other meaning."""
    first = read_page(client.get(FORM).text).all("button")[0]
    assert (first.get("type"), first.get("name")) == ("submit", None)


def test_bad_input_comes_back_to_the_form(client: FlaskClient) -> None:
    """Status 400; each message at its field and in the summary, with its experience; all typed is kept."""
    typed = [*BREAD, ("description", "bread"), ("title", ""), ("years", "many")]
    response = client.get(send(client, typed).location)
    assert response.status_code == 400
    page = read_page(response.text)
    assert page.title.startswith("Error:")
    assert typed_on(page) == typed
    wrong = page.one("input", id="experience-2-years")
    assert wrong.get("aria-invalid") == "true"
    assert "experience-2-years-error" in wrong.attributes["aria-describedby"].split()
    link = page.one("a", href="#experience-2-years")
    assert link.text == "Experience 2: The years of it is wrong."


def test_nothing_typed_is_a_mistake(client: FlaskClient) -> None:
    """The API says so at the description; an address without anything leads to the form."""
    response = client.get(send(client, [("description", " \r\n"), ("title", ""), ("years", "")]).location)
    assert response.status_code == 400
    assert read_page(response.text).one("textarea", id="experience-1-description").get("aria-invalid")
    assert client.get(ANSWER).location == FORM


def test_other_names_in_the_address_are_named(client: FlaskClient) -> None:
    """They are no part of an experience, and what was right is kept."""
    response = client.get(f"{ANSWER}?description=bread&salary=5")
    assert response.status_code == 400
    page = read_page(response.text)
    assert "'salary'" in page.one("section", id="summary").text
    assert typed_on(page)[0] == ("description", "bread")


@pytest.mark.parametrize(
    ("reply", "status"),
    [(None, 502), (Reply(500, {}), 502), (Reply(401, {}), 503), (Reply(503, {}), 503), (Reply(200, []), 502)],
)
@pytest.mark.parametrize("text", ["bread", "bread and bees " * 400])
def test_nothing_typed_is_lost_when_the_api_is_away(
    client: FlaskClient, api: FakeApi, reply: Reply | None, status: int, text: str
) -> None:
    """The page of the error has a form with all of it, which can be sent again."""
    given = token(client)
    api.behave = lambda _: reply
    typed = [("description", text), ("title", "bread man"), ("years", "2")]
    response = send(client, typed, csrf=given)
    assert response.status_code == status
    page = page_of(response.text)
    assert typed_on(page) == typed
    assert page.one("form").get("action") == ANSWER
    api.behave = serving_jobs
    again = page.one("input", name="csrf_token").attributes["value"]
    assert send(client, typed_on(page), csrf=again).status_code in (200, 303)


def test_nothing_typed_is_lost_when_the_form_is_too_old(client: FlaskClient) -> None:
    """403 for a token of another session, and the page has a form with all of it and a good token."""
    response = send(client, [*BREAD, *BEES], csrf="of-yesterday")
    assert response.status_code == 403
    page = page_of(response.text)
    assert page.heading == "Please press the button once more"
    assert typed_on(page) == [*BREAD, *BEES]
    again = page.one("input", name="csrf_token").attributes["value"]
    assert send(client, typed_on(page), csrf=again).status_code == 303


def test_other_sites_cannot_send_it(client: FlaskClient) -> None:
    """403 when the browser says so, and what came is not even read."""
    response = send(client, BREAD, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "bread man" not in response.text


def test_too_much_is_refused_kindly(client: FlaskClient) -> None:
    """413 with a page."""
    response = send(client, [("description", "x" * LONGEST)])
    assert response.status_code == 413
    assert "more than this site takes" in page_of(response.text).heading


def test_all_titles_stand_under_their_letters(client: FlaskClient) -> None:
    """Each leads to its skills, which are no markup."""
    page = read_page(client.get(f"{FORM}/titles").text)
    assert [e.text for e in page.all("h2")] == ["B", "C", "N"]
    links = {e.text: e.attributes["href"] for e in page.all("a")}
    assert set(TITLES) <= set(links)
    skills = read_page(client.get(links["baker"]).text)
    assert [e.text for e in skills.all("li")][-2:] == ["kneading", "<b>ovens</b>"]


@pytest.mark.parametrize("title", ["pilot", "a%2Fb", "%00", "%3Cscript%3E", "x" * 3000, "%ff"])
def test_an_unknown_title_leads_to_those_like_it(client: FlaskClient, title: str) -> None:
    """404 with links to the nearest."""
    response = client.get(f"{FORM}/titles/{title}")
    assert response.status_code == 404
    page = page_of(response.text)
    assert "\x00" not in response.text
    links = {e.text: e.get("href") for e in page.all("a")}
    assert links["nurse/midwife"] == f"{FORM}/titles/nurse%2Fmidwife"


@pytest.mark.parametrize("title", [".", ".."])
def test_dots_are_no_title(client: FlaskClient, api: FakeApi, title: str) -> None:
    """Of an address they would be a way up: the API is not asked for them."""
    response = client.get(f"{FORM}/titles/{title}")
    assert response.status_code == 404
    assert "All titles" in [e.text for e in page_of(response.text).all("a")]
    assert {one.path for one in api.received} <= {"/api/v1.0/models/jobs"}


@pytest.mark.parametrize("address", ["titles", "titles/nurse%2Fmidwife"])
def test_titles_can_be_tried_again(client: FlaskClient, api: FakeApi, address: str) -> None:
    """When the API is away, a link leads to the same page."""
    api.behave = lambda _: None
    response = client.get(f"{FORM}/{address}")
    assert response.status_code == 502
    (again,) = [e.attributes["href"] for e in page_of(response.text).all("a") if e.text == "Try again"]
    api.behave = serving_jobs
    assert client.get(again).status_code == 200


def test_a_model_that_went_away_leads_to_the_others(client: FlaskClient, api: FakeApi) -> None:
    """What was typed is kept there too."""
    given = token(client)
    api.behave = serving(IRIS)
    response = send(client, BREAD, csrf=given)
    assert response.status_code == 404
    page = page_of(response.text)
    assert typed_on(page) == BREAD
    assert page.one("a", href="/models", **{"class": "quiet"}).text == "See all models"


def test_about_says_how_well_it_ranks(client: FlaskClient) -> None:
    """How far up the right title comes, what its probabilities are worth, and what it confuses."""
    page = read_page(client.get(f"{FORM}/about").text)
    said = page.one("main").text
    for words in ("In the first place25 %", "Among the first 1087.5 %", "90 %85 %40", "bakerbeekeeper7"):
        assert words in said
    assert "What it confused most" in [e.text for e in page.all("summary")]


def test_about_is_no_wall(client: FlaskClient) -> None:
    """Of many titles three are named, and a link leads to all."""
    page = read_page(client.get(f"{FORM}/about").text)
    assert "It ranks 14 job titles by how well they fit: baker, beekeeper, nurse/midwife and so on." in (
        page.one("main").text
    )
    assert "All its titles" in [e.text for e in page.all("a")]
    notes = page.one("section", **{"class": "caution"})
    assert "note 5" in notes.text
    assert "3 more" in [e.text for e in page.all("summary")]
    assert "its first title was right for 25" in client.get(FORM).text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=60), st.text(max_size=60).map(lambda text: f"description={text}".encode())
    )
)
def test_any_body_at_all_has_a_page(client: FlaskClient, body: bytes) -> None:
    """Whatever is posted: an answer, the form, or a page that says what is wrong."""
    given = token(client).encode()
    media_type = "application/x-www-form-urlencoded"
    response = client.post(ANSWER, data=b"csrf_token=" + given + b"&" + body, content_type=media_type)
    assert response.status_code in (200, 303, 400)
