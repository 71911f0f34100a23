"""A model's versions and its health, as the API tells of them. Pure: JSON already parsed goes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .members import mapping, optional_mapping, optional_text, sequence, text, whole
from .moments import read_moment
from .reports import numbers

EVENT_WORDS = {
    "published": "published",
    "enabled": "enabled",
    "deleted": "deleted",
    "kept": "waits to be enabled",
}


@dataclass(frozen=True)
class Version:
    """One version; `refused` says why it cannot answer, "" if it can."""

    number: str
    enabled: bool
    trained_at: datetime | None
    figures: Mapping[str, float]
    refused: str


@dataclass(frozen=True)
class Event:
    """Something that was done to a version."""

    version: str
    what: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Versions:
    """The versions of a model, newest first, and what was done to them, newest first."""

    lines: tuple[Version, ...]
    history: tuple[Event, ...]

    @property
    def answering(self) -> str:
        """The version that answers, "" if none does."""
        return next((line.number for line in self.lines if line.enabled), "")

    @property
    def can_roll_back(self) -> bool:
        """Whether a version that is there has answered before, or is older than the one that answers."""
        now = self.answering
        there_are = [line.number for line in self.lines]
        chosen = [event.version for event in self.history if event.what == EVENT_WORDS["enabled"]]
        older = there_are[there_are.index(now) + 1 :] if now else []
        return any(version != now and version in there_are for version in (*chosen, *older))


@dataclass(frozen=True)
class Health:
    """The version that answers, since when it does, and how many rows it has answered since.

    Of `told` rows somebody has told what turned out to be true; `in_use` are the figures on them.
    """

    version: str
    figures: Mapping[str, float]
    since: datetime | None
    predictions: int | None
    told: int
    in_use: Mapping[str, float]


def read_versions(data: Any) -> Versions:
    """The versions of one model; raises BrokenAnswer."""
    given = mapping(data)
    history = given.get("history")
    return Versions(
        tuple(_version(one) for one in sequence(given, "versions")),
        tuple(_event(one) for one in (history if isinstance(history, list) else ())),
    )


def read_health(data: Any) -> Health:
    """The health of one model; raises BrokenAnswer."""
    given = mapping(data)
    in_use = optional_mapping(given, "in_use")
    return Health(
        version=text(given, "version"),
        figures=numbers(optional_mapping(given, "figures")),
        since=read_moment(given.get("enabled_since")),
        predictions=whole(given, "predictions"),
        told=whole(in_use, "rows") or 0,
        in_use=numbers(optional_mapping(in_use, "figures")),
    )


def _version(data: Any) -> Version:
    given = mapping(data)
    return Version(
        number=text(given, "version"),
        enabled=given.get("enabled") is True,
        trained_at=read_moment(given.get("trained_at")),
        figures=numbers(optional_mapping(given, "figures")),
        refused=optional_text(given, "refused"),
    )


def _event(data: Any) -> Event:
    given = mapping(data)
    what = optional_text(given, "what")
    return Event(
        version=optional_text(given, "version"),
        what=EVENT_WORDS.get(what, what),
        by=optional_text(given, "by"),
        at=read_moment(given.get("at")),
    )
