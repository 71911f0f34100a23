"""POST /model/similar_jobs, GET /model/titles and /model/skills/<title>: the similar-jobs model's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_restful import Api, Resource
from werkzeug.exceptions import BadRequest

from api.predictions.experience import experiences_of
from api.predictions.reasons import Reason
from api.predictions.similar_jobs import DECIMALS, MOST_TITLES_EXPLAINED, Ranking, SimilarJobs
from api.schema.problems import echo
from api.web.asking import asking
from api.web.body import json_body
from api.web.query import query_pairs

# Where experiences are ranked, the titles are listed, and, with a title after it, the skills of one are.
ROUTES = {"rank": "/model/similar_jobs", "titles": "/model/titles", "skills": "/model/skills"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the query asks for: so many titles, None for all, and with or without reasons."""

    top: int | None = None
    explain: bool = False

    @property
    def explained(self) -> int:
        """How many titles come with reasons."""
        if not self.explain:
            return 0
        return MOST_TITLES_EXPLAINED if self.top is None else min(self.top, MOST_TITLES_EXPLAINED)


class RankedTitles(Resource):
    """The titles that fit what somebody has done."""

    def __init__(self, jobs: SimilarJobs) -> None:
        self._jobs = jobs

    def post(self) -> dict[str, Any]:
        """Every title, or the first `?top=N`, for `{"experience": [{"description": …}, …]}`.

        With `?explain=1` the first ten say which words spoke for and against them.
        """
        asked = _asked(query_pairs())
        ranking = self._jobs.rank(experiences_of(json_body()), asking(), asked.explained)
        return _answer(ranking, asked.top)


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
    api.add_resource(RankedTitles, ROUTES["rank"], resource_class_kwargs=asks)
    api.add_resource(Titles, ROUTES["titles"], resource_class_kwargs=asks)
    # A title of somebody's own data may hold a slash.
    api.add_resource(Skills, f"{ROUTES['skills']}/<path:title>", resource_class_kwargs=asks)


def _asked(pairs: Sequence[tuple[str, str]]) -> _Asked:
    """What the query asks for; raises BadRequest naming everything that is wrong with it."""
    names, given = [name for name, _ in pairs], dict(pairs)
    wrong = [
        f"{echo(name)!r} is no parameter here; there are top and explain."
        for name in given
        if name not in ("top", "explain")
    ]
    wrong += [f"{name} came more than once." for name in ("top", "explain") if names.count(name) > 1]
    top, explain = given.get("top"), given.get("explain")
    if top is not None and not (top.isascii() and top.isdigit() and len(top) <= 9 and int(top) >= 1):
        wrong.append("top must be how many titles to answer with: a whole number, 1 or more.")
    if explain not in (None, "0", "1"):
        wrong.append("explain must be 1, for the words that spoke for and against, or 0.")
    if wrong:
        raise BadRequest(" ".join(wrong[:10]))
    return _Asked(None if top is None else int(top), explain == "1")


def _answer(ranking: Ranking, top: int | None) -> dict[str, Any]:
    results: list[dict[str, Any]] = [
        {"probability": round(probability, DECIMALS), "title": title}
        for title, probability in ranking.results[:top]
    ]
    for result, reasons in zip(results, ranking.reasons, strict=False):
        result["explanation"] = [_reason(one) for one in reasons]
    answer: dict[str, Any] = {
        "results": results,
        "id": ranking.id,
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


def _reason(reason: Reason) -> dict[str, Any]:
    """A reason with all its digits, so that base and weights add up to the score."""
    return {
        "experience": reason.experience,
        "share": reason.share,
        "probability": reason.probability,
        "score": reason.score,
        "base": reason.base,
        "words": [
            {
                "word": one.word,
                "in": one.member,
                "start": one.start,
                "end": one.end,
                "weight": one.weight,
            }
            for one in reason.words
        ],
    }
