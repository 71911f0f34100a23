"""Every page there is, in both colour schemes, on a phone and on a wide screen: axe finds nothing, nothing
overflows, and a picture of each is kept in build/screenshots/."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.services import ROOT

from .axe import violations
from .conftest import OpenPage

SCREENSHOTS = ROOT / "build" / "screenshots"
GOOD = "sepal_length=5,9&sepal_width=3&petal_length=5.1&petal_width=1.8"
DIABETES = "age=59&sex=2&bmi=32.1&bp=101&s1=157&s2=93.2&s3=38&s4=4&s5=4.8598&s6=87"
TWO = (
    "description=planned+the+releases+of+two+agile+teams%0Aand+ran+their+scrum+meetings&title=Scrum+master"
    "&years=3&description=I+fix+leaking+taps,+and+install+boilers+and+kitchen+sinks&years=2,5"
)
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
    "models": ("full_house", "/models", "All models"),
    "thirty-models": ("orchard_site", "/models", "All models"),
    "one-of-thirty": ("orchard_site", "/", "Pears in autumn"),
    "form-of-a-number": ("full_house", "/models/diabetes", "Diabetes"),
    "answer-a-number": ("full_house", f"/models/diabetes/prediction?{DIABETES}", "."),
    "answer-far-out": ("full_house", f"/models/diabetes/prediction?{DIABETES}".replace("32.1", "321"), "."),
    "form-mixed": ("full_house", "/models/passengers?class=steerage&port=Hull", "Passengers"),
    "form-mixed-mistakes": ("full_house", "/models/passengers/prediction?age=old", "Passengers"),
    "form-long": ("full_house", "/models/cancer", "Cancer"),
    "form-long-mistakes": ("full_house", "/models/cancer/prediction?mean+radius=x", "Cancer"),
    "answer-many-classes": ("full_house", "/models/regions/prediction?east=0.5&north=0.5", "Region"),
    "about": ("full_house", "/models/iris/about", "Iris species"),
    "about-a-number": ("full_house", "/models/diabetes/about", "Diabetes"),
    "about-uncompiled": ("orchard_site", "/models/yield/about", "Pears in autumn"),
    "csv": ("full_house", "/models/passengers/csv", "Passengers"),
    "csv-not-whole": ("site", "POST /models/iris/csv", "The file did not arrive whole"),
    "jobs": ("jobs_site", "/models/similar_jobs", "Similar jobs"),
    "jobs-two": ("jobs_site", f"/models/similar_jobs?{TWO}", "Similar jobs"),
    "jobs-mistakes": ("jobs_site", f"/models/similar_jobs/prediction?{TWO}&years=many", "Similar jobs"),
    "jobs-answer": ("jobs_site", f"/models/similar_jobs/prediction?{TWO}", "project manager"),
    "jobs-unknown": ("jobs_site", "/models/similar_jobs/prediction?description=xqzzv", "No word"),
    "jobs-one-unknown": ("jobs_site", f"/models/similar_jobs/prediction?{TWO}&description=xq", "manager"),
    "jobs-titles": ("jobs_site", "/models/similar_jobs/titles", "Similar jobs"),
    "jobs-skills": ("jobs_site", "/models/similar_jobs/titles/plumber", "plumber"),
    "jobs-no-title": ("jobs_site", "/models/similar_jobs/titles/plumbing", "There is no such title"),
    "jobs-about": ("jobs_site", "/models/similar_jobs/about", "Similar jobs"),
    "jobs-models": ("jobs_site", "/models", "All models"),
    "no-such-model": ("site", "/models/nothing", "There is no such model"),
    "api-down": ("site_without_api", f"/prediction?{GOOD}", "The model cannot be reached"),
    "api-slow": ("site_with_slow_api", f"/prediction?{GOOD}", "The answer is taking too long"),
    "api-refusing": ("site_not_let_in", "/", "This site is not let in to the model"),
    "no-such-page": ("site", "/nowhere", "There is no page here"),
    "wrong-method": ("site", "POST /prediction", "This page cannot be used in that way"),
    "wrong-data-type": ("site", "/wrong_data_type", "Something entered was not of the right kind"),
    "bad-api-connection": ("site", "/bad_api_connection", "There was no connection to the model"),
}
HEADER = "sepal_length,sepal_width,petal_length,petal_width\n"
CSV_STATES = {
    "csv-ready": ("site", HEADER + "5.1,3.5,1.4,0.2\n"),
    "csv-no-column": ("site", HEADER.replace("petal_width", "width") + "5.1,3.5,1.4,0.2\n"),
    "csv-bad-cells": ("site", HEADER + "5.1,wide,1.4,0.2\n" * 30 + "5.1,3.5,1.4\n" + "5.1,3.5,1.4,0.2\n"),
    "csv-on-its-way": ("waiting_site", HEADER + "5.1,3.5,1.4,0.2\n" * 100),
}
STATUSES = {
    "form-mixed-mistakes": 400,
    "form-long-mistakes": 400,
    "csv-not-whole": 400,
    "jobs-mistakes": 400,
    "jobs-no-title": 404,
    "no-such-model": 404,
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
        page.locator("form").evaluate(
            """(form, path) => {
                form.action = path;
                form.method = 'post';
                form.enctype = 'multipart/form-data';
                form.submit();
            }""",
            path,
        )
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


@pytest.mark.parametrize(
    "name", ["models", "form-mixed", "form-long", "answer-a-number", "about-a-number", "csv"]
)
def test_the_pages_of_many_models_fit_the_narrowest_screen(
    open_page: OpenPage, full_house: str, name: str
) -> None:
    """320 pixels here too."""
    page = open_page(width=320)
    visit(page, full_house, PAGES[name][1])
    assert_fits(page)


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("jobs")])
def test_the_pages_of_ranked_titles_fit_the_narrowest_screen(
    open_page: OpenPage, jobs_site: str, name: str
) -> None:
    """320 pixels here too."""
    page = open_page(width=320)
    visit(page, jobs_site, PAGES[name][1])
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", CSV_STATES)
def test_the_states_of_a_file_are_sound_and_fit(
    open_page: OpenPage, request: pytest.FixtureRequest, name: str, scheme: str
) -> None:
    """Ready, refused, with bad cells and on its way: what the script shows is as sound as the pages."""
    fixture, text = CSV_STATES[name]
    site = request.getfixturevalue(fixture)
    for width in (1280, 390):
        page = open_page(scheme=scheme, width=width)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{site}/models/iris/csv")
        rows = FilePayload(name="flowers.csv", mimeType="text/csv", buffer=text.encode())
        page.get_by_label("CSV file").set_input_files(rows)
        page.get_by_role("button", name="Predict for each row").click()
        expect(page.locator("#progress" if fixture == "waiting_site" else "#outcome > *")).to_be_visible()
        keep_picture(page, f"{name}-{scheme}-{width}")
        assert_fits(page)
        assert violations(page) == []
