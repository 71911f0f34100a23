"""The server process: Granian with one worker and threads that wait for the API."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .config import Settings
from .request_log import write_line

STOP_SECONDS = 5
"""How long requests under way may take to finish after a signal to stop."""


class PortTaken(Exception):
    """Something else listens at the port; the text says which port and how to choose another."""


def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code. Raises PortTaken before it starts."""
    host, port = settings.front_end_host, settings.front_end_port
    refuse_taken_port(host, port)
    server = Granian(
        "front_end_app.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.front_end_threads,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )
    server.on_startup(lambda: write_line(f"Front end: open {address(host, port)}"))
    server.serve()
    return 0


def address(host: str, port: int) -> str:
    """What to open in a browser on this machine for an address that is listened on."""
    try:
        listened = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if listened.is_unspecified or listened.is_loopback:
        return f"http://localhost:{port}/"
    return f"http://[{host}]:{port}/" if listened.version == 6 else f"http://{host}:{port}/"


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken if something listens there already. The server itself would share the port
    without a word, and each request would go to one or the other."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(_reason(error, host, port)) from error


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        holder = " On macOS, AirPlay Receiver holds port 5000." if port == 5000 else ""
        return (
            f"Port {port} is taken by another program.{holder} "
            f"Stop that program, or choose another port: FRONT_END_PORT={port % 65535 + 1}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose another: FRONT_END_PORT=5000."
    return f"FRONT_END_HOST is {host!r}, which is no address of this machine. Choose 127.0.0.1."
