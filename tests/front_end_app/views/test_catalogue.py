"""The models there are, and the pages of each."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from ..fake_api import FakeApi, Received, Reply
from ..page import Page, read_page
from ..samples import ANSWER, GARDEN, IRIS, YIELD, YIELD_ANSWER, answer_of_many, serving_all, with_classes

MANY = with_classes(25)


@pytest.fixture(autouse=True)
def house(api: FakeApi) -> None:
    """Iris as the default, and three others."""
    api.behave = serving_all(
        [(IRIS, ANSWER), (YIELD, YIELD_ANSWER), (GARDEN, {}), (MANY, answer_of_many(25))]
    )


def page_at(client: FlaskClient, address: str, status: int = 200) -> Page:
    """The page at an address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status
    return read_page(response.text)


def links(page: Page) -> dict[str, str]:
    """Where the links of the page lead, by their text."""
    return {e.text.strip(): e.attributes["href"] for e in page.all("a")}


def test_all_models_are_listed_with_what_they_predict(client: FlaskClient) -> None:
    """By title, in words, each with a link to its form."""
    page = page_at(client, "/models")
    assert [e.text.strip() for e in page.all("h2")] == [
        "Iris species",
        "Pears in autumn",
        "Will it flower?",
        "One of many",
    ]
    assert links(page)["Pears in autumn"] == "/models/yield"
    assert "It predicts a number: kilograms." in [e.text for e in page.all("p")]


def test_a_model_that_goes_away_meanwhile_is_left_out(client: FlaskClient, api: FakeApi) -> None:
    """The list was asked for first; the others are still there."""
    served = api.behave

    def without_garden(request: Received) -> Reply | None:
        gone = request.path == "/api/v1.0/models/garden"
        return Reply(404, {"message": "Gone."}) if gone else served(request)

    api.behave = without_garden
    assert len(page_at(client, "/models").all("h2")) == 3


def test_the_first_page_leads_to_the_others(client: FlaskClient) -> None:
    """With one click to each, and from each of them back."""
    assert {
        title: address for title, address in links(page_at(client, "/")).items() if title in TITLES
    } == TITLES
    assert links(page_at(client, "/models/yield"))["Iris species"] == "/"


TITLES = {
    "Pears in autumn": "/models/yield",
    "Will it flower?": "/models/garden",
    "One of many": "/models/many",
}


def test_each_model_has_its_form_and_its_answer(client: FlaskClient, api: FakeApi) -> None:
    """Under its own address, with the way back to its own form."""
    page = page_at(client, "/models/yield")
    assert page.one("form").get("action") == "/models/yield/prediction"
    answer = page_at(client, "/models/yield/prediction?age=12&sort=bosc&sort=&soil=&soil=")
    assert api.received[-1].path == "/api/v1.0/models/yield/predict"
    assert api.received[-1].pairs == [("age", "12"), ("sort", "bosc")]
    assert answer.heading == "25.04"
    assert answer.one("data").get("value") == "25.04321"
    assert links(answer)["Make another prediction"].startswith("/models/yield?age=12")


def test_mistakes_come_back_to_the_model_s_own_form(client: FlaskClient) -> None:
    """And no arguments at all lead to it."""
    page = page_at(client, "/models/many/prediction?value_1=x", 400)
    assert page.one("form").get("action") == "/models/many/prediction"
    assert client.get("/models/many/prediction").location == "/models/many"


def test_the_drawing_is_described(client: FlaskClient) -> None:
    """Who cannot see it hears the same; nothing in it is styled in place."""
    page = page_at(client, "/models/yield/prediction?age=12&sort=bosc")
    drawing = page.one("svg", role="img")
    assert "higher than in about 70 %" in drawing.attributes["aria-label"]
    assert len(page.all("rect")) == 4
    assert [e for e in page.elements if "style" in e.attributes] == []


def test_of_many_classes_the_rest_is_behind_a_summary(client: FlaskClient) -> None:
    """Ten bars, and fifteen more to open."""
    query = "&".join(f"value_{n}=1" for n in range(1, 26))
    page = page_at(client, f"/models/many/prediction?{query}")
    assert page.one("summary").text == "The other 15"
    assert len(page.one("details").text.split("Class")) == 16


def test_without_probabilities_that_is_said(client: FlaskClient, api: FakeApi) -> None:
    """Instead of bars."""
    silent = {**IRIS, "target": {**IRIS["target"], "probabilities": False}}
    api.behave = serving_all([(silent, {"response": {"predicted_species": "Iris-Setosa"}})])
    page = page_at(client, "/prediction?sepal_length=5&sepal_width=3&petal_length=1&petal_width=1")
    assert "does not say how probable" in page.one("p", **{"class": "lead"}).text
    assert page.all("rect") == []


def test_a_model_is_explained(client: FlaskClient) -> None:
    """Figures with their meaning, notes, how it is run, what was tried, and what it takes."""
    page = page_at(client, "/models/yield/about")
    text = page.one("main").text
    for words in (
        "It predicts a number: kilograms.",
        "version 3, taken in on 19 November 2026",
        "Its source: imported from pears.skops.",
        "4.328",
        "On average, its answer was this far from the truth.",
        "may have learnt from",
        "scikit-learn itself",
        "bouquet: too odd.",
        "scikit-learn 1.9.1",
        "anjou or bosc; or another.",
    ):
        assert words in text


def test_every_page_of_a_model_leads_to_the_others(client: FlaskClient) -> None:
    """And says which one it is."""
    for address, here in (
        ("/models/yield", "One at a time"),
        ("/models/yield/csv", "Many at once"),
        ("/models/yield/about", "About"),
    ):
        page = page_at(client, address)
        assert [e.text for e in page.all("a", **{"aria-current": "page"})] == [here]
        assert {"One at a time", "Many at once", "About", "All models"} <= set(links(page))


def test_an_unknown_model_is_a_kind_404(client: FlaskClient) -> None:
    """With the way to those there are."""
    for address in ("/models/nothing", "/models/nothing/prediction?a=1", "/models/..%2Firis"):
        response = client.get(address)
        assert response.status_code == 404
    assert links(page_at(client, "/models/nothing", 404))["See all models"] == "/models"
