"""The similar-jobs routes: ranked titles, their skills, and an answer to everything that is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.web.conftest import AUTH

SCRUM = {"description": "organizing projects with agile and scrum methodologies"}
TAPS = {"description": "I fix leaking taps and install boilers"}
UNKNOWN = {"description": "xqzzv blorf"}


def ask(client: FlaskClient, *experience: Any, query: str = "") -> dict[str, Any]:
    """The answer for some experiences."""
    answer = client.post(f"/model/similar_jobs{query}", json={"experience": list(experience)}, auth=AUTH)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def ranked(client: FlaskClient, *experience: Any, query: str = "") -> list[str]:
    """The titles for some experiences, in order."""
    return [one["title"] for one in ask(client, *experience, query=query)["results"]]


def test_every_title_comes_the_most_probable_first(jobs: FlaskClient) -> None:
    """The description that the documentation shows is a technical project manager's."""
    results = ask(jobs, SCRUM)["results"]
    assert list(results[0]) == ["probability", "title"]
    assert results[0]["title"] == "technical project manager"
    probabilities = [one["probability"] for one in results]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-9)
    assert (
        sorted(one["title"] for one in results) == jobs.get("/model/titles", auth=AUTH).get_json()["titles"]
    )
    assert len(results) > 100


def test_top_cuts_the_list(jobs: FlaskClient) -> None:
    """The first N titles are the first of all of them; more than there are is all."""
    everything = ranked(jobs, TAPS)
    assert ranked(jobs, TAPS, query="?top=3") == everything[:3]
    assert ranked(jobs, TAPS, query="?top=100000") == everything


@pytest.mark.parametrize(
    ("query", "said"),
    [
        *((f"?top={top}", "top must be") for top in ("0", "-1", "x", "", "1e3", "%00", "٣")),
        *((f"?explain={explain}", "explain must be") for explain in ("2", "", "yes", "1%20")),
        *(
            ("?top=1&top=2", "top came more than once"),
            ("?explain=1&explain=1", "explain came more than once"),
        ),
        ("?best=1", "'best' is no parameter"),
    ],
)
def test_another_query_is_refused(jobs: FlaskClient, query: str, said: str) -> None:
    """What the query does not take is said, before anything is asked of the model."""
    answer = jobs.post(f"/model/similar_jobs{query}", json={"experience": [TAPS]}, auth=AUTH)
    assert answer.status_code == 400
    assert said in answer.get_json()["detail"]


def test_everything_wrong_with_a_query_is_said_at_once(jobs: FlaskClient) -> None:
    """One sentence for each."""
    query = "?top=none&explain=why&best=1"
    answer = jobs.post(f"/model/similar_jobs{query}", json={"experience": [TAPS]}, auth=AUTH)
    for said in ("top must be", "explain must be", "'best' is no parameter"):
        assert said in answer.get_json()["detail"]


def test_all_experiences_count_in_whatever_order(jobs: FlaskClient) -> None:
    """Two experiences put both titles in front, and give the same numbers the other way round."""
    both = ask(jobs, SCRUM, TAPS)["results"]
    assert {one["title"] for one in both[:2]} == {"technical project manager", "plumber"}
    assert ask(jobs, TAPS, SCRUM)["results"] == both


def test_years_weigh(jobs: FlaskClient) -> None:
    """What somebody did for longer comes first."""
    assert ranked(jobs, SCRUM | {"years": 1}, TAPS | {"years": 9})[0] == "plumber"
    assert ranked(jobs, SCRUM | {"years": 9.5}, TAPS | {"years": None})[0] == "technical project manager"


def test_a_title_is_read_with_the_description(jobs: FlaskClient) -> None:
    """A description that says little gains from the title it had, whichever that was."""
    assert ranked(jobs, {"description": "all sorts of things", "title": "Beekeeper"})[0] == "beekeeper"
    titles = jobs.get("/model/titles", auth=AUTH).get_json()["titles"]
    own = [ranked(jobs, {"description": "worked there for years", "title": one})[0] == one for one in titles]
    assert sum(own) > 0.97 * len(titles)


def test_a_text_without_a_known_word_gets_base_rates_and_a_flag(jobs: FlaskClient) -> None:
    """It is answered, and the answer says that it knows nothing; beside a known text it is left out."""
    alone = ask(jobs, UNKNOWN)
    assert alone["base_rates"] is True
    assert [one["field"] for one in alone["warnings"]] == ["experience/0/description"]
    beside = ask(jobs, TAPS, UNKNOWN)
    assert beside["base_rates"] is False
    assert [one["field"] for one in beside["warnings"]] == ["experience/1/description"]
    assert beside["results"] == ask(jobs, TAPS)["results"]
    assert "base_rates" not in ask(jobs, TAPS)


