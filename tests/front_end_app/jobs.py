"""A model that ranks titles, as the API describes it, and a behaviour of the fake API that serves it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from .fake_api import Received, Reply
from .samples import plain, problem, serving

TITLES = ["baker", "beekeeper", "nurse/midwife", *(f"clerk {n}" for n in range(1, 12))]
JOBS: dict[str, Any] = {
    "name": "jobs",
    "version": "4",
    "title": "Jobs like yours",
    "description": "An invented model that ranks titles.",
    "task": "classification",
    "schema": {
        "fields": [plain("description", "text", description="What was done.", example="baking bread")]
    },
    "target": {
        "name": "title",
        "title": "Job title",
        "classes": [{"key": f"t{at}", "label": title} for at, title in enumerate(TITLES)],
    },
    "figures": {"accuracy": 0.25},
    "rows": {"training": 400, "hold_out": 100},
    "ranking": {
        "top_1": 0.25,
        "top_3": 0.5,
        "top_10": 0.875,
        "calibration_error": 0.02,
        "reliability": [{"texts": 60, "said": 0.21, "right": 0.2}, {"texts": 40, "said": 0.9, "right": 0.85}],
        "confusions": [{"true": "baker", "answered": "beekeeper", "texts": 7}],
    },
    "notes": [f"This is note {n}." for n in range(1, 9)],
    "routes": {"rank": "/model/jobs", "titles": "/model/jobs-titles", "skills": "/model/jobs-skills"},
}
EXPLAINED = 5_000
LONGEST = 50_000


def reason(at: int, experience: dict[str, Any]) -> dict[str, Any]:
    """An explanation in which every "bread" speaks for a title and every "bees" against it."""
    weights = {"bread": 2.5, "bees": -1.25}
    words: list[dict[str, Any]] = [
        {"word": word, "in": member, "start": place, "end": place + len(word), "weight": weight}
        for word, weight in weights.items()
        for member in ("title", "description")
        for place in range(len(experience.get(member, "")))
        if experience[member].startswith(word, place)
    ]
    score = sum(word["weight"] for word in words)
    return {"experience": at, "share": 1, "probability": 0.5, "score": score, "base": 0, "words": words}


def ranked(request: Received) -> Reply:
    """The titles in their order, explained for short texts; complaints as the API makes them."""
    given = json.loads(request.body)["experience"]
    wrong = [(at, "description") for at, one in enumerate(given) if not one["description"].strip()]
    wrong += [(at, "years") for at, one in enumerate(given) if isinstance(one.get("years"), str)]
    errors = [
        {"pointer": f"#/experience/{at}/{name}", "detail": f"The {name} of it is wrong."}
        for at, name in wrong
    ]
    length = sum(len(one["description"]) for one in given)
    most = EXPLAINED if ("explain", "1") in request.pairs else LONGEST
    if length > most:
        errors.append({"pointer": "#/experience", "detail": f"At most {most} characters are read."})
    if errors:
        return problem(400, "Bad Request", errors)
    unknown = [at for at, one in enumerate(given) if "bread" not in one["description"]]
    known = [at for at in range(len(given)) if at not in unknown]
    results: list[dict[str, Any]] = [
        {"probability": (0.5 if at == 0 else 0.5 / (len(TITLES) - 1)), "title": title}
        for at, title in enumerate(TITLES)
    ]
    if ("explain", "1") in request.pairs and known:
        for result in results[:10]:
            result["explanation"] = [reason(at, given[at]) for at in known]
    answer: dict[str, Any] = {"results": results, "id": "0191-a-ranking", "model": "jobs", "version": "4"}
    if unknown:
        answer["base_rates"] = not known
        answer["warnings"] = [
            {"field": f"experience/{at}/description", "message": "Nothing is known."} for at in unknown
        ]
    return Reply(200, answer)


def serving_jobs(request: Received) -> Reply | None:
    """Answer as the API does for that model alone."""
    if request.path == "/model/jobs":
        return ranked(request)
    if request.path == "/model/jobs-titles":
        return Reply(200, {"titles": TITLES})
    if request.path.startswith("/model/jobs-skills/"):
        title = unquote(request.path.removeprefix("/model/jobs-skills/"))
        if title in TITLES:
            return Reply(200, {"title": title, "skills": ["kneading", "<b>ovens</b>"]})
        return Reply(404, {"detail": "There is no such title.", "nearest": ["baker", "nurse/midwife"]})
    return serving(JOBS)(request)
