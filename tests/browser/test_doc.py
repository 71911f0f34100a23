"""The API's own page in a real browser: signing in, trying a route, reading its answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.services import PASSWORD, ROOT, USERNAME, Service, running_api

from .conftest import OpenPage

PICTURE = ROOT / "build" / "screenshots" / "doc.png"


@pytest.fixture(scope="module")
def api(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API service on every kind of model, which tells details only to who signs in."""
    folder = tmp_path_factory.mktemp("doc")
    with running_api(garden_dir, folder, OPENAPI_DETAILS="0", DATA_DIR=str(folder)) as service:
        yield service


def sign_in(page: Page, password: str) -> None:
    """Type the credentials into the dialog."""
    page.get_by_role("button", name="Authorize").first.click()
    page.locator("input[name=username]").fill(USERNAME)
    page.locator("input[name=password]").fill(password)
    basic = page.locator("form").filter(has=page.locator("input[name=username]"))
    basic.get_by_role("button", name="Apply credentials").click()
    page.locator(".dialog-ux .close-modal").click()


def open_operation(page: Page, id: str) -> Locator:
    """Unfold an operation, and make its parameters fillable."""
    operation = page.locator(f"#operations-Predictions-{id}")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    return operation


def test_a_prediction_can_be_tried_on_the_page(open_page: OpenPage, api: Service) -> None:
    """Sign in with any characters in the password, run the example, read the answer of the model; nothing is
    loaded from another host, and the page's policy is never broken."""
    page = open_page()
    page.goto(f"{api.url}/doc")
    sign_in(page, PASSWORD)
    operation = open_operation(page, "predict")
    # Filled in from the document, which was fetched again after signing in.
    expect(operation.get_by_placeholder("petal_length")).to_have_value("1.4")
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    expect(answer.locator(".response-col_status").last).to_contain_text("200")
    expect(answer).to_contain_text("Iris-Setosa")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURE)


def test_many_rows_can_be_tried_on_the_page(open_page: OpenPage, api: Service) -> None:
    """The body of the document's example, posted as it is, is answered."""
    page = open_page()
    page.goto(f"{api.url}/doc")
    sign_in(page, PASSWORD)
    operation = open_operation(page, "predict_many_meadow")
    expect(operation.locator("textarea.body-param__text")).to_contain_text('"soil": "clay"')
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    expect(answer).to_contain_text("predicted_flowers")


def test_a_stranger_sees_the_routes_and_no_details(open_page: OpenPage, api: Service) -> None:
    """Before signing in the page shows what there is, without anything that was observed in data."""
    page = open_page()
    page.goto(f"{api.url}/doc")
    operation = open_operation(page, "predict")
    expect(operation.get_by_placeholder("petal_length")).to_have_value("")
    expect(operation).not_to_contain_text("has seen")
    sign_in(page, PASSWORD)
    expect(page.locator("#operations-Predictions-predict")).to_contain_text("The model has seen 4.3 to 7.9")
