"""The only file that knows everyone: puts the parts together for each door."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask

from api.config import Settings
from api.errors import UnknownModel
from api.predictions.predict import Predictor
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.follow import Follower
from api.runtime.serving import ServingModels
from api.runtime.versions import Versions
from api.storage.engine import make_tables, open_engine
from api.storage.version_events import VersionEvents
from api.web.app import create_app
from api.web.draining import Draining
from api.web.sign_in import SignIn

_log = logging.getLogger(__name__)


def build_app(settings: Settings, draining: Draining) -> Flask:
    """The application with its models loaded."""
    events = _version_events(settings)
    models = ServingModels(ModelsDirectory(settings.models_dir), chosen=events.enabled)
    follower = Follower(models, events.newest)
    follower.look()
    for reason in models.not_ready():
        _log.error("not ready: %s", reason)
    follower.start()
    sign_in = SignIn(settings.api_username, settings.api_password, settings.sign_in_failures)
    return create_app(models, Predictor(models), sign_in, draining, settings.default_model)


def adopt_bundled_models(settings: Settings) -> None:
    """Copy the models that came with the program into the models directory where it lacks them."""
    if settings.bundled_models is None:
        return
    for name in ModelsDirectory(settings.models_dir).adopt_missing(ModelsDirectory(settings.bundled_models)):
        _log.info("copied the bundled model %s into %s", name, settings.models_dir)


def train_recipe(settings: Settings, name: str, progress: Callable[[str], None]) -> Card:
    """Train the recipe `name` into the models directory; raises UnknownModel where there is none."""
    # Here and not above, because they import scikit-learn, which a serving process never does.
    from api.recipes.catalogue import RECIPES  # noqa: PLC0415
    from api.training.run import train  # noqa: PLC0415

    if name not in RECIPES:
        raise UnknownModel(name, sorted(RECIPES))
    return train(RECIPES[name], ModelsDirectory(settings.models_dir), progress)


def make_storage(settings: Settings) -> None:
    """Make the database's tables; raises BadSetting where it cannot be opened."""
    make_tables(open_engine(settings.database_url, settings.data_dir))


def build_versions(settings: Settings) -> Versions:
    """What the command line does to versions; raises BadSetting where the database cannot be opened."""
    events, directory = _version_events(settings), ModelsDirectory(settings.models_dir)
    models = ServingModels(directory, chosen=events.enabled)
    models.refresh()
    return Versions(directory, models, events)


def _version_events(settings: Settings) -> VersionEvents:
    engine = open_engine(settings.database_url, settings.data_dir)
    make_tables(engine)
    return VersionEvents(engine)
