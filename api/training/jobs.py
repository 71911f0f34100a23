"""The use case of trainings: ask for one, look before, follow it, cancel it. It imports no scikit-learn."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from api.errors import (
    EndedTraining,
    FieldProblem,
    InvalidInput,
    OtherRequest,
    ServiceFull,
    TrainingFailed,
    UnknownTraining,
)
from api.schema.as_json import Json
from api.storage.access import now
from api.storage.trainings import PENDING, PROCESSING, Training, Trainings
from api.training.child_process import ChildProcess, child_process
from api.training.request import TrainingRequest
from api.training.task import Bounds, task_of
from api.training.uploads import Uploads

PREVIEW_SECONDS = 60.0
_PREVIEWS_AT_ONCE = 2
# Below it, what is still to come cannot be told from what was.
_TELLING_PROGRESS = 0.05


class Jobs:
    """The trainings of this house. Methods raise StorageUnavailable where the database is away.

    `wake` tells whoever starts the work that there is some.
    """

    def __init__(
        self, trainings: Trainings, uploads: Uploads, bounds: Bounds, wake: Callable[[], None]
    ) -> None:
        self.uploads = uploads
        self._trainings = trainings
        self._bounds = bounds
        self._wake = wake
        self._previews = threading.BoundedSemaphore(_PREVIEWS_AT_ONCE)

    def submit(self, request: TrainingRequest, by: str, key: str | None = None) -> Training:
        """Ask for a training; the same key by the same caller is the same training.

        Raises InvalidInput where there is no such uploaded file, and OtherRequest where the key came before
        with another request.
        """
        self._check_upload(request)
        training, new = self._trainings.add(request.to_json(), by, key)
        if not new:
            if request.upload and request.upload != training.request["upload"]:
                self.uploads.forget(request.upload)
            if _without_upload(request.to_json()) != _without_upload(training.request):
                raise OtherRequest(key or "")
        self._wake()
        return training

    def get(self, id: str) -> Training:
        """One training, with its report; raises UnknownTraining."""
        found = self._trainings.get(id)
        if found is None:
            raise UnknownTraining(id)
        return found

    def page(self, before: int | None, most: int) -> list[Training]:
        """The newest `most` of those whose number is below `before`, newest first, without their reports."""
        return self._trainings.page(before, most)

    def cancel(self, id: str) -> Training:
        """Stop a training, within two seconds where it is under way.

        Raises UnknownTraining, or EndedTraining where it has ended by itself.
        """
        before = self.get(id)
        if before.status not in (PENDING, PROCESSING):
            raise EndedTraining(id, before.status)
        found = self._trainings.cancel(id)
        if found is None:
            raise UnknownTraining(id)
        return found

    def preview(self, request: TrainingRequest) -> Json:
        """What a training would find in a file: how it is written, its columns, and the target.

        Raises InvalidInput, ServiceFull, and TrainingFailed with a sentence about the file.
        """
        self._check_upload(request)
        if not self._previews.acquire(blocking=False):
            raise ServiceFull("Other files are being looked at; try again in a moment.")
        folder = self._bounds.work / f"preview-{uuid4().hex}"
        try:
            folder.mkdir(parents=True)
            with child_process(task_of(self._bounds, request.to_json(), folder, os.getpid())) as child:
                return _look(child)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._previews.release()

    def _check_upload(self, request: TrainingRequest) -> None:
        if request.upload and not self.uploads.there(request.upload):
            detail = "There is no such uploaded file; one that is not trained from is kept for an hour."
            raise InvalidInput([FieldProblem("upload", detail, detail, "the name of an uploaded file")])


def seconds_of(training: Training) -> tuple[float | None, float | None]:
    """How long it has been worked on, and how long it is thought to go on; None where that is not known."""
    if training.started_at is None:
        return None, None
    until = training.ended_at or now()
    elapsed = (datetime.fromisoformat(until) - datetime.fromisoformat(training.started_at)).total_seconds()
    elapsed = max(0.0, round(elapsed, 3))
    if training.status != PROCESSING or training.progress < _TELLING_PROGRESS:
        return elapsed, None
    return elapsed, round(elapsed / training.progress * (1 - training.progress), 1)


def _look(child: ChildProcess) -> Json:
    until, more = time.monotonic() + PREVIEW_SECONDS, True
    while more and time.monotonic() < until:
        messages, more = child.messages(0.5)
        for message in messages:
            if "failed" in message:
                raise TrainingFailed(message["failed"]["detail"], message["failed"].get("errors", ()))
            if "done" in message:
                report: Json = message["done"]["report"]
                return report
    if more:
        raise TrainingFailed(f"The file could not be looked at within {PREVIEW_SECONDS:.0f} seconds.")
    raise TrainingFailed("The file could not be looked at: the process that did so ended without a word.")


def _without_upload(request: Json) -> Json:
    return request | {"upload": request["upload"] is not None}
