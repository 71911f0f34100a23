"""One training, from the claim to the end: started in a child process, watched, and written down."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from api.errors import NotWritable, RefusedVersion, StorageUnavailable
from api.registry.directory import ModelsDirectory
from api.schema.as_json import Json
from api.storage.queue import Claim, Ending, Queue
from api.storage.trainings import CANCELLED, ERROR, PROCESSED, PROCESSING
from api.storage.version_events import VersionEvents
from api.training.child_process import ChildProcess, child_process
from api.training.task import Bounds, task_of
from api.training.watch import progress_at

# How often it is said that the work goes on, and asked whether it should: well within the two seconds in
# which it has to stop.
BEAT_SECONDS = 0.5
_LOOK_SECONDS = 0.1

_log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class _Course:
    """How far one training is; `stop` is set when it is to be given back."""

    stop: threading.Event
    progress: float = 0.0
    step: str | None = None
    message: str | None = None
    version: tuple[str, str] | None = None
    beat_at: float = field(default_factory=time.monotonic)
    kept_at: float = field(default_factory=time.monotonic)
    ends_at: float = 0.0
    away: bool = False
    ending: Ending | None = None


class Worker:
    """Does trainings, one at a time; `owner` names it among all that do."""

    def __init__(self, queue: Queue, events: VersionEvents, bounds: Bounds, owner: str) -> None:
        self._queue = queue
        self._events = events
        self._bounds = bounds
        self._owner = owner

    def work(self, id: str, stop: threading.Event) -> bool:
        """Do the training `id` unless it is another's; False where there was nothing to do.

        When `stop` is set, what is under way ends at once and is given back. Raises StorageUnavailable
        where the database is away when it begins.
        """
        claim = self._queue.claim(id, self._owner)
        if claim is None:
            return False
        _log.info("training %s: begun", id)
        folder = self._bounds.work / id
        try:
            # What an attempt before left there.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            with child_process(task_of(self._bounds, claim.request, folder, os.getpid(), job=id)) as child:
                ended = self._watch(claim, child, stop)
        except OSError as error:
            _log.error("training %s cannot be begun here: %s", id, error)
            reason = f"The work cannot be begun: {error.strerror or error}."
            ended = self._end(claim, Ending(ERROR, error={"detail": reason}), stop)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        upload = claim.request.get("upload")
        if ended and upload:
            (self._bounds.uploads / upload).unlink(missing_ok=True)
        return True

    def _watch(self, claim: Claim, child: ChildProcess, stop: threading.Event) -> bool:
        """Follow the child until the training has ended, or is not ours any more; True where it has ended."""
        course = _Course(stop, ends_at=time.monotonic() + self._bounds.limit_seconds)
        more = True
        while more and course.ending is None:
            messages, more = child.messages(_LOOK_SECONDS)
            for message in messages:
                self._hear(claim, child, course, message)
            if course.ending is not None:
                break
            if stop.is_set():
                child.end()
                return self._give_back(claim, begun=False)
            if not self._keep(claim, course):
                child.end()
                _log.info("training %s is not this worker's any more", claim.id)
                return False
            self._check_limits(child, course)
        status = child.end() if course.ending is not None else child.wait()
        if course.ending is None:
            _log.error("training %s: its process ended without a word (status %s)", claim.id, status)
            return self._give_back(claim, begun=True)
        if course.ending.status == CANCELLED:
            self._end_version(claim, course)
        return self._end(claim, course.ending, stop)

    def _hear(self, claim: Claim, child: ChildProcess, course: _Course, message: Json) -> None:
        if "step" in message:
            course.progress = max(course.progress, progress_at(message["step"], message["share"]))
            course.step, course.message = message["step"], message["message"] or None
        elif message.get("ask") == "answers":
            model = message["model"]
            kept = [version for name, version in self._asked(self._events.kept, course) if name == model]
            child.answer({"chosen": self._asked(self._events.enabled, course).get(model), "kept": kept})
        elif message.get("ask") == "announce":
            model, version = message["model"], message["version"]
            course.version = (model, version)
            answers = message["answers"]
            yours = self._asked(lambda: self._announce(claim, course, answers), course)
            child.answer({"yours": yours})
        elif "done" in message:
            course.ending = Ending(PROCESSED, step=course.step, **message["done"])
        elif "failed" in message:
            _log.info("training %s: %s", claim.id, message["failed"]["detail"])
            course.ending = Ending(ERROR, step=course.step, error=message["failed"])

    def _asked(self, question: Callable[[], _Answer], course: _Course) -> _Answer:
        """The answer of the database, waited for while it is away."""
        while True:
            try:
                return question()
            except StorageUnavailable:
                if course.stop.wait(BEAT_SECONDS):
                    raise

    def _announce(self, claim: Claim, course: _Course, answers: str | None) -> bool:
        """Let the version come into being, and have the time of a lease for it; False where it may not."""
        assert course.version is not None  # noqa: S101 (for the type checker: it has just been named)
        at = time.monotonic()
        yours = self._queue.announce(claim, *course.version, answers)
        course.beat_at = course.kept_at = at
        return yours

    def _keep(self, claim: Claim, course: _Course) -> bool:
        """Say that the work goes on; False where it is not ours to go on with.

        A database that is away lets nobody take it, so then the work goes on. Where only this worker cannot
        reach it another may do the work too, but no more than one is allowed to publish: who may, and has not
        yet, has to do so before its lease ends.
        """
        at = time.monotonic()
        if at - course.beat_at < BEAT_SECONDS:
            return True
        course.beat_at = at
        try:
            state = self._queue.keep(claim, course.progress, course.step, course.message)
        except StorageUnavailable as error:
            if not course.away:
                _log.warning("training %s goes on without the database: %s", claim.id, error.reason)
            course.away = True
            publishing = course.version is not None and course.step == "publish"
            return not publishing or at - course.kept_at < self._queue.lease_seconds
        course.kept_at, course.away = at, False
        if state == CANCELLED:
            course.ending = Ending(CANCELLED)
        return state in (PROCESSING, CANCELLED)

    def _check_limits(self, child: ChildProcess, course: _Course) -> None:
        bounds = self._bounds
        if course.ending is None and time.monotonic() > course.ends_at:
            why = (
                f"The work takes more than {bounds.limit_seconds} seconds, which is the most it may take "
                "(TRAINING_LIMIT). Try it with fewer rows or columns."
            )
        elif course.ending is None and child.memory_mb() > bounds.memory_mb:
            why = (
                f"The work needs more than {bounds.memory_mb} MB of memory, which is the most it may take "
                "(TRAINING_MEMORY_MB). Try it with fewer rows or columns."
            )
        else:
            return
        course.ending = Ending(ERROR, step=course.step, error={"detail": why})

    def _end(self, claim: Claim, ending: Ending, stop: threading.Event) -> bool:
        """Write down what came of it, again and again while the database is away."""
        while True:
            try:
                ours = self._queue.end(claim, ending)
            except StorageUnavailable:
                if stop.wait(BEAT_SECONDS):
                    _log.error("training %s: the database is away, so it will be done again", claim.id)
                    return False
            else:
                _log.info("training %s: %s", claim.id, ending.status if ours else "is another worker's now")
                return ours

    def _give_back(self, claim: Claim, *, begun: bool) -> bool:
        try:
            self._queue.give_back(claim, begun=begun)
        except StorageUnavailable as error:
            # Its lease runs out soon, and then it is anybody's all the same.
            _log.warning("training %s is not given back now: %s", claim.id, error)
        else:
            _log.info("training %s: given back", claim.id)
        return False

    def _end_version(self, claim: Claim, course: _Course) -> None:
        """Delete the version that a cancelled training had just published, if it had."""
        if course.version is None:
            return
        directory, (model, version) = ModelsDirectory(self._bounds.models_dir), course.version
        try:
            if version in directory.versions(model) and directory.card(model, version).training == claim.id:
                directory.delete(model, version)
        except (NotWritable, RefusedVersion) as error:
            _log.warning("training %s: %s", claim.id, error)
