"""Throwing away what trainings left behind that were cut short, and files that nobody trained from."""

from __future__ import annotations

import logging
import shutil
import threading
import time

from api.errors import BouquetError
from api.storage.queue import Queue
from api.training.task import Bounds
from api.training.uploads import KEEP_SECONDS, Uploads

_EVERY_SECONDS = 600.0

_log = logging.getLogger(__name__)


def tidy(queue: Queue, uploads: Uploads, bounds: Bounds) -> None:
    """Delete the folders of trainings that have ended, and uploaded files that are old and not needed."""
    uploads.forget_old(queue.uploads())
    if not bounds.work.is_dir():
        return
    # First what is there, then what is needed: a folder is made after its training is.
    folders = list(bounds.work.iterdir())
    needed, before = queue.unfinished(), time.time() - KEEP_SECONDS
    for folder in folders:
        if folder.name not in needed and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def keep_tidy(queue: Queue, uploads: Uploads, bounds: Bounds) -> None:
    """Do so now and then, in a thread of its own, until the process ends."""

    def run() -> None:
        while True:
            try:
                tidy(queue, uploads, bounds)
            except (BouquetError, OSError) as error:
                _log.warning("what trainings left behind is not thrown away now: %s", error)
            time.sleep(_EVERY_SECONDS)

    threading.Thread(target=run, name="tidy-trainings", daemon=True).start()
