"""Trainings as the API tells of them. Pure: JSON already parsed goes in.

Every function raises BrokenAnswer when something promised is missing or of the wrong shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from .members import Json, mapping, number, optional_mapping, optional_text, sequence, text
from .moments import read_moment

PENDING, PROCESSING, PROCESSED, ERROR, CANCELLED = "pending", "processing", "processed", "error", "cancelled"
WORDS = {
    PENDING: "Waiting",
    PROCESSING: "Running",
    PROCESSED: "Done",
    ERROR: "Failed",
    CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Training:
    """One training; `progress` is from 0 to 1, texts are "" and times None where there is nothing to say.

    `enabled` tells whether its version was made the one that answers, None as long as that is open.
    """

    id: str
    status: str
    progress: float
    step: str
    message: str
    model: str
    version: str
    enabled: bool | None
    error: str
    by: str
    title: str
    source: str
    made_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    seconds_left: float | None
    report: Json | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status not in (PENDING, PROCESSING)

    @property
    def word(self) -> str:
        """Its status in a word."""
        return WORDS.get(self.status, self.status)

    @property
    def name(self) -> str:
        """What it is called: by its title, its model, or what it is trained from."""
        return self.title or self.model or self.source or "A training"

    def seconds_taken(self, now: datetime) -> float | None:
        """How long it has been at work, None before it began."""
        if self.started_at is None:
            return None
        return max(0.0, ((self.ended_at or now) - self.started_at).total_seconds())

    def seconds_to_go(self, now: datetime) -> float | None:
        """How long it will roughly take yet: as the API says, else by what is done; None if none can say."""
        if self.status != PROCESSING or self.seconds_left is not None:
            return self.seconds_left
        taken = self.seconds_taken(now)
        if taken is None or self.progress < 0.05:
            return None
        return taken * (1 - self.progress) / self.progress


@dataclass(frozen=True)
class Trainings:
    """A page of trainings, newest first, and the cursor of the next, "" on the last."""

    lines: tuple[Training, ...]
    next: str


def read_training(data: Any) -> Training:
    """One training from the API's answer about it."""
    given = mapping(data)
    request = optional_mapping(given, "request")
    share = number(given, "progress") or 0.0
    enabled = given.get("enabled")
    return Training(
        id=text(given, "id"),
        status=text(given, "status"),
        progress=min(max(share, 0.0), 1.0),
        step=optional_text(given, "step"),
        message=optional_text(given, "message"),
        model=optional_text(given, "model") or optional_text(request, "model"),
        version=optional_text(given, "version"),
        enabled=enabled if isinstance(enabled, bool) else None,
        error=error_sentence(given.get("error")),
        by=optional_text(given, "by"),
        title=optional_text(request, "title"),
        source=source_name(optional_text(request, "dataset"))
        or upload_name(optional_text(request, "upload")),
        made_at=read_moment(given.get("made_at")),
        started_at=read_moment(given.get("started_at")),
        ended_at=read_moment(given.get("ended_at")),
        seconds_left=number(given, "expected_seconds"),
        report=optional_mapping(given, "report") or None,
    )


def read_trainings(data: Any) -> Trainings:
    """A page of the list."""
    given = mapping(data)
    lines = tuple(read_training(one) for one in sequence(given, "trainings"))
    return Trainings(lines, optional_text(given, "next"))


def error_sentence(error: Any) -> str:
    """What went wrong, in the API's words: its sentence, and those of each thing it lists."""
    if isinstance(error, str):
        return error
    if not isinstance(error, Mapping):
        return ""
    listed = error.get("errors")
    details = [
        optional_text(one, "detail")
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, Mapping)
    ]
    sentence = optional_text(error, "detail") or optional_text(error, "message")
    return " ".join(one for one in dict.fromkeys([sentence, *details]) if one)


def upload_name(upload: str) -> str:
    """How a file was called that the API keeps under another name, of which it is the end."""
    return upload.partition("-")[2] or upload


def source_name(link: str) -> str:
    """The file's name in a link, else its host; never its query, which may hold a key."""
    try:
        parts = urlsplit(link)
        return parts.path.rsplit("/", 1)[-1] or parts.hostname or ""
    except ValueError:
        return ""
