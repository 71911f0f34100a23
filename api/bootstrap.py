"""The only file that knows everyone: puts the parts together for each door."""

from __future__ import annotations

import argparse
import logging
import socket
from collections.abc import Callable
from dataclasses import fields, replace
from multiprocessing.util import Finalize
from uuid import uuid4

from flask import Flask
from sqlalchemy import Engine

from api.config import Settings
from api.errors import BadSetting, StorageUnavailable, UnknownModel, UnreadableData
from api.monitoring.health import HealthOf
from api.predictions.drain import Drainer
from api.predictions.predict import Predictor
from api.predictions.read_back import ReadBack
from api.predictions.record import Recorder
from api.predictions.similar_jobs import SimilarJobs
from api.predictions.spool import Spool
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.follow import Follower
from api.runtime.serving import ServingModels
from api.runtime.versions import Versions
from api.storage.engine import make_tables, open_engine
from api.storage.predictions import Predictions
from api.storage.queue import Queue
from api.storage.remembered import RememberedChoices
from api.storage.trainings import Trainings
from api.storage.users import Users
from api.storage.version_events import ENABLED, KEPT, PUBLISHED, VersionEvents
from api.training.jobs import Jobs
from api.training.local import LocalExecutor, drain
from api.training.outcome import Outcome
from api.training.task import TRAIN, Bounds
from api.training.tidy import keep_tidy
from api.training.uploads import Uploads
from api.training.work import Worker
from api.web.app import Parts, create_app
from api.web.csv_answer import CsvAnswers
from api.web.draining import Draining
from api.web.follow_users import follow_users
from api.web.sign_in import SignIn
from api.web.tokens import Tokens

_MEGABYTE = 1024 * 1024

# Who did what the command line does.
COMMAND_LINE = "command line"

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
    recorder = _recorder(settings, predictions)
    predictor = Predictor(models, recorder)
    return Parts(
        models=models,
        predictor=predictor,
        similar_jobs=SimilarJobs(models, recorder),
        versions=versions,
        record=ReadBack(predictions),
        health=HealthOf(versions, predictions),
        csv_answers=CsvAnswers(predictor, settings.data_dir / "tmp", settings.most_csv_mb * _MEGABYTE),
        sign_in=_sign_in(settings, Users(engine)),
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
        return _database(settings)
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
    _database(settings).dispose()


def _recorder(settings: Settings, predictions: Predictions) -> Recorder | None:
    """What records predictions, if they are to be. What is in the spool is drained in any case."""
    spool = Spool(settings.data_dir / "spool")
    drainer = Drainer(spool, predictions, settings.record_days)
    drainer.start()
    # A serving process is a child of the server, which ends without what `atexit` would call.
    Finalize(None, drainer.finish, exitpriority=0)
    return Recorder(spool) if settings.record_predictions else None


def _jobs(settings: Settings, engine: Engine) -> Jobs:
    """The trainings, with whoever starts them: a queue where there is one, or this process."""
    bounds = _bounds(settings)
    uploads = Uploads(bounds.uploads, bounds.most_bytes)
    if settings.redis_url:
        # Here, because Celery is neither needed nor perhaps installed where there is no queue.
        from api.training.celery_queue import Sender

        executor: Sender | LocalExecutor = Sender(engine, settings.redis_url)
    else:
        executor = LocalExecutor(engine)
    executor.start()
    keep_tidy(Queue(engine), uploads, bounds)
    return Jobs(Trainings(engine), uploads, bounds, executor.wake)


def run_drain(settings: Settings, train: str = TRAIN) -> bool:
    """Do the pending trainings until there are none; False where another process does them already."""
    engine = _database(settings)
    return drain(engine, _worker(settings, engine, train))


def run_queue_worker(settings: Settings, train: str = TRAIN) -> None:
    """Do the trainings that come through the queue until stopped; raises BadSetting without a queue."""
    if not settings.redis_url:
        raise BadSetting("REDIS_URL", "is not set: without a queue the API does trainings itself.")
    from api.training.celery_queue import ALIVE, Sender, run_worker

    engine = _database(settings)
    Sender(engine, settings.redis_url).start(ALIVE)
    run_worker(settings.redis_url, _worker(settings, engine, train))


def _worker(settings: Settings, engine: Engine, train: str) -> Worker:
    owner = f"{socket.gethostname()[:30]}-{uuid4().hex}"
    return Worker(Queue(engine), VersionEvents(engine), replace(_bounds(settings), train=train), owner)


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        models_dir=settings.models_dir,
        data_dir=settings.data_dir,
        trusted=settings.trusted_types,
        memory_mb=settings.training_memory_mb,
        limit_seconds=settings.training_limit,
        seconds=settings.training_seconds,
        most_bytes=settings.most_dataset_mb * _MEGABYTE,
        fetch_seconds=settings.dataset_seconds,
        hosts=settings.dataset_hosts,
    )


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


def missing_models(settings: Settings) -> list[str]:
    """The recipes of TRAIN_MISSING of which MODELS_DIR has no model."""
    there = ModelsDirectory(settings.models_dir).names()
    return [name for name in settings.train_missing if name not in there]


