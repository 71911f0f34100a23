"""The server: Granian, which answers on the port with the application of `api.wsgi`."""

from __future__ import annotations

import signal
import socket

from granian import Granian
from granian.constants import Interfaces, RuntimeModes

from api.errors import BadSetting
from api.logs import LOGGING
from api.web import draining
from api.web.express.in_server import spawn

BACKLOG = 1024
# How long what is under way may take after a signal to stop: half a request, say, that never goes on.
STOP_SECONDS = 4


def check_port_free(host: str, port: int) -> None:
    """Find out before anything is started whether the port can be listened on; raises BadSetting if not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: an address that a stopped server's connections still linger on is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSetting(
                "API_PORT",
                f"port {port} of {host} cannot be listened on ({error.strerror}); "
                f"stop what uses it, or choose another port, for example API_PORT={port % 65535 + 1}.",
            ) from error


def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Answer requests until SIGTERM or SIGINT; what was accepted by then is answered first.

    A single row is work of microseconds that holds the interpreter, so one thread answers those and the
    others rest (`api.web.express.resting`): they are there for everybody else while a long CSV is scored.
    """
    server = Granian(
        "api.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        # Its own work, reading and sending, is little: a thread less to take turns with.
        runtime_mode=RuntimeModes.st,
        websockets=False,
        log_dictconfig=LOGGING,
    )
    # Until a worker listens for it, the signal to drain means nothing to it.
    signal.signal(draining.SIGNAL, signal.SIG_IGN)
    server.on_startup(draining.drain_before_stopping)
    server.serve(spawn_target=spawn)
