"""The whole document, and the latest one kept."""

from __future__ import annotations

import json
from collections.abc import Sequence

from api import __version__
from api.registry.card import Card
from api.runtime.serving import ServingModels
from api.web.openapi import (
    inference_paths,
    model_paths,
    prediction_paths,
    record_paths,
    service_paths,
    similar_jobs_paths,
    training_paths,
    user_paths,
)
from api.web.openapi.errors import FIELD_ERROR, PROBLEM, PROTOCOL_ERROR, error_responses
from api.web.openapi.operations import Json

_ABOUT = """Predictions of scikit-learn models, over an authenticated REST API. Errors are problems of RFC \
9457 with a `message`; under `/v2` they have the form of the Open Inference Protocol. Every answer carries \
an `X-Request-ID`: the caller's own, or a new one."""
_TAGS = (
    (prediction_paths.TAG, "Ask a model: what each takes is its own."),
    (similar_jobs_paths.TAG, "Job titles for what somebody has done, and what a title takes."),
    (record_paths.TAG, "Everything that was answered, by whatever route."),
    (model_paths.TAG, "What is served, how it was made and checked, and which version answers."),
    (training_paths.TAG, "From a CSV to a model that answers, in the background."),
    (inference_paths.TAG, "Version 2 over REST, for the clients of KServe, MLServer and Triton."),
    (user_paths.TAG, "Who may sign in, and what each may do; for administrators."),
    (service_paths.TAG, "Whether it is there and ready."),
)


def openapi_document(cards: Sequence[Card], default: str, *, details: bool) -> Json:
    """The OpenAPI 3.1 document of a service on which these models answer.

    Without `details` it tells neither the ranges, choices and examples of fields nor the names of classes.
    """
    schemas = {"Problem": PROBLEM, "FieldError": FIELD_ERROR, "ProtocolError": PROTOCOL_ERROR}
    schemas |= model_paths.MODEL_SCHEMAS | inference_paths.INFERENCE_SCHEMAS
    schemas |= record_paths.RECORD_SCHEMAS | training_paths.TRAINING_SCHEMAS
    schemas |= user_paths.USER_SCHEMAS
    schemas |= prediction_paths.prediction_schemas(cards, details)
    return {
        "openapi": "3.1.1",
        "info": {"title": "Bouquet", "version": __version__, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS],
        "security": [{"basicAuth": []}, {"bearerAuth": []}],
        "paths": prediction_paths.prediction_paths(cards, default, details)
        | record_paths.record_paths()
        | model_paths.model_paths([card.name for card in cards])
        | similar_jobs_paths.similar_jobs_paths(cards)
        | training_paths.training_paths()
        | user_paths.user_paths()
        | inference_paths.inference_paths(cards, details)
        | service_paths.service_paths(),
        "components": {
            "securitySchemes": {
                "basicAuth": {"type": "http", "scheme": "basic"},
                "bearerAuth": {"type": "http", "scheme": "bearer"},
            },
            "schemas": schemas,
            "responses": error_responses(),
        },
    }


class LiveDocument:
    """The document of the models that answer at the moment, made again only when they change."""

    def __init__(self, models: ServingModels, default: str) -> None:
        self._models = models
        self._default = default
        # What each was made from, and its text; the cards are kept so that none takes another's identity.
        self._made: dict[bool, tuple[list[Card], str]] = {}

    def text(self, *, details: bool) -> str:
        """The document as JSON; `details` as for `openapi_document`."""
        cards = [self._models.get(name).card for name in self._models.names()]
        made = self._made.get(details)
        # By identity: a card is never changed, and comparing two would take longer than is saved.
        if made is None or [id(one) for one in made[0]] != [id(one) for one in cards]:
            text = json.dumps(openapi_document(cards, self._default, details=details))
            made = self._made[details] = (cards, text)
        return made[1]
