"""Stopping without cutting anyone off.

A server that simply closes its port drops the connections that it has accepted and not yet read. So a
worker that is told to stop first lets no new connection in, says that it is not ready, and ends each
connection with its next answer; only then is it stopped.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import socket
import struct
import threading
from collections.abc import Iterator
from types import FrameType

NOT_CLOSED = "new connections are let in until the port is closed: this system does not allow to refuse them"

_log = logging.getLogger(__name__)

SIGNAL = signal.SIGUSR1
# What each answer has from then on.
END_CONNECTION = ("Connection", "close")
# Long enough for what has been accepted to be read and answered on a busy machine.
SECONDS = 1.0

# From the Linux headers: the option's number, and the classic packet filter "accept nothing".
_SO_ATTACH_FILTER = 26
_ACCEPT_NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)


class Draining:
    """Whether this serving process is about to be stopped."""

    def __init__(self) -> None:
        self.begun = False

    def begin_on_signal(self) -> None:
        """Begin when `SIGNAL` comes; to be called in the process's main thread."""
        signal.signal(SIGNAL, self._begin)

    def _begin(self, signum: int, frame: FrameType | None) -> None:
        self.begun = True
        for listener in _listeners():
            if not _let_nobody_in(listener):
                _log.info(NOT_CLOSED)


def drain_before_stopping() -> None:
    """In the parent of the workers: turn SIGTERM and SIGINT into draining, and then what they were.

    To be called in the main thread, when the handlers that stop the workers are in place.
    """
    for signum in (signal.SIGTERM, signal.SIGINT):
        _put_before(signum)


def _put_before(signum: signal.Signals) -> None:
    stop = signal.getsignal(signum)

    def drain(number: int, frame: FrameType | None) -> None:
        # A second signal, from somebody who cannot wait, stops at once.
        signal.signal(signum, stop)
        for worker in multiprocessing.active_children():
            if worker.pid:
                os.kill(worker.pid, SIGNAL)
        if callable(stop):
            threading.Timer(SECONDS, stop, (number, frame)).start()

    signal.signal(signum, drain)


def _listeners() -> Iterator[socket.socket]:
    """Copies of this process's listening sockets, which the server keeps to itself."""
    for name in os.listdir("/dev/fd"):
        try:
            copy = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue  # No socket, or the descriptor of the listing itself, which is closed by now.
        with copy:
            if copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield copy


def _let_nobody_in(listener: socket.socket) -> bool:
    """Drop every packet that would open a connection; the caller's system tries again and is refused.

    False where the system has no such option, or does not leave it to this user.
    """
    program = ctypes.create_string_buffer(_ACCEPT_NOTHING)
    option = struct.pack("HL", 1, ctypes.addressof(program))
    try:
        listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, option)
    except OSError:
        return False
    return True
