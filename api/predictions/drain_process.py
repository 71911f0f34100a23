"""The process that drains, so that those which answer do not: forked off before they are.

It shares the memory of the process that starts it, and ends when nobody is left who could write.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from api.predictions.drain import LAST_SECONDS, Drainer
from api.predictions.drain_nicely import DrainNicely
from api.predictions.spool import Spool
from api.predictions.turn import Turn

NAME = "drain-record"
# To look costs some 0.1 ms, and so little time goes by between handing over and taking.
_LOOK_EVERY = 0.1
_TRY_EVERY = 0.1
# After one that was killed another follows at once; after one that did not live long, not so soon.
_SHORT_LIFE, _WAIT_SECONDS = 5.0, 30.0
# What the signals are that a terminal or a supervisor sends to all processes at once.
_NOT_MEANT = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)

_log = logging.getLogger(__name__)


@contextmanager
def drained_beside(spool: Spool, drainer: Callable[[], Drainer]) -> Iterator[None]:
    """For as long as the block lasts, a process of its own drains a spool with the drainer that it makes.

    It is to be entered before there are other processes and threads. At its end the process drains what is
    left, also where this one is killed: it is told by a pipe, which ends with its last writer, and those are
    this process and all that it forks meanwhile.
    """
    reader, writer = os.pipe()
    keeper = _Keeper(reader, writer, spool, drainer)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class _Keeper:
    """Starts the process, and again when it ends before its time."""

    def __init__(self, reader: int, writer: int, spool: Spool, drainer: Callable[[], Drainer]) -> None:
        self._reader, self._writer = reader, writer
        self._spool, self._drainer = spool, drainer
        self._stopping = threading.Event()
        self._forking = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="keep-draining", daemon=True)
        self._process = 0

    def start(self) -> None:
        self._fork()
        self._thread.start()

    def stop(self) -> None:
        """Let it end; it is given as long as it needs to drain what is left."""
        with self._forking:
            self._stopping.set()
        os.close(self._writer)
        self._thread.join(LAST_SECONDS * 2)
        if self._thread.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._thread.join()
        os.close(self._reader)

    def _keep(self) -> None:
        started = time.monotonic()
        while True:
            with suppress(ChildProcessError):
                os.waitpid(self._process, 0)
            if self._stopping.is_set():
                return
            _log.warning("the process that brings predictions into the database has ended: another follows")
            if time.monotonic() - started < _SHORT_LIFE and self._stopping.wait(_WAIT_SECONDS):
                return
            with self._forking:
                if self._stopping.is_set():
                    return
                self._fork()
            started = time.monotonic()

    def _fork(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal that comes now would find the handlers of this process in the other.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_MEANT)
        try:
            process = os.fork()
            if process:
                self._process = process
                return
            status = 1
            try:
                self._be_it(before)
                status = 0
            except Exception:
                _log.exception("the process that brings predictions into the database fails")
            finally:
                os._exit(status)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _be_it(self, mask: set[int | signal.Signals]) -> None:
        for number in _NOT_MEANT:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        # Nothing of what the parent has open is this one's: not its port, nor the pipe's other end.
        os.closerange(3, self._reader)
        os.closerange(self._reader + 1, os.sysconf("SC_OPEN_MAX"))
        with suppress(OSError), open("/proc/self/comm", "w", encoding="ascii") as name:
            name.write(NAME)
        _drain_until(self._ended, DrainNicely(self._drainer(), self._spool), Turn(self._spool.folder))

    def _ended(self, seconds: float) -> bool:
        """Whether nobody is left who could write, after waiting for that for so long."""
        return bool(select.select([self._reader], [], [], seconds)[0])


def _drain_until(ended: Callable[[float], bool], drainer: DrainNicely, turn: Turn) -> None:
    while not turn.take():
        # A process that answers does it for a moment, or that of another service with the same folder.
        if ended(_TRY_EVERY):
            break
    while not ended(0 if turn.take() and drainer.look() else _LOOK_EVERY):
        pass
    if turn.take():
        drainer.finish()
