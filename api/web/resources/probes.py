"""GET /healthz and /readyz: what a supervisor asks."""

from __future__ import annotations

from flask import Response
from flask_restful import Resource

from api.runtime.serving import ServingModels
from api.web.draining import Draining
from api.web.problems import problem


class Alive(Resource):
    """That the process runs; looks at nothing else, since restarting it would mend nothing else."""

    def get(self) -> dict[str, str]:
        """Always `{"status": "alive"}`."""
        return {"status": "alive"}


class Ready(Resource):
    """Whether the models are loaded and have replayed their canaries."""

    def __init__(self, models: ServingModels, draining: Draining) -> None:
        self._models = models
        self._draining = draining

    def get(self) -> dict[str, str] | Response:
        """`{"status": "ready"}`, or 503 with the reasons."""
        reasons = ["The service is stopping."] if self._draining.begun else self._models.not_ready()
        if not reasons:
            return {"status": "ready"}
        response = problem(503, "Not ready. " + " ".join(reasons))
        response.headers["Retry-After"] = "5"
        return response
