"""The routes that are answered here, and the functions that answer them, which are the resources' own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from api.predictions.asking import Asking
from api.predictions.predict import Predictor
from api.predictions.similar_jobs import SimilarJobs
from api.runtime.serving import ServingModels
from api.storage.users import Role
from api.web.answer import Answer
from api.web.body import json_of
from api.web.express.one_row import OneRow
from api.web.inferring import Inference
from api.web.query import pairs_of
from api.web.ranking import answer_titles, titles_asked
from api.web.request_log import said_of
from api.web.roles import needed

# Takes the model in the path, the route, the query, the body and the user.
_Answering = Callable[[str, str, str, bytes, str], Answer]


@dataclass(slots=True)
class Found:
    """What answers a path: the route as Flask's rules write it, and the model in the path.

    `answering` takes a query, which is ASCII, a body, which is empty where there is none to read, and who
    asks; it raises what a resource would. `needs` is the role that it takes, and `logged` what the log says
    of it; it is `known` once it has answered.
    """

    method: str
    path: str
    route: str
    needs: Role
    logged: str
    answering: Callable[[str, bytes, str], Answer]
    known: bool = False


class PlainAnswers:
    """Knows what answers which method and path."""

    def __init__(
        self, predictor: Predictor, models: ServingModels, jobs: SimilarJobs, default_model: str
    ) -> None:
        one_row = OneRow(predictor)
        self._jobs = jobs
        self._inference = Inference(models, predictor)
        one, titles = ("GET", "/api/v1.0"), ("POST", "/model/similar_jobs")
        self._found = {
            one: _found(*one, one[1], one_row.of_query, default_model),
            titles: _found(*titles, titles[1], self._titles, ""),
        }
        # By what comes before and after the model's name.
        self._named: dict[str, tuple[tuple[str, str, _Answering], ...]] = {
            "GET": (("/api/v1.0/models/", "/predict", one_row.of_query),),
            "POST": (
                ("/api/v1.0/models/", "/predict", one_row.of_body),
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
                    return _found(method, path, f"{before}<name>{after}", answering, name)
        return None

    def remember(self, found: Found) -> None:
        """Find it at once the next time: it was answered, so there is a model of that name."""
        found.known = True
        self._found[found.method, found.path] = found

    def _tensors(self, name: str, route: str, query: str, body: bytes, user: str) -> Answer:
        return self._inference.answer((name, None), body, None, Asking(user, route))

    def _titles(self, name: str, route: str, query: str, body: bytes, user: str) -> Answer:
        pairs = pairs_of(query.encode("ascii"))
        return answer_titles(self._jobs, titles_asked(pairs), json_of(body), Asking(user, route))


def _found(method: str, path: str, route: str, answering: _Answering, model: str) -> Found:
    logged = said_of(method, path, route, 200)
    return Found(method, path, route, needed(method, route), logged, partial(answering, model, route))
