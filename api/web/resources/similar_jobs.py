"""POST /model/similar_jobs, GET /model/titles and /model/skills/<title>: the similar-jobs model's own."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_restful import Api, Resource

from api.predictions.similar_jobs import SimilarJobs
from api.web.asking import asking
from api.web.body import json_body
from api.web.query import query_pairs
from api.web.ranking import answer_titles, titles_asked

# Where experiences are ranked, the titles are listed, and, with a title after it, the skills of one are.
ROUTES = {"rank": "/model/similar_jobs", "titles": "/model/titles", "skills": "/model/skills"}


class RankedTitles(Resource):
    """The titles that fit what somebody has done."""

    def __init__(self, jobs: SimilarJobs) -> None:
        self._jobs = jobs

    def post(self) -> Response:
        """Every title, or the first `?top=N`, for `{"experience": [{"description": …}, …]}`.

        With `?explain=1` the first ten say which words spoke for and against them.
        """
        asked = titles_asked(query_pairs())
        return answer_titles(self._jobs, asked, json_body(), asking()).response()


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