def train_recipe(settings: Settings, name: str, progress: Callable[[str], None]) -> Card:
    """Train the recipe `name` into the models directory; raises UnknownModel where there is none."""
    # Here and not above, because they import scikit-learn, which a serving process never does.
    from api.recipes.catalogue import RECIPES
    from api.recipes.tabular_recipe import MadeUp
    from api.recipes.text_recipe import TextRecipe
    from api.training.made_up import train_made_up
    from api.training.run import train
    from api.training.text_run import train_texts

    if name not in RECIPES:
        raise UnknownModel(name, sorted(RECIPES))
    recipe, directory = RECIPES[name], ModelsDirectory(settings.models_dir)
    if isinstance(recipe, TextRecipe):
        card = train_texts(recipe, directory, progress)
    elif isinstance(recipe, MadeUp):
        card = train_made_up(recipe, directory, progress, settings.data_dir / "tmp", settings.trusted_types)
    else:
        card = train(recipe, directory, progress)
    _version_events(settings).note(card.name, card.version, PUBLISHED, by=COMMAND_LINE)
    return card


def is_of_texts(name: str) -> bool:
    """Whether a recipe of that name makes a model of texts, which may learn from a person's own data."""
    from api.recipes.catalogue import RECIPES
    from api.recipes.text_recipe import TextRecipe

    return isinstance(RECIPES.get(name), TextRecipe)


def train_own_texts(
    settings: Settings, arguments: argparse.Namespace, progress: Callable[[str], None]
) -> Card:
    """Train a recipe of texts on the data that `arguments` of the train command name.

    Raises UnreadableData where it cannot be learnt from.
    """
    from api.recipes.catalogue import RECIPES
    from api.recipes.text_recipe import TextRecipe
    from api.training.own_data import on_own_data, own_data
    from api.training.text_run import train_texts

    recipe = RECIPES.get(arguments.name)
    if not isinstance(recipe, TextRecipe):
        raise UnreadableData(arguments.name, "it is no recipe of texts, which have titles and descriptions.")
    own = on_own_data(recipe, own_data(arguments), progress)
    card = train_texts(own, ModelsDirectory(settings.models_dir), progress)
    _version_events(settings).note(card.name, card.version, PUBLISHED, by=COMMAND_LINE)
    return card


def train_file(settings: Settings, arguments: argparse.Namespace, progress: Callable[[str], None]) -> Outcome:
    """Train a model from the CSV file that `arguments` of the train command name, as a training job would.

    It answers from now on if it is better than what does. Raises TrainingFailed or InvalidInput.
    """
    from api.training.child import AnnouncingDirectory
    from api.training.outcome import House
    from api.training.request import training_request
    from api.training.tabular_run import train_csv
    from api.training.watch import Speaking

    events = _version_events(settings)
    here = ModelsDirectory(settings.models_dir)
    models = ServingModels(here, events.enabled, settings.trusted_types, events.kept)
    models.refresh()

    def answers(name: str) -> str | None:
        return models.get(name).card.version if name in models.names() else None

    def keep(name: str, version: str) -> None:
        # It must not answer before it is known to be better.
        events.note(name, version, KEPT, by=COMMAND_LINE)

    given = {name: getattr(arguments, name) for name in ("target", "task", "metric", "title")}
    request = training_request({"upload": arguments.data.name, "model": arguments.name, **given})
    directory = AnnouncingDirectory(settings.models_dir, keep)
    house = House(directory, answers, settings.training_seconds, settings.trusted_types, settings.data_dir)
    outcome = train_csv(request, arguments.data, house, Speaking(progress), job="")
    events.note(outcome.card.name, outcome.card.version, PUBLISHED, by=COMMAND_LINE)
    if outcome.better:
        events.note(outcome.card.name, outcome.card.version, ENABLED, by=COMMAND_LINE)
    return outcome


def import_file(settings: Settings, arguments: argparse.Namespace, progress: Callable[[str], None]) -> Card:
    """Publish the fitted model that `arguments` of the import command name; raises UnreadableModel."""
    from api.training.import_model import Brought, import_model

    given = {field.name: getattr(arguments, field.name) for field in fields(Brought)}
    directory = ModelsDirectory(settings.models_dir)
    card = import_model(Brought(**given), directory, progress, settings.trusted_types)
    _version_events(settings).note(card.name, card.version, PUBLISHED, by=COMMAND_LINE)
    return card


def build_versions(settings: Settings) -> Versions:
    """What the command line does to versions; raises BadSetting where the database cannot be opened."""
    events, directory = _version_events(settings), ModelsDirectory(settings.models_dir)
    models = ServingModels(directory, events.enabled, settings.trusted_types, events.kept)
    models.refresh()
    return Versions(directory, models, events)


def build_users(settings: Settings) -> Users:
    """What the command line does to users; raises BadSetting where the database cannot be opened."""
    return Users(_database(settings))


def _version_events(settings: Settings) -> VersionEvents:
    return VersionEvents(_database(settings))


def _database(settings: Settings) -> Engine:
    engine = open_engine(settings.database_url, settings.data_dir)
    make_tables(engine)
    return engine
