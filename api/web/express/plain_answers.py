"""The routes that are answered here, and the functions that answer them, which are the resources' own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.predictions.asking import Asking
from api.predictions.predict import Predictor
from api.predictions.similar_jobs import SimilarJobs
from api.runtime.serving import ServingModels
from api.web.answer import Answer
from api.web.body import json_of
from api.web.inferring import Inference
from api.web.predicting import answer_many, answer_one
from api.web.query import pairs_of
from api.web.ranking import answer_titles, titles_asked


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a path: the route as Flask's rules write it, and the model in the path.

    `answering` raises what a resource would.
    """

    route: str
    answering: Callable[[Asked], Answer]
    model: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One plain request; `body` is empty where there is none to read."""

    method: str
    path: str
    found: Found
    query: bytes
    body: bytes
    asking: Asking


class PlainAnswers:
    """Knows what answers which method and path."""

    def __init__(
        self, predictor: Predictor, models: ServingModels, jobs: SimilarJobs, default_model: str
    ) -> None:
        self._predictor = predictor
        self._jobs = jobs
        self._inference = Inference(models, predictor)
        self._fixed = {
            "GET /api/v1.0": Found("/api/v1.0", self._one, default_model),
            "POST /model/similar_jobs": Found("/model/similar_jobs", self._titles),
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
        fixed = self._fixed.get(f"{method} {path}")
        if fixed is not None:
            return fixed
        for before, after, answering in self._named.get(method, ()):
            if path.startswith(before) and path.endswith(after):
                name = path[len(before) : -len(after)]
                if name and "/" not in name:
                    return Found(f"{before}<name>{after}", answering, name)
        return None

    def _one(self, asked: Asked) -> Answer:
        return answer_one(self._predictor, asked.found.model, pairs_of(asked.query), asked.asking)

    def _many(self, asked: Asked) -> Answer:
        return answer_many(
            self._predictor, asked.found.model, json_of(asked.body), pairs_of(asked.query), asked.asking
        )

    def _tensors(self, asked: Asked) -> Answer:
        return self._inference.answer((asked.found.model, None), asked.body, None, asked.asking)

    def _titles(self, asked: Asked) -> Answer:
        titles = titles_asked(pairs_of(asked.query))
        return answer_titles(self._jobs, titles, json_of(asked.body), asked.asking)