@pytest.mark.parametrize("text", ["<b>plumber</b>", "🔧 plumber 🚿", "слесарь plumber", "plumber\n" * 9000])
def test_odd_texts_are_answered(jobs: FlaskClient, text: str) -> None:
    """HTML, emoji, another script and a long text are texts."""
    assert ranked(jobs, {"description": text})[0] == "plumber"


@pytest.mark.parametrize(
    ("experience", "pointer"),
    [
        ({"description": ""}, "#/experience/0/description"),
        ({"description": " \t\n\u2003"}, "#/experience/0/description"),
        ({"description": "a\x00b"}, "#/experience/0/description"),
        ({"description": "\ud800"}, "#/experience/0/description"),
        ({"description": 5}, "#/experience/0/description"),
        ({"description": None}, "#/experience/0/description"),
        ({}, "#/experience/0/description"),
        ({"description": "x", "title": 5}, "#/experience/0/title"),
        ({"description": "x", "title": ""}, "#/experience/0/title"),
        ({"description": "x", "years": "5"}, "#/experience/0/years"),
        ({"description": "x", "years": True}, "#/experience/0/years"),
        ({"description": "x", "years": 0}, "#/experience/0/years"),
        ({"description": "x", "years": -1}, "#/experience/0/years"),
        ({"description": "x", "years": 10**400}, "#/experience/0/years"),
        ({"description": "x", "salary": 1}, "#/experience/0/salary"),
        ("text", "#/experience/0/"),
    ],
)
def test_what_is_wrong_is_pointed_at(jobs: FlaskClient, experience: Any, pointer: str) -> None:
    """A member that is missing, empty or of the wrong type is 400, and the answer says which."""
    answer = jobs.post("/model/similar_jobs", json={"experience": [experience]}, auth=AUTH)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert [one["pointer"] for one in answer.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        *([], "text", 5, {}, {"experience": []}, {"experience": SCRUM}, {"experience": [SCRUM] * 51}),
        *({"experience": [SCRUM], "more": 1}, {"experience": [{"description": "plumbing " * 120_000}]}),
    ],
)
def test_a_body_of_another_form_is_refused(jobs: FlaskClient, body: Any) -> None:
    """No list, an empty one, one too long, other members, a megabyte of text: 400."""
    answer = jobs.post("/model/similar_jobs", json=body, auth=AUTH)
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == "#/experience"


def test_every_problem_comes_at_once(jobs: FlaskClient) -> None:
    """Each experience's own."""
    answer = jobs.post("/model/similar_jobs", json={"experience": [{}, TAPS, {"description": 1}]}, auth=AUTH)
    pointers = [one["pointer"] for one in answer.get_json()["errors"]]
    assert pointers == ["#/experience/0/description", "#/experience/2/description"]


def test_a_title_has_twenty_skills(jobs: FlaskClient) -> None:
    """However the title is written."""
    skills = jobs.get("/model/skills/plumber", auth=AUTH).get_json()
    assert skills["title"] == "plumber"
    assert len(skills["skills"]) == 20
    for other in ("Plumber", "%20plumber"):
        assert jobs.get(f"/model/skills/{other}", auth=AUTH).get_json() == skills


def test_an_unknown_title_is_told_the_nearest(jobs: FlaskClient) -> None:
    """404 names titles like it."""
    answer = jobs.get("/model/skills/project manger", auth=AUTH)
    assert answer.status_code == 404
    assert "technical project manager" in answer.get_json()["detail"]
    assert "technical project manager" in answer.get_json()["nearest"]


@pytest.mark.parametrize("path", ["/model/similar_jobs", "/model/titles", "/model/skills/plumber"])
def test_they_need_to_be_signed_in_to(jobs: FlaskClient, path: str) -> None:
    """Without credentials, 401."""
    assert jobs.get(path).status_code == 401


def test_without_the_model_it_is_said_how_to_train_it(client: FlaskClient) -> None:
    """404 with the command."""
    for answer in (
        client.post("/model/similar_jobs", json={"experience": [SCRUM]}, auth=AUTH),
        client.get("/model/titles", auth=AUTH),
        client.get("/model/skills/plumber", auth=AUTH),
    ):
        assert answer.status_code == 404
        assert "python -m api train similar_jobs" in answer.get_json()["detail"]


def test_it_is_a_model_like_the_others(jobs: FlaskClient) -> None:
    """The generic routes answer too: one row in the query, and the document describes its own example."""
    row = {"description": SCRUM["description"]}
    body = jobs.get("/api/v1.0/models/similar_jobs/predict", query_string=row, auth=AUTH).get_json()
    assert body["response"]["predicted_title"] == "technical project manager"
    card = jobs.get("/api/v1.0/models/similar_jobs", auth=AUTH).get_json()
    assert card["routes"]["titles"] == "/model/titles"
    document = jobs.get("/openapi.json").get_json()
    media = document["paths"]["/model/similar_jobs"]["post"]["requestBody"]["content"]["application/json"]
    assert ranked(jobs, *media["example"]["experience"])[0] == "technical project manager"
