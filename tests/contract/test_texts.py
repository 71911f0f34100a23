"""A model that was trained from a CSV with a column of free text: asked by program, and by its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from api.runtime.text_probe_values import AWKWARD
from tests.api.training.test_tabular_words import reviews, train
from tests.front_end_app.page import read_page
from tests.services import PASSWORD, USERNAME, running_api, running_front_end

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
ROW: dict[str, Any] = {"nights": 2, "town": "north", "review": "A lovely room,\nreally great"}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of the API and of the front end, with a model of what guests wrote."""
    folder = tmp_path_factory.mktemp("guests")
    train(folder, reviews())
    with (
        running_api(folder / "models", folder, DEFAULT_MODEL="guests") as api,
        running_front_end(api.url, folder) as front_end,
    ):
        yield api.url, front_end.url


def ask(services: tuple[str, str], *rows: dict[str, Any], **query: str) -> requests.Response:
    """The answer to rows as JSON."""
    url = f"{services[0]}/api/v1.0/models/guests/predict"
    return requests.post(url, json={"instances": list(rows)}, params=query, auth=AUTH, timeout=60)


def test_a_text_is_posted_as_a_string(services: tuple[str, str]) -> None:
    """In JSON, in the query and as a cell of a CSV, with the same answer."""
    (posted,) = ask(services, ROW).json()["predictions"]
    assert posted["predicted_again"] == "yes"
    url = f"{services[0]}/api/v1.0/models/guests/predict"
    got = requests.get(url, params=ROW, auth=AUTH, timeout=60).json()["response"]
    assert got == posted
    table = f'nights,town,review\n2,north,"{ROW["review"]}"\n'
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    scored = requests.post(url, data=table.encode(), headers=headers, auth=AUTH, timeout=60)
    assert scored.status_code == 200
    assert f",yes,{posted['prob_no']},{posted['prob_yes']}" in scored.text


def test_what_is_no_text_is_refused_in_a_sentence(services: tuple[str, str]) -> None:
    """A text that is missing, a number in its place, and half of a character."""
    rows = [ROW | {"review": wrong} for wrong in (None, "", 5, "\ud800")]
    answer = ask(services, *rows)
    assert answer.status_code == 400
    card = requests.get(f"{services[0]}/api/v1.0/models/guests", auth=AUTH, timeout=60).json()
    example = card["schema"]["fields"][2]["example"]
    assert [one["detail"] for one in answer.json()["errors"]] == [
        f"Review is missing: give text, for example {example}.",
        f"Review is missing: give text, for example {example}.",
        "Review must be a string, not 5.",
        "Review must be Unicode text, not '\\ud800'.",
    ]


def test_awkward_texts_are_answered(services: tuple[str, str]) -> None:
    """Unknown words, odd characters and blanks; of one that is too long a warning says so."""
    rows = [ROW | {"review": text} for text in (*AWKWARD[1:], "lovely " * 2000)]
    answer = ask(services, *rows)
    assert answer.status_code == 200, answer.text
    given = answer.json()
    assert len(given["predictions"]) == len(rows)
    url = f"{services[0]}/api/v1.0/models/guests/predict"
    single = requests.get(url, params=rows[-1], auth=AUTH, timeout=60).json()
    assert single["response"] == given["predictions"][-1]
    (warning,) = single["warnings"]
    assert warning["message"] == "Review has 14,000 characters; the model reads the first 10,000 only."


def test_a_text_is_among_the_reasons(services: tuple[str, str]) -> None:
    """What it says is measured against saying nothing."""
    (answer,) = ask(services, ROW | {"review": "so rude"}, explain="1").json()["predictions"]
    strongest = answer["reasons"][0]
    assert (strongest["field"], strongest["typical"]) == ("review", None)
    assert strongest["sentence"] == 'Review "so rude" speaks for no'


def test_the_schema_says_that_a_text_is_taken(services: tuple[str, str]) -> None:
    """With an example that can be sent as it is, made of words that several guests wrote."""
    document = requests.get(f"{services[0]}/openapi.json", auth=AUTH, timeout=60).text
    assert "Of a longer text the first 10,000 characters are read." in document
    card = requests.get(f"{services[0]}/api/v1.0/models/guests", auth=AUTH, timeout=60).json()
    field = next(one for one in card["schema"]["fields"] if one["name"] == "review")
    assert (field["kind"], field["longest"]) == ("text", 10_000)
    example = {one["name"]: one["example"] for one in card["schema"]["fields"]}
    assert len(example["review"].split()) == 5
    assert ask(services, example).status_code == 200


def test_the_form_has_a_text_area_and_answers(services: tuple[str, str]) -> None:
    """What was typed comes back on the page of the answer, and when something is missing on the form."""
    url = f"{services[1]}/models/guests"
    form = read_page(requests.get(url, timeout=60).text)
    assert form.one("textarea", name="review").get("aria-required") == "true"
    assert "The first 10,000 characters count." in form.one("p", id="field-3-hint").text
    about = requests.get(f"{url}/about", timeout=60).text
    assert "text. The first 10,000 characters count." in about
    answer = requests.get(f"{url}/prediction", params=ROW, timeout=60)
    assert answer.status_code == 200
    assert read_page(answer.text).heading == "yes"
    assert "A lovely room,\nreally great" in answer.text
    empty = requests.get(f"{url}/prediction", params=ROW | {"review": ""}, timeout=60)
    assert empty.status_code == 400
    assert "Review is missing" in empty.text


def test_the_form_takes_long_texts_in_other_scripts(services: tuple[str, str]) -> None:
    """Nine thousand letters, each of them six characters in an address."""
    row = ROW | {"review": "lovely " + "\u0436" * 9000}
    answer = requests.get(f"{services[1]}/models/guests/prediction", params=row, timeout=60)
    assert answer.status_code == 200
    assert read_page(answer.text).heading == "yes"
