"""A file of many rows: chosen or dropped, sent, mended, and taken home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import OpenPage

HEADER = "sepal_length,sepal_width,petal_length,petal_width,who"
GOOD = f"{HEADER}\n5.1,3.5,1.4,0.2,ann\n6.3,3.3,6,2.5,bob\n"
BAD = f"{HEADER}\n5.1,wide,1.4,0.2,ann\n6.3,3.3,6,2.5,bob\n"


def file_of(folder: Path, text: str) -> Path:
    """A CSV file with this text."""
    path = folder / "flowers.csv"
    path.write_text(text, encoding="utf-8")
    return path


def downloaded(page: Page, name: str) -> list[str]:
    """The lines of the file that a click on the link or button of that name brings."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).click()
    return Path(download.value.path()).read_text(encoding="utf-8").splitlines()


def test_a_file_is_answered(open_page: OpenPage, site: str, tmp_path: Path) -> None:
    """Chosen, looked at before it is sent, and offered for download with the answers beside its rows."""
    page = open_page()
    page.goto(f"{site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, GOOD))
    expect(page.get_by_role("status")).to_have_text("flowers.csv, 1 kB. All the columns it needs are there.")
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()
    lines = downloaded(page, "Download iris-predictions.csv")
    assert [line.split(",")[4:6] for line in lines] == [
        ["who", "predicted_species"],
        ["ann", "Iris-Setosa"],
        ["bob", "Iris-Virginica"],
    ]


def test_a_file_is_answered_without_javascript(open_page: OpenPage, site: str, tmp_path: Path) -> None:
    """The plain form sends it, and the answer is a download."""
    page = open_page(javascript=False)
    page.goto(f"{site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, GOOD))
    lines = downloaded(page, "Predict for each row")
    assert lines[2].startswith("6.3,3.3,6,2.5,bob,Iris-Virginica,")


def test_the_browser_says_where_a_form_comes_from(open_page: OpenPage, site: str, tmp_path: Path) -> None:
    """Its Origin is this site, which is all that tells over plain HTTP; other pages tell nobody anything."""
    page = open_page(javascript=False)
    page.goto(f"{site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, BAD))
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Predict for each row").click()
    assert sent.value.all_headers()["origin"] == site


def test_a_file_can_be_dropped(open_page: OpenPage, site: str) -> None:
    """On its place on the page; a file that misses it does not replace the page."""
    page = open_page()
    page.goto(f"{site}/models/iris/csv")
    dropped = page.evaluate_handle(
        """text => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], 'dropped.csv', {type: 'text/csv'}));
            return carried;
        }""",
        GOOD,
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("status")).to_contain_text("dropped.csv")
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()


def test_a_missing_column_is_named_before_anything_is_sent(
    open_page: OpenPage, site: str, tmp_path: Path
) -> None:
    """With semicolons and quotes too; sent nevertheless, the model's own words come back."""
    page = open_page()
    page.goto(f"{site}/models/iris/csv")
    text = GOOD.replace("petal_width", "width").replace(",", ";").replace("sepal_length", '"sepal_length"')
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, text))
    expect(page.get_by_role("status")).to_contain_text("A column is missing: petal_width.")
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.locator("#outcome")).to_contain_text("The column petal_width is missing from the header.")


def test_bad_cells_are_listed_and_the_others_answered(open_page: OpenPage, site: str, tmp_path: Path) -> None:
    """Row, column and reason in a table; one click has the other rows answered, without choosing again."""
    page = open_page()
    page.goto(f"{site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, BAD))
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="One cell does not fit")).to_be_visible()
    expect(page.locator("#outcome td")).to_have_text(
        ["1", "sepal_width", "Sepal width must be a number, not 'wide'."]
    )
    expect(page.locator("#outcome")).to_be_focused()
    page.get_by_role("button", name="Answer the other rows").click()
    lines = downloaded(page, "Download iris-predictions.csv")
    assert lines[0].endswith(",problems")
    assert "Sepal width must be a number" in lines[1]
    assert "Iris-Virginica" in lines[2]


def test_bad_cells_without_javascript(open_page: OpenPage, site: str, tmp_path: Path) -> None:
    """The same table; the file has to be chosen again, and the page says so."""
    page = open_page(javascript=False)
    page.goto(f"{site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, BAD))
    page.get_by_role("button", name="Predict for each row").click()
    expect(page).to_have_title(re.compile("^Error: Many rows: Iris species"))
    expect(page.locator("#outcome")).to_contain_text("choose it again below first")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, BAD))
    assert "Iris-Virginica" in downloaded(page, "Answer the other rows")[2]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_busy_api(open_page: OpenPage, busy_site: str, tmp_path: Path, javascript: bool) -> None:
    """The page says to try again in a moment; with JavaScript the file is still chosen."""
    page = open_page(javascript=javascript)
    page.goto(f"{busy_site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, GOOD))
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="The model is busy")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Wait a moment")
    if javascript:
        expect(page.get_by_role("button", name="Predict for each row")).to_be_enabled()


def test_a_page_from_before_a_restart(open_page: OpenPage, site: str, tmp_path: Path) -> None:
    """A token that is not of this session is refused with words that help."""
    page = open_page()
    page.goto(f"{site}/models/iris/csv")
    page.context.clear_cookies()
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, GOOD))
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="This page has to be loaded anew")).to_be_visible()


def test_sending_can_be_stopped(open_page: OpenPage, waiting_site: str, tmp_path: Path) -> None:
    """The progress says what is waited for, and its button ends it; the page can be used again."""
    page = open_page()
    page.goto(f"{waiting_site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, GOOD))
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("progressbar", name="All is sent. Waiting for the answers…")).to_be_visible()
    expect(page.get_by_role("button", name="Predict for each row")).to_be_disabled()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.get_by_role("button", name="Predict for each row")).to_be_enabled()


def test_an_answer_that_does_not_come(open_page: OpenPage, waiting_site: str, tmp_path: Path) -> None:
    """After CSV_TIMEOUT the page says so, and that nothing was kept."""
    page = open_page()
    page.goto(f"{waiting_site}/models/iris/csv")
    page.get_by_label("CSV file").set_input_files(file_of(tmp_path, GOOD))
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="The answer is taking too long")).to_be_visible(timeout=30_000)


def test_the_example_file_can_be_sent(open_page: OpenPage, site: str) -> None:
    """It is a file to start from, so it has to be right."""
    page = open_page()
    page.goto(f"{site}/models/iris/csv")
    with page.expect_download() as download:
        page.get_by_role("link", name="A file to start from").click()
    page.get_by_label("CSV file").set_input_files(
        {
            "name": "example.csv",
            "mimeType": "text/csv",
            "buffer": Path(download.value.path()).read_bytes(),
        }
    )
    page.get_by_role("button", name="Predict for each row").click()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()
