"""A stand-in for the API: a real HTTP server on loopback that answers as it is told to.

It is there for what the real API cannot be made to do on demand: hang, cut, talk nonsense, and
serve models that do not exist yet.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer: a status, a body (JSON unless it is bytes) and further headers.

    A Content-Length of your own makes the body too short for it: then the connection is closed,
    or, to `stay`, kept open in silence.
    """

    status: int
    body: Any
    headers: tuple[tuple[str, str], ...] = ()
    stay: bool = False
    media_type: str = "application/json"


@dataclass(frozen=True)
class Received:
    """One request as the server saw it."""

    path: str
    pairs: list[tuple[str, str]]
    headers: Message
    body: bytes = b""
    method: str = "GET"


Behaviour = Callable[[Received], Reply | None]


@dataclass
class FakeApi:
    """The running server: set `behave` to change what it answers, read `received` for what it got.

    A behaviour that returns None cuts the connection without an answer.
    """

    url: str
    behave: Behaviour
    received: list[Received] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def hang(self, _: Received) -> None:
        """A behaviour: take the request and say nothing until the server is stopped."""
        self.released.wait(30)


@contextmanager
def fake_api(behave: Behaviour, port: int = 0) -> Iterator[FakeApi]:
    """Run a server that answers by `behave` for as long as the block lasts, at any free port or `port`."""
    server = _Server(("127.0.0.1", port), _Handler)
    api = server.api = FakeApi(f"http://127.0.0.1:{server.server_address[1]}", behave)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        api.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    api: FakeApi


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536

    def do_POST(self) -> None:
        self._answer(self._chunks())

    def do_PUT(self) -> None:
        self._answer(self._chunks())

    def do_DELETE(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b"")

    def _chunks(self) -> bytes:
        """A body sent in chunks, as whoever does not know its length sends it."""
        if self.headers["Transfer-Encoding"] != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while size := int(self.rfile.readline() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, body: bytes) -> None:
        assert isinstance(self.server, _Server)
        api = self.server.api
        parts = urlsplit(self.path)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        request = Received(parts.path, pairs, self.headers, body, self.command)
        api.received.append(request)
        reply = api.behave(request)
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(reply)
        if reply.stay:
            api.hang(request)

    def _send(self, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in (("Content-Type", reply.media_type), *reply.headers):
            self.send_header(name, value)
        if not any(name == "Content-Length" for name, _ in reply.headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if any(name == "Content-Length" for name, _ in reply.headers):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests read `received`."""
