"""The record of what was answered: read a page at a time, by model, and as a file."""

from __future__ import annotations

from flask.testing import FlaskClient

from ..fake_api import FakeApi, Reply
from ..training_samples import TrainingHouse, answered
from .house import page_at, texts

ADDRESS = "/predictions"


def test_an_empty_record_says_so(vita: FlaskClient) -> None:
    """In words, also where only a model is looked at."""
    assert "Nothing has been answered yet." in texts(page_at(vita, ADDRESS), "p")
    assert "Nothing has been answered yet by this model." in texts(
        page_at(vita, f"{ADDRESS}?model=iris"), "p"
    )


def test_the_record_is_read(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """When, which model and version, the answer and how probable, who asked what."""
    training_house.record = [
        answered(1),
        answered(2, inputs={"amount": None, "note": "<b>"}, answer=12.5, probabilities=None),
    ]
    page = page_at(vita, ADDRESS)
    rows = texts(page, "tr")
    assert rows[1].startswith(
        "2026-11-20 12:00:01 iris version 1 Iris-Setosa 98.0 % my_username 4 values sepal_length5.1"
    )
    assert rows[2] == "2026-11-20 12:00:02 iris version 1 12.5 my_username amountnot given note<b>"


def test_a_long_record_has_pages(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Forth by the API's cursor with the filter kept, and back to the newest."""
    training_house.record = [answered(n) for n in range(120)]
    first = page_at(vita, f"{ADDRESS}?model=iris")
    assert len(first.all("tr")) == 51
    (forth,) = [e for e in first.all("a") if e.text == "Earlier ones"]
    third = page_at(vita, f"{ADDRESS}?model=iris&cursor=100")
    assert forth.get("href") == f"{ADDRESS}?model=iris&cursor=50"
    assert "Newest" in texts(third, "a")
    assert "Earlier ones" not in texts(third, "a")


def test_the_record_can_be_of_one_model(
    vita: FlaskClient, training_house: TrainingHouse, api: FakeApi
) -> None:
    """Chosen from those that are served; one that is gone stays chosen."""
    page = page_at(vita, f"{ADDRESS}?model=gone")
    assert [e.get("value") for e in page.all("option") if "selected" in e.attributes] == ["gone"]
    asked = [request for request in api.received if request.path.endswith("/predictions")]
    assert dict(asked[-1].pairs) == {"limit": "50", "model": "gone"}


def test_the_record_can_be_taken_along(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """As a file that passes through, of one model or of all."""
    training_house.record = [answered(1), answered(2, model="orders")]
    response = vita.get("/predictions.csv?model=orders")
    assert response.text.splitlines() == ["id,row,answer", "0190-2,0,Iris-Setosa"]
    assert response.headers["Content-Disposition"] == 'attachment; filename="orders-predictions.csv"'
    assert response.headers["Cache-Control"] == "no-store"
    response = vita.get("/predictions.csv")
    assert len(response.text.splitlines()) == 3
    assert response.headers["Content-Disposition"] == 'attachment; filename="predictions.csv"'


def test_a_cursor_that_makes_no_sense_is_told(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """In the API's words."""
    training_house.refuses["GET", "/predictions"] = Reply(400, {"message": "cursor must be one that came."})
    response = vita.get(f"{ADDRESS}?cursor=x")
    assert response.status_code == 400
    assert "cursor must be one that came." in response.text


def test_a_record_that_is_away_is_told(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """With a way to try again."""
    training_house.refuses["GET", "/predictions"] = Reply(503, {})
    page = page_at(vita, ADDRESS, 503)
    assert page.one("a", **{"class": "button"}).get("href") == ADDRESS
