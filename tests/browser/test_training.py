"""Training in the browser: a CSV is sent, followed live, its report read and its version enabled."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.front_end_app.fake_api import Received, Reply, fake_api
from tests.front_end_app.training_samples import (
    DONE,
    FAILED,
    NAME,
    PASSWORD,
    REPORT,
    TrainingHouse,
    ago,
    answered,
    training,
)
from tests.services import DEADLINE, USERNAME, running_api, running_front_end
from tests.services import PASSWORD as REAL_PASSWORD

from .axe import violations
from .conftest import OpenPage
from .test_pages import assert_fits, keep_picture

PATIENCE = 4 * DEADLINE * 1000
"""Milliseconds for a real training; nothing is asserted on how long it takes."""
RUNNING = training(
    "running", "processing", progress=0.4, step="fit", message="Trying a forest.", started_at=ago(60)
)
WIDE_COLUMNS = [
    {"name": f"a_long_name_of_column_{n}", "kind": "number", "used": True, "missing": 0.5} for n in range(60)
]


@dataclass
class Site:
    """A front end, and the house behind it."""

    url: str
    house: TrainingHouse


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[TrainingHouse]]]:
    """A front end with the last of the houses in a list behind it."""
    houses = [TrainingHouse()]

    def by_the_last(request: Received) -> Reply | None:
        return houses[-1](request)

    with (
        fake_api(by_the_last) as api,
        running_front_end(api.url, tmp_path_factory.mktemp("training")) as front_end,
    ):
        yield front_end.url, houses


@pytest.fixture
def fake_site(front: tuple[str, list[TrainingHouse]]) -> Site:
    """The front end with a house of its own, in every state."""
    url, houses = front
    house = TrainingHouse(trainings=[training("pending", "pending"), dict(RUNNING), FAILED, DONE])
    house.trainings.append(training("cancelled", "cancelled", progress=0.4, step="fit"))
    house.record = [answered(n) for n in range(60)]
    houses.append(house)
    return Site(url, house)


def sign_in(page: Page, name: str = NAME, password: str = PASSWORD) -> None:
    """Fill in the form that the page asks with."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name=re.compile("^Sign in")).click()


def signed_in(open_page: OpenPage, site: Site, path: str, **how: object) -> Page:
    """A page that somebody is signed in at, who wanted to go there."""
    page = open_page(**how)
    page.emulate_media(reduced_motion="reduce")
    page.goto(site.url + path)
    sign_in(page)
    page.wait_for_url(site.url + path)
    return page


def csv_file(text: str = "amount;returned\n12,5;no\n99,0;yes\n") -> FilePayload:
    """A file to choose."""
    return FilePayload(name="orders.csv", mimeType="text/csv", buffer=text.encode())


def orders(rows: int, seed: int) -> str:
    """Orders of which those that cost much are often returned."""
    chance = numpy.random.default_rng(seed)
    lines = ["order_no;amount;country;returned"]
    for n in range(rows):
        amount = chance.lognormal(3, 1)
        returned = chance.random() < (0.85 if amount > 40 else 0.05)
        said = f"{amount:.2f}".replace(".", ",")
        lines.append(
            f"A-{n:05};{said};{'Peru' if chance.random() < 0.5 else 'Austria'};{'yes' if returned else 'no'}"
        )
    return "\n".join([*lines, ""])


