"""Trainings: the list of them, one on its way, and what came of it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from ..fake_api import Reply
from ..page import Page
from ..training_samples import DONE, FAILED, REPORT, TrainingHouse, ago, training
from .house import page_at, post, sign_in, texts


def running(**more: object) -> dict[str, object]:
    """A training that is under way."""
    given = {"progress": 0.62, "step": "fit", "message": "Trying a forest.", "started_at": ago(90)}
    return training("running", "processing", **{**given, **more})


def of(vita: FlaskClient, house: TrainingHouse, one: dict[str, object]) -> Page:
    """The page of a training."""
    house.trainings = [one]
    return page_at(vita, f"/training/{one['id']}")


def words(page: Page) -> str:
    """All that the page says."""
    return " ".join(page.one("main").text.split())


def test_the_list_says_how_each_is(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Newest first, with its status, what it became, or why it failed, and a button to start another."""
    page = page_at(vita, "/training")
    items = texts(page, "li")
    assert any(item.endswith("Waiting") for item in items)
    assert any("Row 17 has 5 cells, where the header has 4. Failed" in item for item in items)
    assert any("became version 2 of orders" in item and item.endswith("Done") for item in items)
    assert page.one("a", **{"class": "button"}).get("href") == "/training/new"


def test_an_empty_list_says_so(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """In words."""
    training_house.trainings = []
    assert "Nothing has been trained here yet." in texts(page_at(vita, "/training"), "p")


def test_a_long_list_has_pages(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Forth by the API's cursor, and back to the newest."""
    training_house.trainings = [{**DONE, "id": f"t{n}"} for n in range(60)]
    first = page_at(vita, "/training")
    (forth,) = [e for e in first.all("a") if e.text == "Earlier ones"]
    assert forth.get("href") == "/training?cursor=25"
    third = page_at(vita, "/training?cursor=50")
    assert "/training/t59" in [e.get("href") for e in third.all("a")]
    assert "Newest" in texts(third, "a")
    assert "Earlier ones" not in texts(third, "a")


def test_the_list_goes_on_by_itself_as_long_as_something_runs(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """Also without a script."""
    assert page_at(vita, "/training").all("meta", **{"http-equiv": "refresh"})
    training_house.trainings = [DONE]
    assert not page_at(vita, "/training").all("meta", **{"http-equiv": "refresh"})


def test_one_that_runs_is_followed(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """How much is done, what is being done, each step's state in a word, and both times."""
    page = of(vita, training_house, running(expected_seconds=100))
    assert page.one("progress").get("value") == "62"
    assert "Trying a forest." in texts(page, "p")
    steps = texts(page, "li")
    assert "Get the file done" in steps
    assert "Try candidates under way" in steps
    assert "Publish it as a version not yet" in steps
    assert page.one("li", **{"aria-current": "step"}).text.startswith("Try candidates")
    assert "Still to goabout 1 min 45 s" in words(page)
    assert "Elapsed1 min" in words(page)
    assert page.title.startswith("62 %")


def test_it_loads_itself_anew_where_no_script_runs(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """And only as long as there is something to see."""
    page = of(vita, training_house, running())
    refresh = page.one("meta", **{"http-equiv": "refresh"})
    assert refresh.get("content") == "5"
    assert page.one("noscript")
    assert not of(vita, training_house, FAILED).all("meta", **{"http-equiv": "refresh"})


def test_the_part_that_changes_has_an_address(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """For the script: without the page around it, and it says when all is over."""
    training_house.trainings = [running(), DONE]
    part = vita.get("/training/running/progress")
    assert part.headers["Bouquet-Ended"] == "0"
    assert "<html" not in part.text
    assert 'value="62"' in part.text
    assert vita.get("/training/done/progress").headers["Bouquet-Ended"] == "1"


def test_one_that_waits_says_what_for(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Nothing is done yet."""
    page = of(vita, training_house, training("pending", "pending"))
    assert "waits for its turn" in words(page)
    assert page.one("progress").get("value") == "0"


def test_it_can_be_cancelled(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """By a button, and the page says what became of it."""
    page = of(vita, training_house, running())
    assert "Cancel the training" in texts(page, "button")
    response = post(vita, "/training/running/cancel")
    assert response.headers["Location"] == "/training/running"
    page = page_at(vita, "/training/running")
    assert "The training was cancelled" in texts(page, "h2")
    assert "Try candidates ended here" in texts(page, "li")


def test_one_that_has_ended_cannot_be_cancelled(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """The API's sentence says so, and the way leads back."""
    training_house.refuses["DELETE", "/training/done"] = Reply(409, {"detail": "It has ended."})
    response = post(vita, "/training/done/cancel")
    assert response.status_code == 409
    assert "It has ended." in response.text


def test_who_may_not_train_sees_no_buttons(client: FlaskClient, training_house: TrainingHouse) -> None:
    """Neither to cancel nor to enable."""
    training_house.role = "predict"
    sign_in(client)
    assert texts(of(client, training_house, running()), "button") == ["Sign out"]
    assert texts(of(client, training_house, DONE), "button") == ["Sign out"]


def test_an_error_is_told_in_the_api_s_words(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """With the step that it happened in, and a way to try again."""
    page = of(vita, training_house, FAILED)
    assert "Row 17 has 5 cells, where the header has 4." in texts(page, "p")
    assert "Read its rows ended here" in texts(page, "li")
    assert page.title.startswith("Failed")
    page = of(vita, training_house, {**FAILED, "error": {"detail": "No.", "errors": [{"detail": "Row 3."}]}})
    assert "No. Row 3." in texts(page, "p")


def test_one_that_is_not_there(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """404 with the API's sentence, and back to the list."""
    page = page_at(vita, "/training/nothing", 404)
    assert "There is no such training." in words(page)
    assert page.one("a", **{"class": "button"}).get("href") == "/training"


def test_the_report_says_what_was_decided(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Which version answers, why, and how to use it or go back."""
    page = of(vita, training_house, DONE)
    assert texts(page, "h2")[0] == "Version 2 of orders answers now"
    assert REPORT["decision"]["why"] in texts(page, "p")
    assert "/models/orders" in [e.get("href") for e in page.all("a") if e.text == "Try it"]
    assert "Go back to the version before" in texts(page, "button")


def test_the_report_has_the_figures_with_their_interval(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """Six of them, each with what it means; of two classes, for the one that is looked for."""
    page = of(vita, training_house, DONE)
    assert (
        "F1 67.3 % Measured on other such rows, it would lie between 58 % and 75 % in 95 of 100 cases."
        in words(page)
    )
    assert "Guessing would have 26 %." in words(page)
    titles = [
        title
        for title in texts(page, "dt")
        if title in ("Accuracy", "Precision", "Recall", "F1", "AUC", "Training")
    ]
    assert len(titles) == 6
    assert "Of the rows that are yes, this is how many it finds." in words(page)
    assert "768 to learn from, 192 to choose with, 240 to measure on" in words(page)
    assert "It answers yes where it holds that for at least 31 % probable." in words(page)


def test_the_report_shows_what_was_confused(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """A table of true against answered, the diagonal marked, shaded by share."""
    page = of(vita, training_house, DONE)
    cells = [(e.text, e.get("class")) for e in page.all("td") if (e.get("class") or "").startswith("shade")]
    assert cells == [("194", "shade-5 right"), ("9", "shade-1"), ("13", "shade-2"), ("24", "shade-3 right")]
    assert "218 of 240 rows were answered rightly." in words(page)


def test_the_report_draws_its_curves(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """On the server: a line, axes with their titles, a text that says the same, and a table of points."""
    page = of(vita, training_house, DONE)
    drawings = page.all("svg", role="img")
    assert len(drawings) == 2
    for n, drawing in enumerate(drawings, 1):
        assert page.one("h3", id=str(drawing.get("aria-labelledby"))).text
        assert page.one("p", id=str(drawing.get("aria-describedby"))).text
        assert drawing.get("aria-labelledby") == f"curve-{n}"
    assert {"False alarms", "Found", "Found (recall)", "Right (precision)"} <= set(texts(page, "text"))
    assert len(page.all("polyline")) == 2
    assert texts(page, "summary")[:2] == ["Its points as a table"] * 2


def test_the_report_draws_the_curves_of_each_of_several_classes(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """Each against the rest, the first one open, every drawing with texts of its own."""
    both = {name: REPORT["curves"][name] for name in ("roc", "precision_recall")}
    several = {"roc": [], "precision_recall": [], "by_class": {"apple": both, "<pear>": both}}
    page = of(vita, training_house, {**DONE, "report": {**REPORT, "curves": several}})
    drawings = page.all("svg", role="img")
    assert len({drawing.get("aria-labelledby") for drawing in drawings}) == len(drawings) == 4
    assert [one.get("open") is not None for one in page.all("details") if one.get("class")] == [True, False]
    assert {"apple", "<pear>"} <= set(texts(page, "summary"))


def test_the_report_sets_both_versions_side_by_side(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """On the same rows, and which is better in what."""
    rows = texts(of(vita, training_house, DONE), "tr")
    assert "Precision 71 % 74 % better" in rows
    assert "Recall 64 % better 51 %" in rows
    assert "Training 14 seconds 14 seconds" in rows


def test_the_report_lists_candidates_and_columns(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Which was chosen, which columns were left out and why."""
    page = of(vita, training_house, DONE)
    rows = texts(page, "tr")
    assert "random forest chosen 66.2 % 6 s" in rows
    assert "gradient boosting Stopped when the time was up. 65 % 4 s" in rows
    assert "currency always the same Left out It is the same in every row. none EUR" in rows
    assert "In 2 columns some cells are empty." in texts(page, "li")


def test_a_version_that_lost_can_be_enabled(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """By hand, from the report, which then says that it answers."""
    training_house.enabled = "1"
    lost = {**REPORT, "decision": {"enabled": False, "why": "It is not better."}}
    page = of(vita, training_house, {**DONE, "enabled": False, "report": lost})
    assert texts(page, "h2")[0] == "Version 2 of orders is kept, and does not answer"
    assert "Enable version 2" in texts(page, "button")
    response = post(vita, "/models/orders/enabled", version="2", back="/training/done")
    assert response.headers["Location"] == "/training/done"
    page = page_at(vita, "/training/done")
    assert "Version 2 of orders answers now." in texts(page, "p")
    assert texts(page, "h2")[0] == "Version 2 of orders answers now"


@pytest.mark.parametrize(
    "report",
    [
        None,
        {},
        {"metric": None, "confusion": None, "curves": None, "comparison": None, "target": None},
        {
            "confusion": {"labels": ["a"], "counts": [[1, 2]]},
            "curves": {"roc": [[0, 0]], "precision_recall": ["x"]},
        },
        {
            "columns": [3, {}],
            "candidates": [{}],
            "decision": "?",
            "figures": {"f1": None},
            "seconds": {"x": "y"},
        },
        {
            "confusion": {"labels": [], "counts": []},
            "curves": {"roc": [[0, 2], [0, 0]]},
            "metric": {"name": "f1"},
        },
    ],
)
def test_a_report_that_lacks_something_is_shown_all_the_same(
    vita: FlaskClient, training_house: TrainingHouse, report: dict[str, object] | None
) -> None:
    """What is there is told."""
    page = of(vita, training_house, {**DONE, "report": report})
    assert texts(page, "h2")[0] == "Version 2 of orders answers now"


def test_of_many_classes_those_that_are_confused_are_told(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """A table of a hundred by a hundred says nothing to anybody."""
    labels = [f"class {n}" for n in range(100)]
    counts = [[50 if i == j else 7 if (i, j) == (3, 5) else 0 for j in range(100)] for i in range(100)]
    report = {**REPORT, "confusion": {"labels": labels, "counts": counts}}
    assert "class 3class 57" in texts(of(vita, training_house, {**DONE, "report": report}), "tr")


def test_a_number_has_its_own_figures(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """No classes, no curves."""
    report = {
        "target": {"name": "price", "task": "regression"},
        "metric": {"name": "r2", "value": 0.61, "low": 0.5, "high": 0.7},
        "figures": {"r2": 0.61, "mean_absolute_error": 12.345, "seconds": 3},
    }
    page = of(vita, training_house, {**DONE, "report": report})
    assert {"R²", "Mean error", "Training"} <= set(texts(page, "dt"))
    assert not page.all("svg")


def test_a_version_that_does_not_answer_yet_is_waited_for(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """The API's processes learn of it within two seconds; a while later the report is shown in any case."""
    training_house.enabled = "1"
    page = of(vita, training_house, {**DONE, "ended_at": ago(-60)})
    assert "It is being let in to answer." in texts(page, "p")
    assert page.all("meta", **{"http-equiv": "refresh"})
    assert vita.get("/training/done/progress").headers["Bouquet-Ended"] == "0"
    training_house.enabled = "2"
    assert vita.get("/training/done/progress").headers["Bouquet-Ended"] == "1"
    training_house.enabled = "1"
    page = of(vita, training_house, {**DONE, "ended_at": ago(60)})
    assert texts(page, "h2")[0] == "Version 2 of orders is kept, and does not answer"


def test_versions_that_cannot_be_told_take_nothing_else_away(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """A model that was deleted since."""
    training_house.refuses["GET", "/models/orders/versions"] = Reply(404, {})
    page = of(vita, training_house, DONE)
    assert texts(page, "h2")[0] == "It became version 2 of orders"
