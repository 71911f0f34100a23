"""The application before it begins: without threads and models, so that processes can be forked off."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.util import Finalize

from sqlalchemy import Engine

from api import library_pages
from api.bootstrap.workers import bounds_of, queue_of
from api.config import Settings
from api.errors import StorageUnavailable
from api.monitoring.health import HealthOf
from api.predictions.drain import Drainer
from api.predictions.drain_here import DrainHere
from api.predictions.feedback import Feedback
from api.predictions.predict import Predictor
from api.predictions.read_back import ReadBack
from api.predictions.record import Recorder
from api.predictions.similar_jobs import SimilarJobs
from api.predictions.spool import Spool
from api.registry.directory import ModelsDirectory
from api.runtime.first_model import load_first_model
from api.runtime.follow import Follower
from api.runtime.load import version_here
from api.runtime.serving import ServingModels
from api.runtime.versions import Versions
from api.storage import feedback
from api.storage.predictions import Predictions
from api.storage.queue import Queue
from api.storage.remembered import RememberedChoices
from api.storage.trainings import Trainings
from api.storage.users import Users
from api.storage.version_events import VersionEvents
from api.training.jobs import Jobs
from api.training.local import LocalExecutor
from api.training.tidy import keep_tidy
from api.training.uploads import Uploads
from api.web.app import Parts
from api.web.csv_answer import CsvAnswers
from api.web.draining import Draining
from api.web.follow_users import follow_users
from api.web.sign_in import SignIn
from api.web.tokens import Tokens

_MEGABYTE = 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts of an application that has not begun.

    A serving process calls `begin` once: it loads the models and starts threads. `rehearse` asks the database
    what those will ask it, so that the statements are there, and makes what all models share.
    """

    parts: Parts
    begin: Callable[[], None]
    rehearse: Callable[[], None]


def assemble(settings: Settings, engine: Engine, draining: Draining) -> Assembly:
    """The parts with no models yet; nothing is connected to, opened or started."""
    directory, events = ModelsDirectory(settings.models_dir), VersionEvents(engine)
    choices = RememberedChoices(events, settings.data_dir / "choices.json")
    models = ServingModels(directory, choices.enabled, settings.trusted_types, choices.kept)
    follower = Follower(models, events.newest)
    predictions, versions = Predictions(engine), Versions(directory, models, events)
    users, record, told = Users(engine), ReadBack(predictions), feedback.Feedback(engine)
    spool = spool_of(settings)
    here = DrainHere(spool, Drainer(spool, predictions, settings.record_days))
    predictor = Predictor(models, recorder := Recorder(spool) if settings.record_predictions else None)
    sign_in = _sign_in(settings, users)
    jobs, begin_jobs = _jobs(settings, engine)

    def begin() -> None:
        _look_first(follower, models)
        for reason in models.not_ready():
            _log.error("not ready: %s", reason)
        # Before there are threads, which might load a library.
        library_pages.let_go()
        follower.start()
        # What is in the spool is drained also where predictions are not to be recorded.
        here.start()
        # A serving process is a child of the server, which ends without what `atexit` would call.
        Finalize(None, here.finish, exitpriority=0)
        begin_jobs()
        follow_users(sign_in, users)

    def rehearse() -> None:
        events.newest()
        events.enabled()
        events.kept()
        users.newest()
        queue = Queue(engine)
        queue.waiting()
        queue.uploads()
        version_here("onnxruntime")
        load_first_model()

    parts = Parts(
        models=models,
        predictor=predictor,
        similar_jobs=SimilarJobs(models, recorder),
        versions=versions,
        record=record,
        feedback=Feedback(record, versions.card_of, told),
        health=HealthOf(versions, predictions, told),
        csv_answers=CsvAnswers(predictor, settings.data_dir / "tmp", settings.most_csv_mb * _MEGABYTE),
        sign_in=sign_in,
        users=users,
        draining=draining,
        jobs=jobs,
        default_model=settings.default_model,
        most_json_bytes=settings.most_json_mb * _MEGABYTE,
        most_dataset_bytes=settings.most_dataset_mb * _MEGABYTE,
        openapi_details=settings.openapi_details,
        express_lane=settings.express_lane,
    )
    return Assembly(parts, begin, rehearse)


def spool_of(settings: Settings) -> Spool:
    """The spool in the data directory."""
    return Spool(settings.data_dir / "spool")


def _look_first(follower: Follower, models: ServingModels) -> None:
    """Load the models: those that were enabled last where the database is away."""
    try:
        follower.look()
    except StorageUnavailable:
        try:
            models.refresh()
        except StorageUnavailable as error:
            _log.error("no model answers before the database does: %s", error.reason)


def _jobs(settings: Settings, engine: Engine) -> tuple[Jobs, Callable[[], None]]:
    """The trainings, with whoever starts them, a queue or this process; and what begins that."""
    bounds = bounds_of(settings)
    uploads = Uploads(bounds.uploads, bounds.most_bytes)
    if settings.redis_url:
        # Here, because Celery is neither needed nor perhaps installed where there is no queue.
        from api.training.celery_queue import Sender

        executor: Sender | LocalExecutor = Sender(queue_of(settings, engine), settings.redis_url)
    else:
        executor = LocalExecutor(engine)

    def begin() -> None:
        executor.start()
        keep_tidy(Queue(engine), uploads, bounds)

    return Jobs(Trainings(engine), uploads, bounds, executor.wake), begin


def _sign_in(settings: Settings, users: Users) -> SignIn:
    """Sign-in for the pair in the settings and for the users."""
    return SignIn(
        settings.api_username,
        settings.api_password,
        settings.sign_in_failures,
        users,
        Tokens(lambda: users.key("tokens")),
    )
