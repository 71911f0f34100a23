"""/v2: the Open Inference Protocol, V2 over REST, for every model."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, request
from flask_restful import Api, Resource
from werkzeug.exceptions import UnsupportedMediaType

from api import __version__
from api.predictions.predict import Predictor
from api.runtime.serving import ServingModels
from api.web.answer import JSON
from api.web.asking import asking
from api.web.draining import Draining
from api.web.inferring import BINARY, Inference
from api.web.open_inference.infer_request import JSON_LENGTH
from api.web.open_inference.metadata import model_metadata, server_metadata
from api.web.problems import CONTENT_TYPE as PROBLEM

_MODEL = "/v2/models/<name>"
_VERSION = f"{_MODEL}/versions/<version>"


class Server(Resource):
    """The server itself."""

    def get(self) -> dict[str, Any]:
        """Its name, version and extensions."""
        return server_metadata(__version__)


class Live(Resource):
    """Whether the server takes requests."""

    def get(self) -> dict[str, bool]:
        """Always `{"live": true}`."""
        return {"live": True}


class ServerReady(Resource):
    """Whether every model can answer."""

    def __init__(self, models: ServingModels, draining: Draining) -> None:
        self._models = models
        self._draining = draining

    def get(self) -> Response | dict[str, bool]:
        """`{"ready": true}`, or 503 with the reasons."""
        reasons = ["The service is stopping."] if self._draining.begun else self._models.not_ready()
        if not reasons:
            # The protocol's text calls it "live", its clients read "ready".
            return {"live": True, "ready": True}
        body = json.dumps({"ready": False, "error": "Not ready. " + " ".join(reasons)})
        return Response(body, 503, {"Retry-After": "5"}, content_type="application/json")


class Metadata(Resource):
    """What a model takes and gives."""

    def __init__(self, models: ServingModels) -> None:
        self._models = models

    def get(self, name: str, version: str | None = None) -> dict[str, Any]:
        """The metadata of the version that answers, or of the one named."""
        return model_metadata(self._models.get(name, version).card, self._models.versions(name))


class ModelReady(Resource):
    """Whether a model can answer."""

    def __init__(self, models: ServingModels) -> None:
        self._models = models

    def get(self, name: str, version: str | None = None) -> dict[str, Any]:
        """`{"name": …, "ready": true}`; 404, 409 or 503 where it cannot."""
        return {"name": self._models.get(name, version).card.name, "ready": True}


class Infer(Resource):
    """A model's answers for tensors."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def post(self, name: str, version: str | None = None) -> Response:
        """The tensors asked for, in JSON, or those asked for in binary after the JSON."""
        if request.mimetype not in ("", JSON, BINARY):
            raise UnsupportedMediaType(f"Send the request as application/json, not {request.mimetype[:80]}.")
        body, json_length = request.get_data(cache=False), request.headers.get(JSON_LENGTH)
        return self._inference.answer((name, version), body, json_length, asking()).response()


def add_open_inference(
    app: Flask, api: Api, models: ServingModels, predictor: Predictor, draining: Draining
) -> None:
    """Add the protocol's routes, and have every error under /v2 in the protocol's form."""
    shows = {"models": models}
    api.add_resource(Server, "/v2")
    api.add_resource(Live, "/v2/health/live")
    api.add_resource(ServerReady, "/v2/health/ready", resource_class_kwargs=shows | {"draining": draining})
    api.add_resource(Metadata, _MODEL, _VERSION, resource_class_kwargs=shows)
    api.add_resource(ModelReady, f"{_MODEL}/ready", f"{_VERSION}/ready", resource_class_kwargs=shows)
    asks = {"inference": Inference(models, predictor)}
    api.add_resource(Infer, f"{_MODEL}/infer", f"{_VERSION}/infer", resource_class_kwargs=asks)
    app.after_request(_in_the_protocols_form)


def _in_the_protocols_form(response: Response) -> Response:
    """A problem under /v2 as `{"error": "…"}`; its status and headers stay."""
    if (request.path == "/v2" or request.path.startswith("/v2/")) and response.content_type == PROBLEM:
        detail = json.loads(response.get_data())["detail"]
        response.set_data(json.dumps({"error": detail}) + "\n")
        response.content_type = "application/json"
    return response
