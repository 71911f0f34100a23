"""Bringing the spool into the database, beside the requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from api.errors import StorageUnavailable
from api.predictions.lines import records_of, time_text
from api.predictions.segment import Segment
from api.predictions.spool import Spool
from api.storage.predictions import Predictions, RecordRefused

_log = logging.getLogger(__name__)

# How often old records are deleted.
FORGET_EVERY = 600.0
# Bytes in a transaction, where there are as many, and how long others can have the database after it.
_AT_ONCE = 256 * 1024
_PAUSE = 0.002
# How long one looks at the same list of segments: meanwhile newer ones come, which are to be drained first.
_LOOK_SECONDS = 0.5
# How long the end of the process may take.
LAST_SECONDS = 2.0


class Drainer:
    """Brings what is in the spool into the database, and deletes it from there only when that is done.

    With `days`, what is older than that is deleted from the database. A database that is away delays the
    record and nothing else. One thread at a time drains, another waits for it.
    """

    def __init__(self, spool: Spool, predictions: Predictions, days: int = 0) -> None:
        self._spool = spool
        self._predictions = predictions
        self._days = days
        self._draining = threading.Lock()
        self._until = float("inf")
        self._forgot = float("-inf")
        self._trouble = False

    def drain(self) -> None:
        """Bring in everything that is there, also what this process has just written.

        Raises StorageUnavailable or OSError.
        """
        with self._draining:
            for _ in range(2):
                while self._some():
                    pass
                # Only now can it be: what was handed over before is drained.
                self._spool.hand_over()
            while self._some():
                pass
            self._forget_old()

    def look(self) -> bool:
        """Bring in some of what was handed over, newest first; True where there is more.

        What goes wrong is in the log, once and not four times a second, and tried again at the next look.
        """
        with self._draining:
            try:
                more = self._some()
                self._forget_old()
            except (StorageUnavailable, OSError) as error:
                reason = error.reason if isinstance(error, StorageUnavailable) else str(error)
                if not self._trouble:
                    _log.warning("predictions are kept in the spool for now: %s", reason)
                self._trouble = True
                return False
            if self._trouble:
                _log.info("predictions are brought into the database again")
            self._trouble = False
            return more

    def finish(self) -> bool:
        """Bring in what was handed over; False where the database is away, and the next start will do it."""
        self._until = time.monotonic() + LAST_SECONDS
        with self._draining:
            try:
                while self._some():
                    pass
            except (StorageUnavailable, OSError) as error:
                _log.warning("the newest predictions are recorded at the next start: %s", error)
                return False
            return True

    def _some(self) -> bool:
        """Bring in what is listed now, for half a second; True where that was not all."""
        until = min(self._until, time.monotonic() + _LOOK_SECONDS)
        with closing(self._spool.abandoned()) as abandoned:
            for segments in abandoned:
                self._bring(segments)
                if time.monotonic() > until:
                    return until < self._until
        return False

    def _bring(self, segments: Sequence[Segment]) -> None:
        lines: list[bytes] = []
        waiting = 0
        for segment in segments:
            while more := segment.next_lines():
                waiting += segment.advance(more)
                lines += more
                if waiting >= _AT_ONCE:
                    self._add(lines)
                    lines, waiting = [], 0
                    time.sleep(_PAUSE)
        if lines:
            self._add(lines)
        for segment in segments:
            segment.delete()

    def _add(self, lines: Sequence[bytes]) -> None:
        try:
            self._predictions.add(records_of(lines))
        except (ValueError, TypeError, OverflowError, RecordRefused) as error:
            if len(lines) == 1:
                # One that can never be brought in holds up no other: a damaged disk can make one.
                self._spool.set_aside(lines[0])
                _log.error("a record is set aside in the spool's file 'refused': %s", error)
                return
            half = len(lines) // 2
            self._add(lines[:half])
            self._add(lines[half:])

    def _forget_old(self) -> None:
        if not self._days or time.monotonic() - self._forgot < FORGET_EVERY:
            return
        before = time_text(datetime.now(UTC) - timedelta(days=self._days))
        while self._predictions.forget(before):
            time.sleep(_PAUSE)
        self._forgot = time.monotonic()
