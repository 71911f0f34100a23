"""Similar jobs with `?explain=1`: the words that spoke for and against a title, where they stand."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.predictions.reasons import MOST_EXPLAINED
from tests.api.web.conftest import AUTH

SCRUM = {"description": "Organizing PROJECTS with agile and scrum methodologies, agile!"}
TAPS = {"description": "🔧 İ fix\nleaking taps", "title": "Plumber's mate", "years": 3}
UNKNOWN = {"description": "xqzzv blorf"}
WITHIN = 1e-9


def explained(jobs: FlaskClient, *experience: dict[str, Any], query: str = "explain=1") -> dict[str, Any]:
    """The answer for some experiences, in which all that is explained adds up."""
    body = {"experience": list(experience)}
    answer = jobs.post(f"/model/similar_jobs?{query}", json=body, auth=AUTH)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    for result in found["results"]:
        for reason in result.get("explanation", ()):
            adds_up(reason, experience[reason["experience"]])
    return found


def adds_up(reason: dict[str, Any], experience: dict[str, Any]) -> None:
    """Base and weights are the score; each word stands where it says; the most for the title comes first."""
    weights = [one["weight"] for one in reason["words"]]
    assert abs(reason["base"] + sum(weights) - reason["score"]) <= WITHIN
    assert weights == sorted(weights, reverse=True)
    for one in reason["words"]:
        assert experience[one["in"]][one["start"] : one["end"]] == one["word"]


def test_the_words_that_mattered_come_first(jobs: FlaskClient) -> None:
    """For a technical project manager agile and Scrum speak, each where it stands, and against others."""
    (reason,), *others = [one["explanation"] for one in explained(jobs, SCRUM)["results"][:10]]
    assert (reason["experience"], reason["share"]) == (0, 1)
    first = [one["word"] for one in reason["words"][:3]]
    assert {"agile", "scrum"} <= set(first)
    assert [one["start"] for one in reason["words"] if one["word"] == "agile"] in ([25, 56], [56, 25])
    weights = [one["weight"] for (other,) in others for one in other["words"] if one["word"] == "scrum"]
    assert len(weights) == 9
    assert min(weights) < 0


def test_the_first_ten_titles_are_explained(jobs: FlaskClient) -> None:
    """Ten of all of them, or as many as are asked for, and otherwise the answer is the same."""
    full, plain = explained(jobs, SCRUM), explained(jobs, SCRUM, query="explain=0")
    assert ["explanation" in one for one in full["results"]] == [True] * 10 + [False] * (
        len(full["results"]) - 10
    )
    assert [(one["title"], one["probability"]) for one in full["results"]] == [
        (one["title"], one["probability"]) for one in plain["results"]
    ]
    assert not any("explanation" in one for one in plain["results"])
    assert explained(jobs, SCRUM, query="explain=1&top=3")["results"] == full["results"][:3]
    assert explained(jobs, SCRUM, query="top=12&explain=1")["results"] == full["results"][:12]


def test_each_experience_is_explained_and_they_make_the_answer(jobs: FlaskClient) -> None:
    """The probabilities of the experiences, each for its share, are the answer's; order does not matter."""
    both = explained(jobs, SCRUM, UNKNOWN, TAPS)["results"]
    for result in both[:10]:
        reasons = result["explanation"]
        assert [(one["experience"], one["share"]) for one in reasons] == [(0, 0.25), (2, 0.75)]
        together = sum(one["share"] * one["probability"] for one in reasons)
        assert abs(together - result["probability"]) <= WITHIN
    other = explained(jobs, TAPS, SCRUM)["results"]
    assert [one["title"] for one in other] == [one["title"] for one in both]
    assert other[0]["explanation"][1]["words"] == both[0]["explanation"][0]["words"]


def test_words_of_the_title_are_told_from_those_of_the_description(jobs: FlaskClient) -> None:
    """Each with its place in its own member, counted in code points."""
    (reason,) = explained(jobs, TAPS)["results"][0]["explanation"]
    places = {one["word"]: (one["in"], one["start"]) for one in reason["words"]}
    assert places["Plumber's"] == ("title", 0)
    assert places["taps"] == ("description", 16)


def test_where_no_word_is_known_there_is_nothing_to_explain(jobs: FlaskClient) -> None:
    """The base rates come without reasons."""
    answer = explained(jobs, UNKNOWN)
    assert answer["base_rates"] is True
    assert not any("explanation" in one for one in answer["results"])


@pytest.mark.parametrize("length", [MOST_EXPLAINED, MOST_EXPLAINED + 1])
def test_a_very_long_text_is_answered_and_not_explained(jobs: FlaskClient, length: int) -> None:
    """Up to the limit it is explained; beyond it, 400 names the limit, and the answer comes without."""
    text = ("plumber taps " * 2000)[:length]
    body = {"experience": [{"description": text}]}
    answer = jobs.post("/model/similar_jobs?explain=1", json=body, auth=AUTH)
    if length <= MOST_EXPLAINED:
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert str(MOST_EXPLAINED) in answer.get_json()["detail"]
    assert explained(jobs, {"description": text}, query="top=1")["results"][0]["title"] == "plumber"
