"""What the command line does to versions and users."""

from __future__ import annotations

from api.bootstrap.database import open_database, version_events
from api.config import Settings
from api.registry.directory import ModelsDirectory
from api.runtime.serving import ServingModels
from api.runtime.versions import Versions
from api.storage.users import Users


def build_versions(settings: Settings) -> Versions:
    """What the command line does to versions; raises BadSetting where the database cannot be opened."""
    events, directory = version_events(settings), ModelsDirectory(settings.models_dir)
    models = ServingModels(directory, events.enabled, settings.trusted_types, events.kept)
    models.refresh()
    return Versions(directory, models, events)


def build_users(settings: Settings) -> Users:
    """What the command line does to users; raises BadSetting where the database cannot be opened."""
    return Users(open_database(settings))
