"""Similar jobs as a person uses it: describe, read why, open a title, come back, lose nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.services import Service, running_api, running_front_end

from .axe import violations
from .conftest import OpenPage
from .test_pages import assert_fits, keep_picture

SCRUM = "organizing projects with agile and scrum methodologies"
TAPS = "I fix leaking taps and install boilers"
LONG = f"{SCRUM}.\nPlanned the releases of two teams, and reported on them every month.\n\n" * 40
FORM = "/models/similar_jobs"


@pytest.fixture
def stopping_site(jobs_dir: Path, tmp_path: Path) -> Iterator[tuple[str, Service]]:
    """A front end with an API of its own, which may be stopped."""
    with running_api(jobs_dir, tmp_path) as api, running_front_end(api.url, tmp_path) as front_end:
        yield front_end.url, api


def descriptions(page: Page) -> Locator:
    """The large text boxes."""
    return page.get_by_role("textbox", name="Description")


def ask(page: Page) -> None:
    """Press the button that sends the form."""
    page.get_by_role("button", name="Find job titles").click()


def typed(page: Page) -> list[str]:
    """What stands in all fields, in their order."""
    return [field.input_value() for field in page.get_by_role("textbox").all()]


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_description_to_titles_and_their_skills(
    open_page: OpenPage, jobs_site: str, javascript: bool
) -> None:
    """From the list of models to the ranking, the words marked for two titles, the skills of one and back."""
    page = open_page(javascript=javascript)
    page.goto(f"{jobs_site}/models")
    page.get_by_role("link", name="Similar jobs").click()
    descriptions(page).fill(SCRUM)
    ask(page)
    expect(page).to_have_url(re.compile(r"/models/similar_jobs/prediction\?description=organizing"))
    expect(page.get_by_role("heading", level=1)).to_have_text("technical project manager")
    expect(page.locator(".bar:visible")).to_have_count(10)
    expect(page.locator(".text mark.for:visible")).to_contain_text(["agile"])
    expect(page.locator(".spoke:visible")).to_contain_text("agile +")
    page.get_by_text("Why", exact=False).nth(2).click()
    expect(page.locator(".marked:visible")).to_have_count(1)
    expect(page.locator("details[open]")).to_have_count(1)
    page.get_by_text(re.compile("Show the other")).click()
    assert page.locator(".bar:visible").count() > 100
    page.locator(".ranking").get_by_role("link", name="technical project manager").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("technical project manager")
    expect(page.locator(".skills li")).to_have_count(20)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("technical project manager")
    page.get_by_role("link", name="Change what you entered").click()
    assert typed(page) == [SCRUM, "", ""]


@pytest.mark.parametrize("javascript", [True, False])
def test_experiences_are_added_and_removed(open_page: OpenPage, jobs_site: str, javascript: bool) -> None:
    """With a script without leaving the page; without one it comes back with all that was typed."""
    page = open_page(javascript=javascript)
    page.goto(jobs_site + FORM)
    expect(page.get_by_role("group")).to_have_count(1)
    descriptions(page).fill(SCRUM)
    page.get_by_role("textbox", name="Years").fill("2,5")
    page.get_by_role("button", name="Add another experience").click()
    expect(page.get_by_role("group", name="Experience 2")).to_be_visible()
    assert page.url.endswith(FORM) == javascript
    second = page.get_by_role("group", name="Experience 2").get_by_role("textbox", name="Description")
    expect(second).to_be_focused()
    if javascript:
        page.get_by_role("button", name="Add another experience").click()
        expect(page.get_by_role("group")).to_have_count(3)
        assert violations(page) == []
        page.get_by_role("button", name="Remove experience 2").click()
    descriptions(page).nth(1).fill(TAPS)
    expect(page.get_by_role("group")).to_have_count(2)
    last = page.get_by_role("group", name="Experience 2")
    expect(last.get_by_role("textbox", name="Description")).to_have_value(TAPS)
    last.get_by_role("textbox", name="Job title").fill("Plumber")
    ask(page)
    expect(page.locator(".ranking .bar a").first).to_be_visible()
    first_two = {one.inner_text() for one in page.locator(".ranking .bar a").all()[:2]}
    assert first_two == {"technical project manager", "plumber"}
    expect(page.locator(".why:visible")).to_contain_text("Experience 1, 2.5 years")
    page.get_by_role("link", name="Change what you entered").click()
    assert typed(page) == [SCRUM, "", "2,5", TAPS, "Plumber", ""]
    page.get_by_role("button", name="Remove experience 1").click()
    expect(page.get_by_role("group")).to_have_count(1)
    assert typed(page) == [TAPS, "Plumber", ""]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_long_text_is_answered_and_come_back_to(
    open_page: OpenPage, jobs_site: str, javascript: bool
) -> None:
    """No address takes it; from a title the way back leads to the answer, and from there to the text."""
    page = open_page(javascript=javascript)
    page.goto(jobs_site + FORM)
    descriptions(page).fill(LONG)
    ask(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("technical project manager")
    assert "?" not in page.url
    page.locator(".ranking").get_by_role("link", name="technical project manager").click()
    expect(page.locator(".skills li")).to_have_count(20)
    page.go_back()
    expect(page.locator(".ranking").first).to_be_visible()
    page.get_by_role("button", name="Change what you entered").click()
    assert typed(page) == [LONG, "", ""]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_mistake_is_shown_where_it_is(open_page: OpenPage, jobs_site: str, javascript: bool) -> None:
    """The summary has the focus and leads to the field; what was right is kept."""
    page = open_page(javascript=javascript)
    page.goto(jobs_site + FORM)
    descriptions(page).fill(TAPS)
    page.get_by_role("textbox", name="Years").fill("ninety")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Error: Similar jobs"))
    expect(page.locator("#summary")).to_be_focused()
    page.locator("#summary a").click()
    years = page.get_by_role("textbox", name="Years")
    expect(years).to_be_focused()
    expect(years).to_have_accessible_description(re.compile("must be a number above 0"))
    assert typed(page) == [TAPS, "", "ninety"]
    years.fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("plumber")


def test_the_keyboard_is_enough(open_page: OpenPage, jobs_site: str) -> None:
    """From the text box through title and years, to another experience and its removal, to the answer."""
    page = open_page()
    page.goto(jobs_site + FORM)
    descriptions(page).focus()
    page.keyboard.type(TAPS)
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Job title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Years")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Remove experience 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(descriptions(page)).to_be_focused()
    page.get_by_role("textbox", name="Job title").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("plumber")
    page.locator("summary").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("details[open] .marked")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("text", [TAPS, LONG], ids=["short", "long"])
def test_nothing_typed_is_lost_when_the_session_is_over(
    open_page: OpenPage, jobs_site: str, javascript: bool, text: str
) -> None:
    """The page says so above all that was typed, and the next press of the button is answered."""
    page = open_page(javascript=javascript)
    page.goto(jobs_site + FORM)
    descriptions(page).fill(text)
    page.context.clear_cookies()
    ask(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please press the button once more")
    assert typed(page) == [text, "", ""]
    if javascript:
        keep_picture(page, "jobs-too-old")
        assert_fits(page)
        assert violations(page) == []
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".ranking").first).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_nothing_typed_is_lost_when_the_api_is_away(
    open_page: OpenPage, stopping_site: tuple[str, Service], javascript: bool
) -> None:
    """The page of the error has all that was typed, also of two experiences."""
    site, api = stopping_site
    page = open_page(javascript=javascript, width=390)
    page.goto(f"{site}{FORM}?description={TAPS}&years=2&description=x")
    descriptions(page).nth(1).fill(LONG)
    api.stop()
    ask(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The model cannot be reached")
    assert typed(page) == [TAPS, "", "2", LONG, "", ""]
    page.get_by_role("button", name="Add another experience").click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The model cannot be reached")
    assert typed(page)[:5] == [TAPS, "", "2", LONG, ""]
    if javascript:
        keep_picture(page, "jobs-api-down")
        assert_fits(page)
        assert violations(page) == []


def test_every_title_is_a_click_away(open_page: OpenPage, jobs_site: str) -> None:
    """The list of all titles, one of them, and what is said of one that is not there."""
    page = open_page(javascript=False)
    page.goto(jobs_site + FORM)
    page.get_by_role("link", name="All titles").click()
    assert page.locator(".letters a").count() > 100
    page.get_by_role("link", name="beekeeper").click()
    expect(page.locator(".skills li")).to_have_count(20)
    page.goto(f"{jobs_site}{FORM}/titles/bee keeper")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such title")
    page.get_by_role("link", name="beekeeper").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("beekeeper")
