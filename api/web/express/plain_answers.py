"""The routes that are answered here, and the functions that answer them, which are the resources' own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.predictions.asking import Asking
from api.predictions.predict import Predictor
from api.predictions.similar_jobs import SimilarJobs
from api.runtime.serving import ServingModels
from api.storage.users import Role
from api.web.answer import Answer
from api.web.body import json_of
from api.web.express.one_row import OneRow
from api.web.inferring import Inference
from api.web.predicting import answer_many, answer_one
from api.web.query import pairs_of
from api.web.ranking import answer_titles, titles_asked
from api.web.roles import needed


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a path: the route as Flask's rules write it, and the model in the path.

    `answering` raises what a resource would; `needs` is the role that it takes.
    """

    route: str
    needs: Role
    answering: Callable[[Asked], Answer]
    model: str = ""


# Not frozen, because one is made for each request, and frozen ones take four times as long to make.
@dataclass(slots=True)
class Asked:
    """One plain request; `query` is ASCII, and `body` is empty where there is none to read."""

    method: str
    path: str
    found: Found
    query: str
    body: bytes
    user: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query's parameters."""
        return pairs_of(self.query.encode("ascii"))

    @property
    def asking(self) -> Asking:
        """Who asks, with a new id."""
        return Asking(self.user, self.found.route)


class PlainAnswers:
    """Knows what answers which method and path."""

    def __init__(
        self, predictor: Predictor, models: ServingModels, jobs: SimilarJobs, default_model: str
    ) -> None:
        self._predictor = predictor
        self._one_row = OneRow(predictor)
        self._jobs = jobs
        self._inference = Inference(models, predictor)
        self._found = {
            ("GET", "/api/v1.0"): _found("GET", "/api/v1.0", self._one, default_model),
            ("POST", "/model/similar_jobs"): _found("POST", "/model/similar_jobs", self._titles),
        }
        # By what comes before and after the model's name.
        self._named: dict[str, tuple[tuple[str, str, Callable[[Asked], Answer]], ...]] = {
            "GET": (("/api/v1.0/models/", "/predict", self._one),),
            "POST": (
                ("/api/v1.0/models/", "/predict", self._many),
                ("/v2/models/", "/infer", self._tensors),
            ),
        }

    def find(self, method: str, path: str) -> Found | None:
        """What answers, or None; whether there is a model of that name, its answering finds out."""
        found = self._found.get((method, path))
        if found is not None:
            return found
        for before, after, answering in self._named.get(method, ()):
            if path.startswith(before) and path.endswith(after):
                name = path[len(before) : -len(after)]
                if name and "/" not in name:
                    return _found(method, f"{before}<name>{after}", answering, name)
        return None

    def remember(self, asked: Asked) -> None:
        """Find it at once the next time: it was answered, so there is a model of that name."""
        self._found[asked.method, asked.path] = asked.found

    def _one(self, asked: Asked) -> Answer:
        name, route = asked.found.model, asked.found.route
        answer = self._one_row.of_query(name, asked.query, asked.user, route)
        return answer or answer_one(self._predictor, name, asked.pairs, asked.asking)

    def _many(self, asked: Asked) -> Answer:
        name, route, body = asked.found.model, asked.found.route, json_of(asked.body)
        answer = None if asked.query else self._one_row.of_body(name, body, asked.user, route)
        return answer or answer_many(self._predictor, name, body, asked.pairs, asked.asking)

    def _tensors(self, asked: Asked) -> Answer:
        return self._inference.answer((asked.found.model, None), asked.body, None, asked.asking)

    def _titles(self, asked: Asked) -> Answer:
        return answer_titles(self._jobs, titles_asked(asked.pairs), json_of(asked.body), asked.asking)


def _found(method: str, route: str, answering: Callable[[Asked], Answer], model: str = "") -> Found:
    return Found(route, needed(method, route), answering, model)
