"""One GET of a link: to a checked address, without credentials, within its time, following nothing."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from api import __version__
from api.errors import FetchFailed
from api.training.addresses import connect


class Asked(Protocol):
    """What is asked for: a file, from byte `have` on if it is still the one that `validator` stands for."""

    @property
    def have(self) -> int:
        """The bytes that are there already."""

    @property
    def validator(self) -> str | None:
        """What the server called the file's state when they came."""

    @property
    def allowed(self) -> Collection[str]:
        """The hosts that may have any address."""

    @property
    def idle_seconds(self) -> float:
        """How long a silence may last."""

    def left(self) -> float:
        """The seconds that are left; raises FetchFailed where there are none."""


@contextmanager
def answer_of(link: str, asked: Asked) -> Iterator[tuple[http.client.HTTPResponse, socket.socket]]:
    """The answer's head, its body still to be read, and the connection it comes on.

    Raises FetchFailed, and OSError or HTTPException where the server breaks off or makes no sense.
    """
    parts = urlsplit(link)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = connect(host, port, asked.allowed, min(asked.left(), asked.idle_seconds))
    # Whatever the server does meanwhile, sending headers a byte at a time, say, ends with the time.
    shutting = [connection]
    watchdog = threading.Timer(asked.left(), _shut, (shutting,))
    watchdog.daemon = True
    watchdog.start()
    try:
        if secure:
            context = ssl.create_default_context()
            # From here on the socket below has nothing to shut any more.
            connection = shutting[0] = context.wrap_socket(
                connection, server_hostname=host, do_handshake_on_connect=False
            )
            connection.do_handshake()
        connection.settimeout(min(asked.left(), asked.idle_seconds))
        connection.sendall(_request(parts, asked))
        answer = http.client.HTTPResponse(connection, method="GET")
        try:
            answer.begin()
            yield answer, connection
        finally:
            answer.close()
    finally:
        watchdog.cancel()
        connection.close()


def _shut(connections: list[socket.socket]) -> None:
    try:
        # Of the plain socket, because a secure one would forget that it is while another thread reads.
        socket.socket.shutdown(connections[0], socket.SHUT_RDWR)
    except OSError:
        return  # It has ended by itself.


def _request(parts: SplitResult, asked: Asked) -> bytes:
    # What is percent-encoded already stays as it is.
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]") if parts.query else ""
    )
    host = (parts.hostname or "").encode("idna" if not _is_literal(parts) else "ascii").decode()
    if ":" in host:
        host = f"[{host}]"
    lines = [
        f"GET {target} HTTP/1.1",
        f"Host: {host}{f':{parts.port}' if parts.port else ''}",
        f"User-Agent: Bouquet/{__version__}",
        "Accept: text/csv, text/plain, */*;q=0.1",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if asked.have and asked.validator:
        lines += [f"Range: bytes={asked.have}-", f"If-Range: {asked.validator}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _is_literal(parts: SplitResult) -> bool:
    return ":" in (parts.hostname or "")


def next_link(link: str, location: str | None) -> str:
    """Where a redirect leads; raises FetchFailed where that is no link that may be followed."""
    target = urljoin(link, location or "")
    try:
        parts = urlsplit(target)
        right = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        right = right and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not location or not right or not target.isprintable():
        raise FetchFailed("The link is redirected to something that is no link to a file on the web.")
    if urlsplit(link).scheme == "https" and parts.scheme == "http":
        raise FetchFailed("The link begins with https:// and is redirected to one that does not.")
    return target
