"""Similar jobs over HTTP, by the process that serves it: every odd input has an answer, and none is a 500."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.services import PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
TAPS = {"description": "I fix leaking taps and install boilers"}
TIMEOUT = 60


@pytest.fixture(scope="module")
def service(jobs_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API service with the similar-jobs model."""
    with running_api(jobs_dir, tmp_path_factory.mktemp("inputs"), MOST_JSON_MB="4") as running:
        yield running


def described(text: Any, **more: Any) -> dict[str, Any]:
    """The body with one description."""
    return {"experience": [{"description": text, **more}]}


# What is sent, the status, and what the answer says: of a problem in its detail or at its pointer.
INPUTS: dict[str, tuple[Any, int, str]] = {
    "empty": (described(""), 400, "must not be empty or blank"),
    "whitespace": (described(" \t\r\n\u2003\x1c"), 400, "must not be empty or blank"),
    "a megabyte": (described("fixing taps " * 90_000), 400, "at most 100000 are read"),
    "at the limit": (described(("plumber " * 12_500)[:100_000]), 200, "plumber"),
    "five megabytes": (described("taps " * 1_000_000), 413, "4194304 bytes"),
    "another script": (described("слесарь 水道屋 plumber सलाम"), 200, "plumber"),
    "only another script": (described("слесарь и сантехник"), 200, "base rates"),
    "emoji": (described("🔧🚿 plumber 👩🏽‍🔧"), 200, "plumber"),
    "HTML": (described("<p onclick='x()'>plumber</p><script>taps</script>"), 200, "plumber"),
    "NUL": (described("plum\x00ber"), 400, "must not hold NUL"),
    "half a surrogate pair": (b'{"experience": [{"description": "\\udc00"}]}', 400, "surrogate"),
    "bytes that are not UTF-8": (b'{"experience": [{"description": "\xff"}]}', 400, "not JSON"),
    "no known word": (described("xqzzv blorf"), 200, "base rates"),
    "no description": ({"experience": [{}]}, 400, "#/experience/0/description"),
    "null": (described(None), 400, "must be a string"),
    "a number": (described(5), 400, "must be a string"),
    "a list": (described(["taps"]), 400, "must be a string"),
    "a title of another type": (described("taps", title=7), 400, "#/experience/0/title"),
    "an unknown member": (described("taps", salary=1), 400, "#/experience/0/salary"),
    "years below the range": (described("taps", years=0), 400, "above 0 and at most 80"),
    "years above the range": (described("taps", years=80.5), 400, "above 0 and at most 80"),
    "endless years": (b'{"experience": [{"description": "taps", "years": 1e999}]}', 400, "at most 80"),
    "years that are no number": (described("taps", years="five"), 400, "#/experience/0/years"),
    "no experience": ({"experience": []}, 400, "1 to 50"),
    "50 experiences": ({"experience": [TAPS] * 50}, 200, "plumber"),
    "51 experiences": ({"experience": [TAPS] * 51}, 400, "1 to 50"),
    "no list": ({"experience": TAPS}, 400, "1 to 50"),
    "another member": ({"experience": [TAPS], "name": "me"}, 400, "no other member"),
    "nothing": (b"", 400, "not JSON"),
    "broken JSON": (b'{"experience": [', 400, "not JSON"),
    "deep JSON": (b"[" * 100_000, 400, "nested too deeply"),
}


@pytest.mark.parametrize("query", ["", "?explain=1&top=3"])
@pytest.mark.parametrize("name", INPUTS)
def test_an_input_has_a_clear_answer(service: Service, name: str, query: str) -> None:
    """A 4xx that says what is wrong, or an answer; of texts without a known word, a flagged one."""
    sent, status, said = INPUTS[name]
    body = {"data": sent} if isinstance(sent, bytes) else {"json": sent}
    headers = {"Content-Type": "application/json"}
    url = f"{service.url}/model/similar_jobs{query}"
    if name == "at the limit" and query:
        status, said = 400, "at most 20000 are explained"
    answer = requests.post(url, headers=headers, auth=AUTH, timeout=TIMEOUT, **body)
    assert answer.status_code == status, answer.text[:500]
    found = answer.json()
    if status != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert said in found["detail"] + str(found.get("errors"))
    elif said == "base rates":
        assert found["base_rates"] is True
        assert found["warnings"][0]["field"] == "experience/0/description"
    else:
        assert found["results"][0]["title"] == said
        assert "base_rates" not in found


TITLES = {
    "a slash": "nurse%2Fmidwife",
    "a bare slash": "nurse/midwife",
    "percent signs": "100%25%20nurse",
    "half an escape": "nurse%2",
    "NUL": "nurse%00",
    "bytes that are not UTF-8": "%ff%fe",
    "very long": "nurse" * 1000,
    "dots": "..nurse",
    "HTML": "%3Cb%3Enurse%3C%2Fb%3E",
    "another script": "%D1%81%D0%BB%D0%B5%D1%81%D0%B0%D1%80%D1%8C",
    "a blank": "%20",
    "a query": "nurse%3Fa=b",
}


@pytest.mark.parametrize("name", TITLES)
def test_an_odd_title_is_not_there_and_the_nearest_are(service: Service, name: str) -> None:
    """404 for each, with titles that there are."""
    answer = requests.get(f"{service.url}/model/skills/{TITLES[name]}", auth=AUTH, timeout=TIMEOUT)
    assert answer.status_code == 404
    titles = requests.get(f"{service.url}/model/titles", auth=AUTH, timeout=TIMEOUT).json()["titles"]
    found = answer.json()
    assert found["nearest"]
    assert set(found["nearest"]) <= set(titles)
    assert len(found["detail"]) < 500


@pytest.mark.parametrize("title", ["nurse%0Amidwife", ""])
def test_what_can_be_no_title_is_not_there_either(service: Service, title: str) -> None:
    """404 too; a line break is in no title, and without one there is no such address."""
    answer = requests.get(f"{service.url}/model/skills/{title}", auth=AUTH, timeout=TIMEOUT)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
