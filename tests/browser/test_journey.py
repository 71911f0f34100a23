"""What a person does: opens the form, types, reads the answer, goes back, mistypes, mends it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage

SETOSA = {"Sepal length": "5.1", "Sepal width": "3,5", "Petal length": "1.4 cm", "Petal width": "0.2"}


def fill_in(page: Page, values: dict[str, str]) -> None:
    """Type each value into the field with that label."""
    for label, value in values.items():
        page.get_by_label(label).fill(value)


def values(page: Page) -> list[str]:
    """What stands in the fields, in their order."""
    return [field.input_value() for field in page.get_by_role("textbox").all()]


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_form_to_the_answer_and_back(open_page: OpenPage, site: str, javascript: bool) -> None:
    """With and without JavaScript: the species, three probabilities, and the values kept on the way back."""
    page = open_page(javascript=javascript)
    page.goto(site)
    fill_in(page, SETOSA)
    page.get_by_role("button", name="Predict species").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Iris-Setosa")
    expect(page.locator(".bars dt")).to_have_text(["Iris-Setosa", "Iris-Versicolour", "Iris-Virginica"])
    expect(page.locator(".bars data").first).to_contain_text("%")
    expect(page.locator(".entered")).to_contain_text("3,5 cm read as 3.5 cm")
    page.get_by_role("link", name="Make another prediction").click()
    assert values(page) == list(SETOSA.values())


@pytest.mark.parametrize("javascript", [True, False])
def test_a_mistake_is_shown_where_it_is_and_can_be_mended(
    open_page: OpenPage, site: str, javascript: bool
) -> None:
    """The summary has the focus, leads to the field, and the other values are still there."""
    page = open_page(javascript=javascript)
    page.goto(site)
    fill_in(page, {**SETOSA, "Petal length": "long", "Petal width": ""})
    page.get_by_role("button", name="Predict species").click()
    expect(page).to_have_title(re.compile("^Error: Iris species"))
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#summary a")).to_have_count(2)
    page.locator("#summary a").first.click()
    expect(page.get_by_label("Petal length")).to_be_focused()
    expect(page.get_by_label("Petal length")).to_have_accessible_description(re.compile("must be a number"))
    assert values(page) == ["5.1", "3,5", "long", ""]
    fill_in(page, {"Petal length": "1.4", "Petal width": "0.2"})
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Iris-Setosa")


def test_the_answer_can_be_shared(open_page: OpenPage, site: str) -> None:
    """Its address gives somebody else the same answer."""
    mine, yours = open_page(), open_page(javascript=False)
    mine.goto(site)
    fill_in(mine, {"Sepal length": "6.3", "Sepal width": "3.3", "Petal length": "6", "Petal width": "2.5"})
    mine.get_by_role("button", name="Predict species").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Iris-Virginica")
    yours.goto(mine.url)
    expect(yours.get_by_role("heading", level=1)).to_have_text("Iris-Virginica")
    assert yours.locator(".bars").inner_text() == mine.locator(".bars").inner_text()


def test_odd_measurements_are_answered_with_care(open_page: OpenPage, site: str) -> None:
    """What the model has never seen is said beside the answer."""
    page = open_page()
    page.goto(f"{site}/prediction?sepal_length=20&sepal_width=3&petal_length=1&petal_width=1")
    expect(page.get_by_role("heading", name="Take this answer with care")).to_be_visible()
    expect(page.locator(".caution li")).to_contain_text("Sepal length 20 cm is outside")


@pytest.mark.parametrize("javascript", [True, False])
def test_the_example_fills_the_form(open_page: OpenPage, site: str, javascript: bool) -> None:
    """One click, and the form can be sent."""
    page = open_page(javascript=javascript)
    page.goto(site)
    page.get_by_role("link", name="Fill in an example").click()
    page.get_by_role("button", name="Predict species").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Iris-Setosa")


def test_the_keyboard_is_enough(open_page: OpenPage, site: str) -> None:
    """Skip to the content, past the links, through the fields in order, Enter to send and to go back."""
    page = open_page()
    page.goto(site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for link in ("One at a time", "Many at once", "About"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=link, exact=True)).to_be_focused()
    for label, value in SETOSA.items():
        page.keyboard.press("Tab")
        expect(page.get_by_label(label)).to_be_focused()
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Iris-Setosa")
    # The way past the links, the site's name, its three pages and the way in.
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Make another prediction")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Iris species"))
    assert values(page) == list(SETOSA.values())


def test_arrow_keys_step_a_number(open_page: OpenPage, site: str) -> None:
    """By the model's own step, from the example when the field is empty, and never to 5.199999."""
    page = open_page()
    page.goto(site)
    field = page.get_by_label("Sepal length")
    field.press("ArrowUp")
    expect(field).to_have_value("5.1")
    field.press("ArrowUp")
    expect(field).to_have_value("5.2")
    field.fill("0,35")
    field.press("ArrowDown")
    expect(field).to_have_value("0.25")
    field.fill("wide")
    field.press("ArrowUp")
    expect(field).to_have_value("wide")


def test_every_kind_of_field_can_be_filled_in(open_page: OpenPage, garden_site: str) -> None:
    """Buttons, list, text, box: an invented model is asked by mouse and keyboard, and answers."""
    page = open_page()
    page.goto(garden_site)
    fill_in(page, {"Buds": "3", "Frost": "\N{MINUS SIGN}2,5", "Notes": "moved\nin spring"})
    page.get_by_label("Sun").check()
    page.get_by_label("Soil").select_option("Peat")
    page.get_by_label("Watered").check()
    page.get_by_role("button", name="Predict flower").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("yes")
    expect(page.locator(".entered")).to_contain_text("Peat")
    expect(page.locator(".entered")).to_contain_text("-2.5 °C")
    page.get_by_role("link", name="Make another prediction").click()
    expect(page.get_by_label("Watered")).to_be_checked()
    expect(page.get_by_label("Sun")).to_be_checked()
    expect(page.get_by_label("Notes")).to_have_value("moved\nin spring")


def test_movement_only_for_who_wants_it(open_page: OpenPage, site: str) -> None:
    """Bars fade in, but not for who asked the system for less motion."""
    page = open_page()
    bar = page.locator(".bar .length").first
    for motion, movement in (("reduce", "none"), ("no-preference", "appear")):
        page.emulate_media(reduced_motion="reduce" if motion == "reduce" else "no-preference")
        page.goto(f"{site}/prediction?sepal_length=5&sepal_width=3&petal_length=1&petal_width=1")
        assert bar.evaluate("bar => getComputedStyle(bar).animationName") == movement