PAGES = {
    "trainings": ("/training", "Training"),
    "training-new": ("/training/new?model=orders", "Train a model"),
    "training-pending": ("/training/pending", "Returned orders"),
    "training-running": ("/training/running", "Returned orders"),
    "training-failed": ("/training/failed", "Returned orders"),
    "training-cancelled": ("/training/cancelled", "Returned orders"),
    "training-report": ("/training/done", "Returned orders"),
    "versions": ("/models/orders/versions", "Returned orders"),
    "record": ("/predictions", "Record"),
    "record-empty": ("/predictions?model=orders", "Record"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_sound_and_fit(open_page: OpenPage, fake_site: Site, scheme: str) -> None:
    """No violation of the axe rules, no sideways scrolling down to 320 pixels; a picture of each is kept."""
    for width in (1280, 390, 320):
        page = open_page(scheme=scheme, width=width)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{fake_site.url}/training")
        keep_picture(page, f"sign-in-{scheme}-{width}")
        assert_fits(page)
        assert violations(page) == []
        sign_in(page)
        for name, (path, heading) in PAGES.items():
            page.goto(fake_site.url + path)
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
            keep_picture(page, f"{name}-{scheme}-{width}")
            assert_fits(page)
            assert violations(page) == [], name


@pytest.mark.parametrize("width", [1280, 320])
def test_the_second_step_is_sound_and_fits(open_page: OpenPage, fake_site: Site, width: int) -> None:
    """Also of a file of many columns, and with mistakes in the first step."""
    fake_site.house.found["columns"] = WIDE_COLUMNS
    page = signed_in(open_page, fake_site, "/training/new", width=width)
    page.get_by_role("button", name="See what is in it").click()
    expect(page.locator("#summary")).to_contain_text("Choose a CSV file, or give a link to one.")
    keep_picture(page, f"training-mistakes-{width}")
    assert violations(page) == []
    page.get_by_label("A CSV file from here").set_input_files(csv_file())
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("orders.csv")
    keep_picture(page, f"training-preview-{width}")
    assert_fits(page)
    assert violations(page) == []


def test_a_report_with_little_in_it_is_sound(open_page: OpenPage, fake_site: Site) -> None:
    """Many classes with long names, and nearly nothing."""
    labels = [f"A class with a long name, number {n}" for n in range(20)]
    counts = [[9 if i == j else (i * j) % 4 for j in range(20)] for i in range(20)]
    many = {**REPORT, "confusion": {"labels": labels, "counts": counts}}
    fake_site.house.trainings = [{**DONE, "id": "many", "report": many}, {**DONE, "id": "bare", "report": {}}]
    page = signed_in(open_page, fake_site, "/training/many", width=390)
    keep_picture(page, "training-report-many")
    assert_fits(page)
    assert violations(page) == []
    page.goto(f"{fake_site.url}/training/bare")
    assert violations(page) == []


def test_a_training_is_followed_without_a_reload(open_page: OpenPage, fake_site: Site) -> None:
    """The bar, the steps and the title move; at the end the report is there by itself."""
    running = fake_site.house.trainings[1]
    page = signed_in(open_page, fake_site, "/training/running")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    page.evaluate("window.stayed = true")
    running.update(progress=0.9, step="publish", message="Publishing.")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "90")
    expect(page.locator("[aria-current=step]")).to_contain_text("Publish it as a version")
    expect(page.locator("#told")).to_have_text("Publish it as a version")
    expect(page).to_have_title(re.compile("^90 %"))
    assert page.evaluate("window.stayed")
    running.update({**DONE, "id": "running"})
    expect(page.get_by_role("heading", name="How good it is")).to_be_visible()


def test_a_connection_that_is_lost_is_told_and_found_again(open_page: OpenPage, fake_site: Site) -> None:
    """The page goes on by itself."""
    page = signed_in(open_page, fake_site, "/training/running")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    page.route("**/progress", lambda route: route.fulfill(status=200, body="<p>nothing</p>"))
    expect(page.locator("#lost")).to_be_visible()
    page.unroute("**/progress")
    fake_site.house.trainings[1].update(progress=0.7)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "70", timeout=20_000)
    expect(page.locator("#lost")).to_be_hidden()


def test_a_sign_in_that_runs_out_while_a_training_is_followed(open_page: OpenPage, fake_site: Site) -> None:
    """Asks again, and is back at the training."""
    page = signed_in(open_page, fake_site, "/training/running")
    fake_site.house.revoked = True
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Sign in"))
    sign_in(page)
    expect(page).to_have_url(f"{fake_site.url}/training/running")


def test_a_file_stays_chosen_when_the_sign_in_has_run_out(open_page: OpenPage, fake_site: Site) -> None:
    """With a script: name and password are asked for in the form, and nothing is chosen or typed again."""
    page = signed_in(open_page, fake_site, "/training/new")
    # The second step has no address of its own: who goes there is at the first.
    page.goto(f"{fake_site.url}/training/preview")
    fake_site.house.revoked = True
    page.get_by_text("Name it, or say").click()
    page.get_by_label("Title").fill("Returned orders")
    page.get_by_label("A CSV file from here").set_input_files(csv_file())
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_role("heading", name="Please sign in again")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="See what is in it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("orders.csv")
    assert b"12,5;no" in fake_site.house.uploads[-1]
    assert b"Returned orders" in fake_site.house.uploads[-1]


