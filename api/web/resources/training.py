"""Trainings: ask for one, look at a file before, follow one, cancel one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import Response, request, url_for
from flask_restful import Api, Resource
from werkzeug.exceptions import BadRequest, MethodNotAllowed, UnsupportedMediaType

from api.errors import UnknownTraining
from api.schema.as_json import Json
from api.storage.trainings import Training
from api.training.jobs import Jobs, seconds_of
from api.training.request import TrainingRequest, training_request
from api.web.auth import current_user
from api.web.body import json_body
from api.web.multipart import read_form

USUAL, MOST = 20, 100
CURSOR = r"^[0-9]{1,15}$"
ID = r"^[0-9a-f]{32}$"
KEY = r"^[!-~]{1,200}$"
# What a form may be longer than its file.
_BESIDE_THE_FILE = 1024 * 1024


def add_training(api: Api, jobs: Jobs, most_bytes: int) -> None:
    """Add the routes; `most_bytes` is the longest file that is taken."""
    asks = {"jobs": jobs, "most_bytes": most_bytes}
    api.add_resource(TrainingList, "/api/v1.0/training", resource_class_kwargs=asks)
    api.add_resource(TrainingPreview, "/api/v1.0/training/preview", resource_class_kwargs=asks)
    api.add_resource(
        OneTraining, "/api/v1.0/training/<id>", endpoint="training", resource_class_kwargs={"jobs": jobs}
    )


class TrainingList(Resource):
    """All of them."""

    def __init__(self, jobs: Jobs, most_bytes: int) -> None:
        self._jobs = jobs
        self._most_bytes = most_bytes

    def get(self) -> Json:
        """A page, newest first, and the cursor of the next."""
        limit, before = _number("limit", USUAL), _number("cursor", None)
        if limit is None or not 1 <= limit <= MOST:
            raise BadRequest(f"limit must be a number from 1 to {MOST}.")
        # One more than is told, to know whether there is a next page.
        found = self._jobs.page(before, limit + 1)
        more = len(found) > limit
        shown = found[:limit]
        return {
            "trainings": [training_json(one) for one in shown],
            "next": str(shown[-1].number) if more else None,
        }

    def post(self) -> tuple[Json, int, dict[str, str]]:
        """Ask for one, of a link or of a file; 201 as soon as it is written down."""
        key = _idempotency_key()
        asked = _request(self._jobs, self._most_bytes)
        training = self._jobs.submit(asked, by=current_user().name, key=key)
        where = url_for("training", id=training.id)
        return {"id": training.id, "status": training.status}, 201, {"Location": where}


class TrainingPreview(Resource):
    """What a training would find."""

    def __init__(self, jobs: Jobs, most_bytes: int) -> None:
        self._jobs = jobs
        self._most_bytes = most_bytes

    def post(self) -> Json:
        """How a file is written, its columns and the target; an uploaded file is kept for a training."""
        asked = _request(self._jobs, self._most_bytes)
        try:
            found = self._jobs.preview(asked)
        except BaseException:
            if asked.upload and request.mimetype == "multipart/form-data":
                self._jobs.uploads.forget(asked.upload)
            raise
        return found | {"upload": asked.upload}

    def options(self) -> Response:
        """Only POST: Flask's own answer would count in what a training of the id `preview` has."""
        return Response(headers={"Allow": "POST, OPTIONS"})


class OneTraining(Resource):
    """One of them."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def get(self, id: str) -> Json:
        """How far it is and what came of it, with its report."""
        training = self._jobs.get(_checked(id))
        return training_json(training) | {"report": training.report}

    def delete(self, id: str) -> Json:
        """Cancel it; 409 for one that has ended."""
        return training_json(self._jobs.cancel(_checked(id)))


def training_json(training: Training) -> Json:
    """A training as it is answered, without its report."""
    elapsed, expected = seconds_of(training)
    shown = asdict(training)
    for name in ("number", "cancel", "report"):
        del shown[name]
    shown["request"] = {name: value for name, value in shown["request"].items() if value is not None}
    return shown | {"elapsed_seconds": elapsed, "expected_seconds": expected}


def _request(jobs: Jobs, most_bytes: int) -> TrainingRequest:
    """What the body asks for; a file in it is kept, unless there is something wrong with the rest."""
    if request.mimetype == "multipart/form-data":
        return _form_request(jobs, most_bytes)
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send a link as application/json, or a file as multipart/form-data.")
    body = json_body()
    if not isinstance(body, dict):
        raise BadRequest('The body must be an object such as {"dataset": "https://…/data.csv"}.')
    return training_request(body)


def _form_request(jobs: Jobs, most_bytes: int) -> TrainingRequest:
    request.max_content_length = most_bytes + _BESIDE_THE_FILE
    kept: list[str] = []

    def receive(name: str, blocks: Iterator[bytes]) -> None:
        kept.append(jobs.uploads.receive(name, blocks))

    try:
        fields: dict[str, Any] = dict(read_form(request.stream, request.content_type or "", receive))
        if "upload" in fields:
            raise BadRequest("The form must have a file and no field upload.")
        return training_request(fields | {"upload": kept[0]})
    except BaseException:
        for name in kept:
            jobs.uploads.forget(name)
        raise


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not re.fullmatch(KEY, key):
        raise BadRequest("Idempotency-Key must be 1 to 200 visible characters of ASCII.")
    return key


def _number(name: str, default: int | None) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if not re.fullmatch(CURSOR, text):
        raise BadRequest(f"{name} must be a number; cursor is the next of the page before.")
    return int(text)


def _checked(id: str) -> str:
    if id == "preview":
        # That path has a method of its own, and only one.
        raise MethodNotAllowed(["POST", "OPTIONS"])
    if not re.fullmatch(ID, id):
        raise UnknownTraining(id)
    return id
