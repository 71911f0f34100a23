"""Which versions were enabled and kept back when the database was last asked: for a start without it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.errors import StorageUnavailable
from api.storage.version_events import VersionEvents

_log = logging.getLogger(__name__)


class RememberedChoices:
    """What `VersionEvents` says of the versions that answer, or, while the database is away, said last.

    It is kept in a file, so that a process that starts in such a moment answers as the others do. Both
    methods raise StorageUnavailable where the database is away and was never asked.
    """

    def __init__(self, events: VersionEvents, file: Path) -> None:
        self._events = events
        self._file = file

    def enabled(self) -> Mapping[str, str]:
        """The version that was enabled last, by model."""
        try:
            found = self._events.enabled()
        except StorageUnavailable:
            remembered: dict[str, str] = self._recall()["enabled"]
            return remembered
        self._remember(found)
        return found

    def kept(self) -> frozenset[tuple[str, str]]:
        """The versions that are kept back, each with its model."""
        try:
            return frozenset(self._events.kept())
        except StorageUnavailable:
            return frozenset((model, version) for model, version in self._recall()["kept"])

    def _remember(self, enabled: Mapping[str, str]) -> None:
        said = {"enabled": dict(enabled), "kept": sorted(self._events.kept())}
        text = json.dumps(said, sort_keys=True)
        try:
            if self._file.exists() and self._file.read_text(encoding="utf-8") == text:
                return
            # Written aside, so that nobody ever reads half of it.
            part = self._file.with_suffix(f".{os.getpid()}.part")
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(self._file)
        except OSError as error:
            _log.warning("which versions are enabled is not remembered: %s", error)

    def _recall(self) -> dict[str, Any]:
        try:
            said: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StorageUnavailable("and it was never asked which versions are enabled") from error
        return said
