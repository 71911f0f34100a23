"""Following what is done to versions elsewhere: by another process, by the command line, by hand."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from api.errors import BouquetError
from api.runtime.serving import ServingModels

_log = logging.getLogger(__name__)

# How often the record of changes is looked at, and how often the directory itself, in seconds.
LOOK_EVERY = 0.5
RESCAN_EVERY = 30.0


class Follower:
    """Refreshes the models when `newest` gives another number, in a thread of its own.

    A database that is away delays following and nothing else.
    """

    def __init__(self, models: ServingModels, newest: Callable[[], int]) -> None:
        self._models = models
        self._newest = newest
        self._seen = -1
        self._scanned = 0.0

    def look(self) -> None:
        """Refresh if anything was done since the last look, or the last scan was long ago.

        Raises what reading the record or the directory raises.
        """
        newest = self._newest()
        if newest == self._seen and time.monotonic() - self._scanned < RESCAN_EVERY:
            return
        self._models.refresh()
        self._seen, self._scanned = newest, time.monotonic()

    def start(self) -> None:
        """Keep looking until the process ends."""
        threading.Thread(target=self._run, name="follow-versions", daemon=True).start()

    def _run(self) -> None:
        trouble = ""
        while True:
            time.sleep(LOOK_EVERY)
            try:
                self.look()
                trouble = ""
            except (BouquetError, OSError) as error:
                # Said once, not twice a second.
                if str(error) != trouble:
                    _log.warning("changes of versions are not followed now: %s", error)
                trouble = str(error)
