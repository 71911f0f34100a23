"""Every page there is, in both colour schemes, on a phone and on a wide screen: axe finds nothing, nothing
overflows, and a picture of each is kept in build/screenshots/."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.services import ROOT

from .axe import violations
from .conftest import OpenPage

SCREENSHOTS = ROOT / "build" / "screenshots"
GOOD = "sepal_length=5,9&sepal_width=3&petal_length=5.1&petal_width=1.8"
PAGES = {
    "form": ("site", "/", "Iris species"),
    "answer": ("site", f"/prediction?{GOOD}", "Iris-V"),
    "answer-with-care": ("site", f"/prediction?{GOOD}".replace("5,9", "20"), "Iris-"),
    "mistakes": ("site", "/prediction?sepal_length=long&petal_width=1,234&colour=red", "Iris species"),
    "long-mistake": ("site", "/prediction?sepal_length=" + "long" * 200, "Iris species"),
    "every-kind": ("garden_site", "/?buds=3&light=sun&notes=moved%20in%20spring", "Will it flower?"),
    "every-mistake": ("garden_site", "/prediction?frost=cold&light=", "Will it flower?"),
    "every-kind-answer": (
        "garden_site",
        "/prediction?buds=3&frost=1&light=sun&soil=clay&watered=true",
        "yes",
    ),
    "api-down": ("site_without_api", f"/prediction?{GOOD}", "The model cannot be reached"),
    "api-slow": ("site_with_slow_api", f"/prediction?{GOOD}", "The answer is taking too long"),
    "api-refusing": ("site_not_let_in", "/", "This site is not let in to the model"),
    "no-such-page": ("site", "/nowhere", "There is no page here"),
    "wrong-method": ("site", "POST /prediction", "This page cannot be used in that way"),
    "wrong-data-type": ("site", "/wrong_data_type", "Something entered was not of the right kind"),
    "bad-api-connection": ("site", "/bad_api_connection", "There was no connection to the model"),
}
STATUSES = {
    "mistakes": 400,
    "long-mistake": 400,
    "every-mistake": 400,
    "api-down": 502,
    "api-slow": 504,
    "api-refusing": 503,
    "no-such-page": 404,
    "wrong-method": 405,
}


def visit(page: Page, site: str, address: str) -> int:
    """Go there; returns the status. "POST " before an address sends an empty form to it."""
    method, _, path = address.rpartition(" ")
    if not method:
        response = page.goto(site + path)
        return response.status if response else 0
    page.goto(site)
    with page.expect_navigation() as navigation:
        page.locator("form").evaluate("form => { form.method = 'post'; form.submit(); }")
    return navigation.value.status


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_and_fits(
    open_page: OpenPage, request: pytest.FixtureRequest, name: str, scheme: str
) -> None:
    """The right status and heading, no violation of the axe rules, no sideways scrolling."""
    fixture, address, heading = PAGES[name]
    site = request.getfixturevalue(fixture)
    for width in (1280, 390):
        page = open_page(scheme=scheme, width=width)
        page.emulate_media(reduced_motion="reduce")
        assert visit(page, site, address) == STATUSES.get(name, 200)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        keep_picture(page, f"{name}-{scheme}-{width}")
        assert_fits(page)
        assert violations(page) == []


def test_the_form_fits_the_narrowest_screen_and_large_text(open_page: OpenPage, site: str) -> None:
    """320 pixels, which is also what a wide screen at 400 % zoom leaves."""
    page = open_page(width=320)
    visit(page, site, PAGES["answer"][1])
    assert_fits(page)
    visit(page, site, PAGES["mistakes"][1])
    assert_fits(page)


def test_the_answer_can_be_printed(open_page: OpenPage, site: str) -> None:
    """Without pictures and buttons, with everything that was said."""
    page = open_page()
    page.emulate_media(media="print")
    visit(page, site, PAGES["answer"][1])
    expect(page.locator(".plate")).to_be_hidden()
    expect(page.locator(".bars")).to_be_visible()
    expect(page.locator(".entered")).to_be_visible()
    keep_picture(page, "answer-print")


def keep_picture(page: Page, name: str) -> Path:
    """Take a picture of the whole page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def assert_fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
