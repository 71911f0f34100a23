"""The executor without a queue: one process works through the pending trainings, and ends after the last.

Nothing waits in memory: the serving process looks once a second whether there is something to do.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import IO
from uuid import uuid4

from sqlalchemy import Engine

from api.errors import BouquetError, StorageUnavailable
from api.storage.leases import Lease
from api.storage.queue import Queue
from api.training.work import Worker

LOOK_SECONDS = 1.0
# A lease is renewed so often in its time.
_RENEWALS = 7
_LEASE = "drain"

_log = logging.getLogger(__name__)


class LocalExecutor:
    """Starts the process that does trainings when there are some, in a thread of the serving process."""

    def __init__(self, engine: Engine) -> None:
        self._queue = Queue(engine)
        self._lease = Lease(engine, _LEASE, "")
        self._awake = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def wake(self) -> None:
        """Look at once."""
        self._awake.set()

    def start(self) -> None:
        """Keep looking until the process ends."""
        threading.Thread(target=self._run, name="start-trainings", daemon=True).start()

    def _run(self) -> None:
        trouble = ""
        while True:
            self._awake.wait(LOOK_SECONDS)
            self._awake.clear()
            try:
                self._look()
                trouble = ""
            except (BouquetError, OSError) as error:
                # Said once, not every second.
                if str(error) != trouble:
                    _log.warning("trainings are not started now: %s", error)
                trouble = str(error)

    def _look(self) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                return
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None
        if self._queue.waiting() and not self._lease.taken():
            # The pipe is never written to: that it ends tells the process that this one did.
            self._process = subprocess.Popen([sys.executable, "-m", "api", "drain"], stdin=subprocess.PIPE)


def drain(engine: Engine, worker: Worker, lease_seconds: float) -> bool:
    """Do the pending trainings until there are none; False where another process does them already."""
    stop, queue = threading.Event(), Queue(engine)
    lease = Lease(engine, _LEASE, uuid4().hex, lease_seconds)
    if not lease.take():
        return False
    stop_on_signals(stop)
    threading.Thread(target=_keep, args=(lease, lease_seconds / _RENEWALS, stop), daemon=True).start()
    if not sys.stdin.isatty():
        threading.Thread(target=_stop_with, args=(sys.stdin.buffer, stop), daemon=True).start()
    try:
        while not stop.is_set():
            try:
                waiting = queue.waiting()
                if not waiting:
                    break
                worker.work(waiting[0], stop)
            except StorageUnavailable as error:
                _log.warning("trainings wait for the database: %s", error)
                time.sleep(LOOK_SECONDS)
    finally:
        stop.set()
        with suppress(StorageUnavailable):
            lease.give_up()
    return True


def stop_on_signals(stop: threading.Event) -> None:
    """Set `stop` when this process is told to end; a second signal ends it at once."""

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _keep(lease: Lease, every: float, stop: threading.Event) -> None:
    while not stop.wait(every):
        try:
            if not lease.take():
                stop.set()
        except StorageUnavailable:
            continue  # While the database is away, nobody else can take it either.


def _stop_with(parent: IO[bytes], stop: threading.Event) -> None:
    """Stop when the process that started this one has ended."""
    while os.read(parent.fileno(), 1024):
        pass
    stop.set()
