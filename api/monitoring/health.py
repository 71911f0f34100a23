"""The health of a model: its figures, and how much it has answered since it was enabled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.monitoring.live import InUse, in_use
from api.predictions.lines import time_text
from api.registry.card import Card
from api.runtime.versions import Versions
from api.storage.feedback import Feedback
from api.storage.predictions import Predictions
from api.storage.version_events import ENABLED, PUBLISHED, VersionEvent


@dataclass(frozen=True, slots=True)
class Health:
    """The version that answers, since when it does (UTC, ISO 8601), and how many rows it has answered since.

    A version that nobody enabled counts from when it was published, or trained where no event says so.
    `in_use` is how good its answers turned out to be.
    """

    card: Card
    since: str
    predictions: int
    in_use: InUse


class HealthOf:
    """Looks up the health of models."""

    def __init__(self, versions: Versions, predictions: Predictions, feedback: Feedback) -> None:
        self._versions = versions
        self._predictions = predictions
        self._feedback = feedback

    def model(self, name: str) -> Health:
        """The health of a model; raises UnknownModel, ModelUnavailable or StorageUnavailable."""
        card = self._versions.card(name)
        since = _enabled_at(card, self._versions.history(name))
        counted = self._predictions.count(name, card.version, time_text(datetime.fromisoformat(since)))
        return Health(card, since, counted, in_use(card, self._feedback))


def _enabled_at(card: Card, history: list[VersionEvent]) -> str:
    """When the version began to answer, by a model's events, newest first."""
    since = ""
    for event in history:
        if event.what == ENABLED and event.version != card.version:
            break
        if event.what == ENABLED:
            since = event.at
    published = (one.at for one in history if (one.what, one.version) == (PUBLISHED, card.version))
    return since or next(published, card.trained_at)
