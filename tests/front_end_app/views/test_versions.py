"""A model's versions and its health, and choosing which one answers."""

from __future__ import annotations

from flask.testing import FlaskClient

from ..fake_api import Reply
from ..training_samples import TrainingHouse
from .house import page_at, post, sign_in, texts

ADDRESS = "/models/orders/versions"


def test_the_versions_are_listed(vita: FlaskClient) -> None:
    """With their figures, which one answers, which is refused and why, and what was done."""
    page = page_at(vita, ADDRESS)
    rows = texts(page, "tr")
    assert rows[1].startswith("3 refused its file is broken 2026-11-20 12:00:00")
    assert rows[2].startswith("2 answers 2026-11-20 12:00:00")
    assert rows[3].startswith("1 Enable version 1 2026-11-20 12:00:00")
    assert "2026-11-20 12:00:002enabledtraining" in rows


def test_the_health_of_the_one_that_answers_is_told(vita: FlaskClient) -> None:
    """Its six figures, and how much it has answered since when."""
    page = page_at(vita, ADDRESS)
    said = " ".join(page.one("section", id="health").text.split())
    assert (
        "It has answered 12\N{NARROW NO-BREAK SPACE}345 rows".replace("\N{NARROW NO-BREAK SPACE}", " ")
        in said
    )
    assert "since it was enabled on 20 November 2026, 12:00 UTC" in said
    assert [e.text for e in page.all("dt")] == ["Accuracy", "Precision", "Recall", "F1", "AUC", "Training"]
    assert vita.get("/models/orders/health").headers["Location"] == f"{ADDRESS}#health"


def test_how_its_answers_turned_out_is_told(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Beside the figures of when it was trained, those of the rows of which somebody told the truth."""
    figures = {"accuracy": 0.75, "precision": 0.5, "recall": 0.5, "f1": 0.5, "auc": None, "seconds": None}
    training_house.in_use = {"rows": 1, "figures": figures}
    page = page_at(vita, ADDRESS)
    said = " ".join(page.one("section", id="health").text.split())
    assert "Of 1 row that it answered, somebody has told what turned out to be true. Accuracy75 %" in said
    assert texts(page, "h3") == ["When it was trained", "In use"]


def test_a_version_can_be_enabled(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """And the one before again."""
    response = post(vita, "/models/orders/enabled", version="1")
    assert response.headers["Location"] == ADDRESS
    assert training_house.enabled == "1"
    assert "Version 1 of orders answers now." in texts(page_at(vita, ADDRESS), "p")
    training_house.enabled = "2"
    assert "Go back to the version that answered before" in texts(page_at(vita, ADDRESS), "button")
    post(vita, "/models/orders/enabled", version="previous")
    assert training_house.enabled == "1"


def test_a_version_that_is_refused_is_explained(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """In the API's words; what answered before answers still."""
    training_house.refuses["PUT", "/models/orders/enabled"] = Reply(409, {"detail": "Its file is broken."})
    response = post(vita, "/models/orders/enabled", version="3")
    assert response.status_code == 409
    assert "Its file is broken." in response.text


def test_who_may_not_is_told_which_role_it_needs(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """By the API, whose word counts; the buttons are not there for whom it would refuse."""
    training_house.refuses["PUT", "/models/orders/enabled"] = Reply(
        403, {"detail": "It needs the role train."}
    )
    response = post(vita, "/models/orders/enabled", version="1")
    assert response.status_code == 403
    assert "It needs the role train." in response.text
    training_house.role = "predict"
    sign_in(vita)
    assert texts(page_at(vita, ADDRESS), "button") == ["Sign out"]


def test_only_who_is_signed_in_is_led_to_the_versions(vita: FlaskClient) -> None:
    """The link stands among the model's pages."""
    assert "/models/iris/versions" in [e.get("href") for e in page_at(vita, "/models/iris/about").all("a")]
    other = vita.application.test_client()
    assert "Versions" not in texts(page_at(other, "/models/iris/about"), "a")


def test_a_health_that_cannot_be_told_takes_nothing_else_away(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """The versions are there all the same."""
    training_house.refuses["GET", "/models/orders/health"] = Reply(503, {})
    page = page_at(vita, ADDRESS)
    assert not page.all("section", id="health")
    assert len(page.all("tr")) > 3


def test_no_versions_of_no_model(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """404 with a way on."""
    assert page_at(vita, "/models/nothing/versions", 404).one("a", **{"class": "button"}).get("href")
