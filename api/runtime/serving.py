"""The models that answer: for each name, the newest version that loads."""

from __future__ import annotations

from collections.abc import Callable

from api.errors import ModelUnavailable, RefusedVersion, UnknownModel
from api.registry.directory import ModelsDirectory
from api.runtime.load import LoadedModel, load


class ServingModels:
    """The models in memory, by name.

    `refused` is called with each version that is not loaded; the version before it answers then.
    """

    def __init__(self, directory: ModelsDirectory, refused: Callable[[RefusedVersion], None]) -> None:
        self._directory = directory
        self._refused = refused
        self._loaded: dict[str, LoadedModel] = {}
        self._unavailable: dict[str, str] = {}

    def load_all(self) -> None:
        """Load every model of the directory."""
        for name in self._directory.names():
            loaded = self._newest_that_loads(name)
            if loaded:
                self._loaded[name] = loaded

    def names(self) -> list[str]:
        """The models that answer, in alphabetical order."""
        return sorted(self._loaded)

    def get(self, name: str) -> LoadedModel:
        """The model that answers for `name`; raises UnknownModel or ModelUnavailable."""
        loaded = self._loaded.get(name)
        if loaded is None:
            if name in self._unavailable:
                raise ModelUnavailable(name, self._unavailable[name])
            raise UnknownModel(name, self.names())
        return loaded

    def not_ready(self) -> list[str]:
        """Why the service is not ready, a sentence a reason; none where it is."""
        reasons = [f"{name}: {reason}" for name, reason in sorted(self._unavailable.items())]
        return reasons if self._loaded or reasons else ["There is no model to serve."]

    def _newest_that_loads(self, name: str) -> LoadedModel | None:
        for version in reversed(self._directory.versions(name)):
            try:
                return load(self._directory, name, version)
            except RefusedVersion as refusal:
                self._refused(refusal)
        self._unavailable[name] = "none of its versions could be loaded."
        return None
