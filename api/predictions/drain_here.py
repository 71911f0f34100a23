"""Handing over what this process writes, and draining it here where no other process does."""

from __future__ import annotations

import logging
import threading
import time

from api.predictions.drain import LAST_SECONDS, Drainer
from api.predictions.spool import Spool
from api.predictions.turn import Turn

# How often what was written is handed over, and how often one looks whether nobody drains any more.
HAND_OVER_EVERY = 0.25
TRY_EVERY = 1.0

_log = logging.getLogger(__name__)


class DrainHere:
    """A thread of a serving process: it hands over what was written, and drains while nobody else does."""

    def __init__(self, spool: Spool, drainer: Drainer) -> None:
        self._spool = spool
        self._drainer = drainer
        self._turn = Turn(spool.folder)
        self._ending = threading.Event()
        self._tried = float("-inf")
        self._thread = threading.Thread(target=self._run, name="hand-over-predictions", daemon=True)

    def start(self) -> None:
        """Go on until the process ends."""
        self._thread.start()

    def finish(self) -> None:
        """Hand over everything, and drain it if nobody else does."""
        self._ending.set()
        self._thread.join(LAST_SECONDS)
        self._spool.close()
        # Twice: whoever let go of his file while it was this one's turn was told so, and has ended.
        for _ in range(2):
            if not self._turn.take():
                return
            self._drainer.finish()
            self._turn.give_up()

    def _run(self) -> None:
        while not self._ending.wait(HAND_OVER_EVERY):
            try:
                self._spool.hand_over()
            except OSError as error:
                _log.warning("predictions are not handed over now: %s", error)
            if time.monotonic() - self._tried >= TRY_EVERY:
                self._look()

    def _look(self) -> None:
        if not self._turn.take():
            self._tried = time.monotonic()
            return
        try:
            self._drainer.look()
        finally:
            # A process that is there for it has its turn before the next look.
            self._turn.give_up()
