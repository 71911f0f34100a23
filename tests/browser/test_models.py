"""Models as people bring them: found, asked, and understood."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import OpenPage


@pytest.mark.parametrize("javascript", [True, False])
def test_a_number_is_shown_among_those_the_model_has_seen(
    open_page: OpenPage, full_house: str, javascript: bool
) -> None:
    """From the list of all models to the form, its example, and the answer in words and as a drawing."""
    page = open_page(javascript=javascript)
    page.goto(full_house)
    page.get_by_role("link", name="All models").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(5)
    expect(page.locator(".models")).to_contain_text("It predicts a number: progression.")
    page.get_by_role("link", name="Diabetes").click()
    page.get_by_role("link", name="Fill in an example").click()
    page.get_by_role("button", name="Predict progression").click()
    expect(page).to_have_url(re.compile("/models/diabetes/prediction"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d{2,3}\.\d$"))
    expect(page.locator(".lead")).to_have_text(
        re.compile(r"(higher|lower) than in about \d\d % of the 442 rows")
    )
    expect(page.get_by_role("img", name=re.compile("How often the model has seen"))).to_be_visible()
    expect(page.locator(".bars")).to_have_count(0)
    page.get_by_role("link", name="Make another prediction").click()
    expect(page).to_have_url(re.compile("/models/diabetes\\?age="))


@pytest.mark.parametrize("javascript", [True, False])
def test_mixed_columns_with_something_missing_and_something_new(
    open_page: OpenPage, full_house: str, javascript: bool
) -> None:
    """A choice is clicked, another one is typed that the model has never seen, an age is not known."""
    page = open_page(javascript=javascript)
    page.goto(f"{full_house}/models/passengers")
    page.get_by_label("Fare").fill("7,5")
    page.get_by_label("third").check()
    page.get_by_label("or another Port").fill("Atlantis")
    page.get_by_role("button", name="Predict fate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("lost")
    expect(page.locator(".entered")).to_contain_text("Atlantis")
    expect(page.locator(".entered")).to_contain_text("AgeNot given")
    page.get_by_role("link", name="Make another prediction").click()
    expect(page.get_by_label("or another Port")).to_have_value("Atlantis")
    expect(page.get_by_label("third")).to_be_checked()


def test_choosing_and_typing_do_not_contradict_each_other(open_page: OpenPage, full_house: str) -> None:
    """Typing another value lets go of the chosen one, and choosing clears what was typed."""
    page = open_page()
    page.goto(f"{full_house}/models/passengers")
    typed = page.get_by_label("Class: another, not listed")
    page.get_by_label("first").check()
    typed.fill("steerage")
    expect(page.get_by_label("first")).not_to_be_checked()
    expect(page.get_by_label("Another:")).to_be_checked()
    page.get_by_label("second").check()
    expect(typed).to_have_value("")


def test_of_many_classes_ten_are_shown_and_the_rest_are_a_click_away(
    open_page: OpenPage, full_house: str
) -> None:
    """The most probable first, and the one that was predicted among them."""
    page = open_page()
    page.goto(f"{full_house}/models/regions/prediction?east=0.1&north=0.1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Region A")
    expect(page.locator(".bar:visible")).to_have_count(10)
    expect(page.locator(".bar").first).to_contain_text("Region A")
    page.get_by_text("The other 15").click()
    expect(page.locator(".bar:visible")).to_have_count(25)


def test_without_probabilities_none_are_drawn(open_page: OpenPage, full_house: str) -> None:
    """The answer says that it is one class and no more."""
    page = open_page()
    page.goto(f"{full_house}/models/cancer")
    page.get_by_role("link", name="Fill in an example").click()
    page.get_by_role("button", name="Predict benign").click()
    expect(page.locator(".lead")).to_contain_text("does not say how probable")
    expect(page.locator(".bars")).to_have_count(0)


def test_a_model_is_explained(open_page: OpenPage, full_house: str) -> None:
    """What it is, from how many rows, how good, which version, how it is run and what proves it."""
    page = open_page()
    page.goto(full_house)
    page.get_by_role("link", name="About", exact=True).click()
    main = page.get_by_role("main")
    for words in (
        "It predicts species: Iris-Setosa, Iris-Versicolour or Iris-Virginica.",
        "This is version 1, trained on",
        "It learnt from 120 rows.",
        "Measured on 30 rows that it had not learnt from.",
        "This share of its answers was right.",
        "it was compared with the original on",
    ):
        expect(main).to_contain_text(words)


def test_thirty_models_are_one_click_away(open_page: OpenPage, orchard_site: str) -> None:
    """Each of the others is linked from the first page, and they fit on a phone."""
    page = open_page(width=390)
    page.goto(orchard_site)
    expect(page.get_by_role("navigation", name="Other models").get_by_role("link")).to_have_count(29)
    page.get_by_role("link", name="Garden 30").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Garden 30")


def test_a_model_that_is_not_there(open_page: OpenPage, site: str) -> None:
    """The page leads to those that are."""
    page = open_page()
    page.goto(f"{site}/models/nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such model")
    page.get_by_role("link", name="See all models").click()
    expect(page.get_by_role("link", name="Iris species")).to_be_visible()
