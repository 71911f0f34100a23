"""Bringing the spool into the database, beside the requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from api.errors import StorageUnavailable
from api.predictions.record import answered_of, time_text
from api.predictions.segment import Segment
from api.predictions.spool import Spool
from api.storage.predictions import Answered, Predictions, RecordRefused

_log = logging.getLogger(__name__)

# How often this process's records are drained, those of ended processes looked for, and old ones deleted.
DRAIN_EVERY = 0.25
ADOPT_EVERY = 1.0
FORGET_EVERY = 600.0
# Lines in a transaction, and how long others get the interpreter to themselves after each.
_LINES = 500
_PAUSE = 0.002
# How long the end of the process may take.
_LAST_SECONDS = 2.0


class Drainer:
    """Brings what is in the spool into the database, and deletes it from there only when that is done.

    With `days`, what is older than that is deleted from the database. A database that is away delays the
    record and nothing else.
    """

    def __init__(self, spool: Spool, predictions: Predictions, days: int = 0) -> None:
        self._spool = spool
        self._predictions = predictions
        self._days = days
        self._ending = threading.Event()
        self._until = float("inf")
        self._draining = threading.Lock()
        self._adopted = self._forgot = float("-inf")

    def start(self) -> None:
        """Keep draining until the process ends."""
        threading.Thread(target=self._run, name="drain-predictions", daemon=True).start()

    def finish(self) -> None:
        """Drain what is there if the database answers, and leave it to the next start if not."""
        self._ending.set()
        self._until = time.monotonic() + _LAST_SECONDS
        with self._draining:
            try:
                self._drain_own()
            except (StorageUnavailable, OSError) as error:
                _log.warning("the newest predictions are recorded at the next start: %s", error)
            self._spool.close()

    def drain(self) -> None:
        """Bring in everything that is there: of this process, and now and then of ended ones.

        Raises StorageUnavailable or OSError.
        """
        with self._draining:
            self._drain_own()
            if time.monotonic() - self._adopted >= ADOPT_EVERY:
                for segment in self._spool.abandoned():
                    if self._bring(segment):
                        segment.delete()
                    # After an outage there are many, and what is answered now does not wait for all of them.
                    self._drain_own()
                self._adopted = time.monotonic()
            if self._days and time.monotonic() - self._forgot >= FORGET_EVERY:
                self._forget()
                self._forgot = time.monotonic()

    def _run(self) -> None:
        trouble = ""
        while not self._ending.wait(DRAIN_EVERY):
            try:
                self.drain()
                if trouble:
                    _log.info("predictions are brought into the database again")
                trouble = ""
            except (StorageUnavailable, OSError) as error:
                reason = error.reason if isinstance(error, StorageUnavailable) else str(error)
                # Said once, not four times a second.
                if not trouble:
                    _log.warning("predictions are kept in the spool for now: %s", reason)
                trouble = reason

    def _drain_own(self) -> None:
        segment = self._spool.own()
        if segment is None:
            return
        self._bring(segment)
        rest = self._spool.release(segment)
        if rest is not None:
            try:
                if self._bring(rest):
                    rest.delete()
            finally:
                rest.close()

    def _bring(self, segment: Segment) -> bool:
        """Bring in what a segment has left; False where the process ends before that is done."""
        while lines := segment.next_lines(_LINES):
            if time.monotonic() > self._until:
                return False
            self._add(lines)
            segment.advance(lines)
            time.sleep(_PAUSE)
        return True

    def _add(self, lines: Sequence[bytes]) -> None:
        records: list[Answered] = []
        for line in lines:
            try:
                records.append(answered_of(line))
            except (ValueError, TypeError, OverflowError) as error:
                self._refuse(line, str(error))
        try:
            if records:
                self._predictions.add(records)
        except RecordRefused as refusal:
            if len(lines) == 1:
                self._refuse(lines[0], str(refusal))
                return
            for line in lines:
                self._add([line])

    def _refuse(self, line: bytes, reason: str) -> None:
        """A line that can never be brought in holds up no other: a damaged disk can make one."""
        self._spool.set_aside(line)
        _log.error("a record is set aside in the spool's file 'refused': %s", reason)

    def _forget(self) -> None:
        before = time_text(datetime.now(UTC) - timedelta(days=self._days))
        while self._predictions.forget(before):
            time.sleep(_PAUSE)
