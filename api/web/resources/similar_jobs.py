"""POST /model/similar_jobs, GET /model/titles and /model/skills/<title>: the similar-jobs model's own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask_restful import Api, Resource
from werkzeug.exceptions import BadRequest

from api.predictions.experience import experiences_of
from api.predictions.similar_jobs import Ranking, SimilarJobs
from api.web.body import json_body
from api.web.query import query_pairs

_DECIMALS = 12


class RankedTitles(Resource):
    """The titles that fit what somebody has done."""

    def __init__(self, jobs: SimilarJobs) -> None:
        self._jobs = jobs

    def post(self) -> dict[str, Any]:
        """Every title, or the first `?top=N`, for `{"experience": [{"description": …}, …]}`."""
        top = _top(query_pairs())
        return _answer(self._jobs.rank(experiences_of(json_body())), top)


class Titles(Resource):
    """The titles that the model tells apart."""

    def __init__(self, jobs: SimilarJobs) -> None:
        self._jobs = jobs

    def get(self) -> dict[str, list[str]]:
        """All of them, in alphabetical order."""
        return {"titles": self._jobs.titles()}


class Skills(Resource):
    """What one title takes."""

    def __init__(self, jobs: SimilarJobs) -> None:
        self._jobs = jobs

    def get(self, title: str) -> dict[str, Any]:
        """Its skills; 404 names the nearest titles."""
        known, skills = self._jobs.skills(title)
        return {"title": known, "skills": skills}


def add_similar_jobs(api: Api, jobs: SimilarJobs) -> None:
    """Add the routes."""
    asks = {"jobs": jobs}
    api.add_resource(RankedTitles, "/model/similar_jobs", resource_class_kwargs=asks)
    api.add_resource(Titles, "/model/titles", resource_class_kwargs=asks)
    api.add_resource(Skills, "/model/skills/<title>", resource_class_kwargs=asks)


def _top(pairs: list[tuple[str, str]]) -> int | None:
    """How many titles are asked for, None for all; raises BadRequest."""
    if not pairs:
        return None
    (name, text), *more = pairs
    number = text if text.isascii() and text.isdigit() and len(text) <= 9 else "0"
    if name != "top" or more or int(number) < 1:
        raise BadRequest("The query takes top, once: how many titles to answer with, 1 or more.")
    return int(number)


def _answer(ranking: Ranking, top: int | None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "results": [
            {"probability": round(probability, _DECIMALS), "title": title}
            for title, probability in ranking.results[:top]
        ],
        "id": str(uuid4()),
        "model": ranking.card.name,
        "version": ranking.card.version,
    }
    if ranking.unknown:
        answer["base_rates"] = ranking.base_rates
        answer["warnings"] = [
            {"field": f"experience/{at}/description", "message": "The model knows none of its words."}
            for at in ranking.unknown
        ]
    return answer
