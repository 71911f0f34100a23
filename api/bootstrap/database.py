"""The database, opened for whichever door asks."""

from __future__ import annotations

from sqlalchemy import Engine

from api.config import Settings
from api.storage.engine import make_tables, open_engine
from api.storage.version_events import VersionEvents

# Who did what the command line does.
COMMAND_LINE = "command line"


def open_database(settings: Settings) -> Engine:
    """The database with its tables; raises BadSetting where it cannot be opened."""
    engine = open_engine(settings.database_url, settings.data_dir)
    make_tables(engine)
    return engine


def version_events(settings: Settings) -> VersionEvents:
    """What was done to versions; raises BadSetting where the database cannot be opened."""
    return VersionEvents(open_database(settings))
