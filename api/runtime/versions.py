"""What can be done to versions: list, enable, roll back, delete."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import EnabledVersion, NoEarlierVersion, RefusedVersion, UnknownVersion
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.serving import ServingModels
from api.storage.version_events import DELETED, ENABLED, VersionEvent, VersionEvents


@dataclass(frozen=True, slots=True)
class Version:
    """One version at rest; `refused` says why its card cannot be read, and then there is no card."""

    number: str
    enabled: bool
    card: Card | None
    refused: str | None = None


class Versions:
    """The versions of every model. What is done here is noted, and every process follows."""

    def __init__(self, directory: ModelsDirectory, models: ServingModels, events: VersionEvents) -> None:
        self._directory = directory
        self._models = models
        self._events = events

    def at_rest(self, name: str) -> list[Version]:
        """The versions of a model, newest first; raises UnknownModel."""
        enabled = self._answering(name)
        return [self._version(name, number, enabled) for number in reversed(self._models.versions(name))]

    def history(self, name: str) -> list[VersionEvent]:
        """What was done to a model's versions, newest first."""
        return self._events.of(name)

    def card(self, name: str) -> Card:
        """The card of the version that answers; raises UnknownModel or ModelUnavailable."""
        return self._models.get(name).card

    def card_of(self, name: str, version: str) -> Card:
        """The card of any version; raises UnknownModel, UnknownVersion or RefusedVersion."""
        there_are = self._models.versions(name)
        if version not in there_are:
            raise UnknownVersion(name, version, there_are)
        return self._directory.card(name, version)

    def enabled(self, name: str) -> str:
        """The version that answers; raises UnknownModel or ModelUnavailable."""
        return self.card(name).version

    def enable(self, name: str, version: str, by: str) -> None:
        """Let a version answer from now on, once it has been loaded and has replayed its canary.

        Raises UnknownModel, UnknownVersion or RefusedVersion, and then nothing has changed.
        """
        self._models.check(name, version)
        self._events.note(name, version, ENABLED, by)
        self._models.refresh()

    def roll_back(self, name: str, by: str) -> str:
        """Enable the version that answered before the one that does; returns it.

        Raises NoEarlierVersion where there is none.
        """
        version = self._before(name)
        self.enable(name, version, by)
        return version

    def delete(self, name: str, version: str, by: str) -> None:
        """Delete a version's files; raises UnknownVersion, or EnabledVersion for the one that answers."""
        if version not in self._models.versions(name):
            raise UnknownVersion(name, version, self._models.versions(name))
        if version in (self._answering(name), self._events.enabled().get(name)):
            raise EnabledVersion(name, version)
        self._directory.delete(name, version)
        self._events.note(name, version, DELETED, by)

    def _answering(self, name: str) -> str | None:
        return self.enabled(name) if name in self._models.names() else None

    def _version(self, name: str, number: str, enabled: str | None) -> Version:
        try:
            return Version(number, number == enabled, self._directory.card(name, number))
        except RefusedVersion as refusal:
            return Version(number, number == enabled, None, refusal.reason)

    def _before(self, name: str) -> str:
        current, there_are = self.enabled(name), self._models.versions(name)
        chosen = [one.version for one in self._events.of(name) if one.what == ENABLED]
        older = [version for version in reversed(there_are) if int(version) < int(current)]
        for version in (*chosen, *older):
            if version != current and version in there_are:
                return version
        raise NoEarlierVersion(name, current)
