"""The Flask application of the API, made from the parts it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, Response
from flask_restful import Api

from api.monitoring.health import HealthOf
from api.predictions.feedback import Feedback
from api.predictions.predict import Predictor
from api.predictions.read_back import ReadBack
from api.predictions.similar_jobs import SimilarJobs
from api.runtime.serving import ServingModels
from api.runtime.versions import Versions
from api.storage.users import Users
from api.training.jobs import Jobs
from api.web.answer import ON_EVERY_ANSWER
from api.web.auth import require_sign_in
from api.web.csv_answer import CsvAnswers
from api.web.draining import END_CONNECTION, Draining
from api.web.express.lane import ExpressLane
from api.web.express.plain_answers import PlainAnswers
from api.web.openapi.document import LiveDocument
from api.web.problems import answer_with_problems
from api.web.request_log import log_requests
from api.web.resources.doc import Doc, DocAsset
from api.web.resources.feedback import FeedbackOn
from api.web.resources.health import ModelHealth
from api.web.resources.models import Model, Models
from api.web.resources.open_inference import add_open_inference
from api.web.resources.openapi import OpenApi
from api.web.resources.predict import Predict, PredictDefault
from api.web.resources.predictions import Recorded, RecordedOne
from api.web.resources.probes import Alive, Ready
from api.web.resources.similar_jobs import add_similar_jobs
from api.web.resources.status import Status
from api.web.resources.tokens import NewToken
from api.web.resources.training import add_training
from api.web.resources.users import add_users
from api.web.resources.versions import EnabledVersionOf, ModelVersion, ModelVersions
from api.web.sign_in import SignIn


class _Api(Api):
    """Flask-RESTful's Api without its error handling: all errors go through the application's handlers.

    Its own handler answers 500 for errors that `app.errorhandler` knows, in production only.
    """

    def error_router(self, original_handler: Callable[[Exception], Any], e: Exception) -> Any:
        """Leave the error to the handler that Flask would have called."""
        return original_handler(e)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is made of.

    `default_model` is the one that GET /api/v1.0 asks; `express_lane` whether plain requests are answered
    in front of Flask; `openapi_details` whether the document at
    /openapi.json tells everybody what was observed in the training rows.
    """

    models: ServingModels
    predictor: Predictor
    similar_jobs: SimilarJobs
    versions: Versions
    record: ReadBack
    feedback: Feedback
    health: HealthOf
    csv_answers: CsvAnswers
    sign_in: SignIn
    users: Users
    draining: Draining
    jobs: Jobs
    default_model: str
    most_json_bytes: int
    most_dataset_bytes: int
    openapi_details: bool
    express_lane: bool


def create_app(parts: Parts) -> Flask:
    """The WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = parts.most_json_bytes
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    log_requests(app)
    require_sign_in(app, parts.sign_in)
    answer_with_problems(app)
    app.after_request(_never_stored)
    app.after_request(partial(_end_connection, parts.draining))
    api = _Api(app)
    _add_routes(api, parts)
    _add_versions(api, parts.versions)
    _add_record(api, parts)
    _add_probes(api, parts)
    _add_documents(api, parts)
    add_similar_jobs(api, parts.similar_jobs)
    add_training(api, parts.jobs, parts.most_dataset_bytes)
    add_users(api, parts.users, parts.sign_in)
    add_open_inference(app, api, parts.models, parts.predictor, parts.draining)
    if parts.express_lane:
        answers = PlainAnswers(parts.predictor, parts.models, parts.similar_jobs, parts.default_model)
        lane = ExpressLane(app.wsgi_app, answers, parts.sign_in, parts.draining)
        # Where Flask's documentation has one put what stands in front of an application.
        app.wsgi_app = lane  # type: ignore[method-assign]  # an attribute, which its type calls a method
    return app


def _add_routes(api: Api, parts: Parts) -> None:
    shows = {"models": parts.models, "default_model": parts.default_model}
    asks_default = {"predictor": parts.predictor, "default_model": parts.default_model}
    asks = {"predictor": parts.predictor, "csv_answers": parts.csv_answers}
    api.add_resource(PredictDefault, "/api/v1.0", resource_class_kwargs=asks_default)
    api.add_resource(Status, "/api/v1.0/status")
    api.add_resource(NewToken, "/api/v1.0/tokens", resource_class_kwargs={"sign_in": parts.sign_in})
    api.add_resource(Models, "/api/v1.0/models", resource_class_kwargs=shows)
    api.add_resource(Model, "/api/v1.0/models/<name>", resource_class_kwargs={"models": parts.models})
    api.add_resource(Predict, "/api/v1.0/models/<name>/predict", resource_class_kwargs=asks)


def _add_versions(api: Api, versions: Versions) -> None:
    kept = {"versions": versions}
    api.add_resource(ModelVersions, "/api/v1.0/models/<name>/versions", resource_class_kwargs=kept)
    api.add_resource(ModelVersion, "/api/v1.0/models/<name>/versions/<version>", resource_class_kwargs=kept)
    api.add_resource(EnabledVersionOf, "/api/v1.0/models/<name>/enabled", resource_class_kwargs=kept)


def _add_record(api: Api, parts: Parts) -> None:
    reads = {"record": parts.record}
    api.add_resource(Recorded, "/api/v1.0/predictions", resource_class_kwargs=reads)
    api.add_resource(RecordedOne, "/api/v1.0/predictions/<id>", resource_class_kwargs=reads)
    told = {"feedback": parts.feedback}
    api.add_resource(FeedbackOn, "/api/v1.0/predictions/<id>/feedback", resource_class_kwargs=told)
    shows = {"health": parts.health}
    api.add_resource(ModelHealth, "/api/v1.0/models/<name>/health", resource_class_kwargs=shows)


def _add_probes(api: Api, parts: Parts) -> None:
    ready = {"models": parts.models, "draining": parts.draining}
    api.add_resource(Alive, "/healthz")
    api.add_resource(Ready, "/readyz", resource_class_kwargs=ready)


def _add_documents(api: Api, parts: Parts) -> None:
    document = LiveDocument(parts.models, parts.default_model)
    shows = {"document": document, "sign_in": parts.sign_in, "details_for_all": parts.openapi_details}
    api.add_resource(OpenApi, "/openapi.json", resource_class_kwargs=shows)
    api.add_resource(Doc, "/doc", resource_class_kwargs={"details_for_all": parts.openapi_details})
    api.add_resource(DocAsset, "/doc/<file>")


def _end_connection(draining: Draining, response: Response) -> Response:
    """Before a stop, each connection ends with its next answer instead of being kept for another request."""
    if draining.begun:
        name, value = END_CONNECTION
        response.headers[name] = value
    return response


def _never_stored(response: Response) -> Response:
    """Answers are about people and about now: no cache keeps them, no browser guesses their type."""
    for name, value in ON_EVERY_ANSWER:
        response.headers.setdefault(name, value)
    return response
