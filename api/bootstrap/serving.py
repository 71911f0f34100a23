"""What a serving process is made of, and what it finds ready when it is forked off."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Engine

from api.bootstrap.assembly import Assembly, assemble, spool_of
from api.bootstrap.database import open_database
from api.config import Settings
from api.errors import BadSetting
from api.predictions.drain import Drainer
from api.predictions.drain_process import drained_beside
from api.registry.directory import ModelsDirectory
from api.storage.engine import give_way, open_engine
from api.storage.predictions import Predictions
from api.web.app import Parts, create_app
from api.web.draining import Draining

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An application that has not begun, made of some settings; no connection of its engine is open."""

    settings: Settings
    engine: Engine
    draining: Draining
    assembly: Assembly
    app: Flask


# What the process made that this one was forked off from, if it was.
_prepared: list[Prepared] = []


def prepare(settings: Settings) -> Prepared:
    """Open the database, make its tables and put the application together, for processes to be forked off.

    To make something writes to what it uses, if only to count that it does; so what each process makes is in
    copies of what it shared with the others. Raises BadSetting where the database cannot be opened.
    """
    engine = open_database(settings)
    prepared = _put_together(settings, engine)
    prepared.assembly.rehearse()
    # A connection must not be used by two processes.
    engine.dispose()
    _prepared[:] = [prepared]
    return prepared


def begin(settings: Settings) -> Flask:
    """The application of a serving process with its models loaded, to be called in its main thread."""
    made = [one for one in _prepared if one.settings == settings]
    prepared = made[0] if made else _put_together(settings, _database_or_hope(settings))
    prepared.draining.begin_on_signal()
    prepared.assembly.begin()
    return prepared.app


def build_app(settings: Settings, draining: Draining) -> Flask:
    """The application with its models loaded."""
    return create_app(build_parts(settings, draining))


def build_parts(settings: Settings, draining: Draining) -> Parts:
    """What the application is made of, with the models loaded and followed."""
    assembly = assemble(settings, _database_or_hope(settings), draining)
    assembly.begin()
    return assembly.parts


def _put_together(settings: Settings, engine: Engine) -> Prepared:
    draining = Draining()
    assembly = assemble(settings, engine, draining)
    app = create_app(assembly.parts)
    # Otherwise the first request does so.
    app.url_map.update()
    return Prepared(settings, engine, draining, assembly, app)


def _database_or_hope(settings: Settings) -> Engine:
    """The database; one that is away now may come back: the others answer meanwhile, and so does this one."""
    try:
        return open_database(settings)
    except BadSetting as error:
        engine = open_engine(settings.database_url, settings.data_dir)
        _log.error("started without the database: %s", error)
        return engine


def drained_beside_serving(settings: Settings, engine: Engine) -> AbstractContextManager[None]:
    """For as long as the block lasts, a process of its own brings predictions into the database."""
    spool = spool_of(settings)
    return drained_beside(spool, lambda: Drainer(spool, Predictions(give_way(engine)), settings.record_days))


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
