"""What a serving process is made of."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from multiprocessing.util import Finalize

from flask import Flask
from sqlalchemy import Engine

from api.bootstrap.database import open_database
from api.bootstrap.workers import bounds_of, queue_of
from api.config import Settings
from api.errors import BadSetting, StorageUnavailable
from api.monitoring.health import HealthOf
from api.predictions.drain import Drainer
from api.predictions.drain_here import DrainHere
from api.predictions.drain_process import drained_beside
from api.predictions.feedback import Feedback
from api.predictions.predict import Predictor
from api.predictions.read_back import ReadBack
from api.predictions.record import Recorder
from api.predictions.similar_jobs import SimilarJobs
from api.predictions.spool import Spool
from api.registry.directory import ModelsDirectory
from api.runtime.follow import Follower
from api.runtime.serving import ServingModels
from api.runtime.versions import Versions
from api.storage import feedback
from api.storage.engine import open_engine
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
from api.web.app import Parts, create_app
from api.web.csv_answer import CsvAnswers
from api.web.draining import Draining
from api.web.follow_users import follow_users
from api.web.sign_in import SignIn
from api.web.tokens import Tokens

_MEGABYTE = 1024 * 1024
_log = logging.getLogger(__name__)


def build_app(settings: Settings, draining: Draining) -> Flask:
    """The application with its models loaded."""
    return create_app(build_parts(settings, draining))


def build_parts(settings: Settings, draining: Draining) -> Parts:
    """What the application is made of, with the models loaded and followed."""
    engine = _database_or_hope(settings)
    directory, events = ModelsDirectory(settings.models_dir), VersionEvents(engine)
    choices = RememberedChoices(events, settings.data_dir / "choices.json")
    models = ServingModels(directory, choices.enabled, settings.trusted_types, choices.kept)
    follower = Follower(models, events.newest)
    _look_first(follower, models)
    for reason in models.not_ready():
        _log.error("not ready: %s", reason)
    follower.start()
    predictions, versions = Predictions(engine), Versions(directory, models, events)
    users, record, told = Users(engine), ReadBack(predictions), feedback.Feedback(engine)
    recorder = _recorder(settings, predictions)
    predictor = Predictor(models, recorder)
    return Parts(
        models=models,
        predictor=predictor,
        similar_jobs=SimilarJobs(models, recorder),
        versions=versions,
        record=record,
        feedback=Feedback(record, versions.card_of, told),
        health=HealthOf(versions, predictions, told),
        csv_answers=CsvAnswers(predictor, settings.data_dir / "tmp", settings.most_csv_mb * _MEGABYTE),
        sign_in=_sign_in(settings, users),
        users=users,
        draining=draining,
        jobs=_jobs(settings, engine),
        default_model=settings.default_model,
        most_json_bytes=settings.most_json_mb * _MEGABYTE,
        most_dataset_bytes=settings.most_dataset_mb * _MEGABYTE,
        openapi_details=settings.openapi_details,
        express_lane=settings.express_lane,
    )


def _database_or_hope(settings: Settings) -> Engine:
    """The database; one that is away now may come back: the others answer meanwhile, and so does this one."""
    try:
        return open_database(settings)
    except BadSetting as error:
        engine = open_engine(settings.database_url, settings.data_dir)
        _log.error("started without the database: %s", error)
        return engine


def _look_first(follower: Follower, models: ServingModels) -> None:
    """Load the models: those that were enabled last where the database is away."""
    try:
        follower.look()
    except StorageUnavailable:
        try:
            models.refresh()
        except StorageUnavailable as error:
            _log.error("no model answers before the database does: %s", error.reason)


def check_database(settings: Settings) -> None:
    """Find out before anything is started whether the database can be opened, and make its tables.

    Raises BadSetting.
    """
    open_database(settings).dispose()


def drained_beside_serving(settings: Settings) -> AbstractContextManager[None]:
    """For as long as the block lasts, a process of its own brings predictions into the database."""

    def drainer() -> Drainer:
        predictions = Predictions(open_engine(settings.database_url, settings.data_dir))
        return Drainer(_spool(settings), predictions, settings.record_days)

    return drained_beside(_spool(settings), drainer)


def _recorder(settings: Settings, predictions: Predictions) -> Recorder | None:
    """What records predictions, if they are to be. What is in the spool is drained in any case."""
    spool = _spool(settings)
    here = DrainHere(spool, Drainer(spool, predictions, settings.record_days))
    here.start()
    # A serving process is a child of the server, which ends without what `atexit` would call.
    Finalize(None, here.finish, exitpriority=0)
    return Recorder(spool) if settings.record_predictions else None


def _spool(settings: Settings) -> Spool:
    return Spool(settings.data_dir / "spool")


def _jobs(settings: Settings, engine: Engine) -> Jobs:
    """The trainings, with whoever starts them: a queue where there is one, or this process."""
    bounds = bounds_of(settings)
    uploads = Uploads(bounds.uploads, bounds.most_bytes)
    if settings.redis_url:
        # Here, because Celery is neither needed nor perhaps installed where there is no queue.
        from api.training.celery_queue import Sender

        executor: Sender | LocalExecutor = Sender(queue_of(settings, engine), settings.redis_url)
    else:
        executor = LocalExecutor(engine)
    executor.start()
    keep_tidy(Queue(engine), uploads, bounds)
    return Jobs(Trainings(engine), uploads, bounds, executor.wake)


def _sign_in(settings: Settings, users: Users) -> SignIn:
    """Sign-in for the pair in the settings and for the users, whose changes it follows."""
    sign_in = SignIn(
        settings.api_username,
        settings.api_password,
        settings.sign_in_failures,
        users,
        Tokens(lambda: users.key("tokens")),
    )
    follow_users(sign_in, users)
    return sign_in


def adopt_bundled_models(settings: Settings) -> None:
    """Copy the models that came with the program into the models directory where it lacks them."""
    if settings.bundled_models is None:
        return
    directory, bundled = ModelsDirectory(settings.models_dir), ModelsDirectory(settings.bundled_models)
    try:
        for name in directory.adopt_missing(bundled):
            _log.info("copied the bundled model %s into %s", name, settings.models_dir)
    except OSError as error:
        # A models directory that cannot be written may well hold everything it should.
        _log.warning("the bundled models are not copied into %s: %s", settings.models_dir, error.strerror)