def test_everything_works_without_javascript(open_page: OpenPage, fake_site: Site) -> None:
    """Signing in, both steps, following, cancelling, enabling, signing out."""
    page = signed_in(open_page, fake_site, "/training/new", javascript=False)
    page.get_by_label("A CSV file from here").set_input_files(csv_file())
    page.get_by_role("button", name="See what is in it").click()
    page.get_by_label("Column to predict").select_option("amount")
    page.get_by_role("button", name="Look again with this column").click()
    page.get_by_role("button", name="Start the training").click()
    expect(page).to_have_url(f"{fake_site.url}/training/new")
    page.goto(f"{fake_site.url}/training/running")
    page.get_by_role("button", name="Cancel the training").click()
    expect(page.get_by_role("heading", name="The training was cancelled")).to_be_visible()
    page.goto(f"{fake_site.url}/training/done")
    page.get_by_role("button", name="Go back to the version before").click()
    page.get_by_role("button", name="Enable version 2").click()
    expect(page.get_by_role("heading", name="Version 2 of orders answers now")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_everything_can_be_reached_by_keyboard(open_page: OpenPage, fake_site: Site) -> None:
    """From signing in to the start of a training, with Tab, Enter and Space alone."""
    page = open_page()
    page.goto(f"{fake_site.url}/training/new")
    for typed in (NAME, PASSWORD):
        expect(page.locator("input:focus")).to_be_visible()
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/training/new")
    page.get_by_label("A link to a CSV file").focus()
    page.keyboard.type("https://data.invalid/orders.csv")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("orders.csv")
    page.get_by_label("Column to predict").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start the training")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/training/new")


def test_no_script_can_read_who_is_signed_in(open_page: OpenPage, fake_site: Site) -> None:
    """The cookie is out of its reach."""
    page = signed_in(open_page, fake_site, "/training")
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("javascript", [True, False])
def test_a_csv_becomes_a_model_that_answers(
    open_page: OpenPage, models_dir: Path, tmp_path: Path, javascript: bool
) -> None:
    """With the real API: sent, looked at, trained, its report read, asked, and seen in the record."""
    models = shutil.copytree(models_dir, tmp_path / "models")
    with running_api(models, tmp_path) as api, running_front_end(api.url, tmp_path) as site:
        page = open_page(javascript=javascript)
        page.goto(f"{site.url}/training/new")
        sign_in(page, USERNAME, REAL_PASSWORD)
        page.get_by_label("A CSV file from here").set_input_files(csv_file(orders(1200, seed=1)))
        page.get_by_role("button", name="See what is in it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("orders.csv", timeout=PATIENCE)
        expect(page.get_by_label("Column to predict")).to_have_value("returned")
        expect(page.get_by_role("row", name=re.compile("^order_no identifier Left out"))).to_be_visible()
        expect(page.get_by_text("1200 rows, ")).to_be_visible()
        page.get_by_role("button", name="Start the training").click()
        expect(page.get_by_role("heading", name="How good it is")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("heading", name="Version 1 of orders answers now")).to_be_visible()
        keep_picture(page, f"real-report-{javascript}")
        assert_fits(page)
        assert violations(page) == [] if javascript else True
        page.get_by_role("link", name="Try it").click()
        page.get_by_role("link", name="Fill in an example").click()
        page.get_by_role("button", name=re.compile("^Predict")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^(yes|no)$", re.IGNORECASE))
        expect_recorded(page, site.url)


def expect_recorded(page: Page, url: str) -> None:
    """The answer is in the record as soon as it has been taken in."""
    cells = page.get_by_role("cell", name=re.compile("^orders"))
    for _ in range(int(DEADLINE)):
        page.goto(f"{url}/predictions?model=orders")
        if cells.count():
            break
        page.wait_for_timeout(200)
    expect(cells).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all of orders as a CSV").click()
    assert len(Path(download.value.path()).read_text(encoding="utf-8").splitlines()) == 2
