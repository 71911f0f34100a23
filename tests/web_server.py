"""A web server of one's own that does what a test tells it, also what no server should."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

# Of a certificate for "localhost" that is signed by itself: whoever names it in SSL_CERT_FILE trusts it.
CERTIFICATE = Path(__file__).parent / "https" / "certificate.pem"
_KEY = CERTIFICATE.with_name("key.pem")

# Takes the connection and the request's head, and sends whatever it likes.
Behaviour = Callable[[socket.socket, str], None]


@dataclass
class WebServer:
    """Answers each path with its behaviour; `asked` holds the heads of all requests so far."""

    port: int
    secure: bool = False
    paths: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        """The link to a path."""
        start = "https://localhost" if self.secure else "http://127.0.0.1"
        return f"{start}:{self.port}{path}"

    def serve(self, path: str, content: bytes, content_type: str = "text/csv") -> str:
        """Answer `path` with `content`; returns the link."""
        self.paths[path] = lambda connection, head: connection.sendall(page(content, content_type))
        return self.url(path)


def page(content: bytes, content_type: str = "text/csv", *headers: str, length: int | None = None) -> bytes:
    """A whole answer; `length` announces another length than it has."""
    announced = len(content) if length is None else length
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {content_type}", f"Content-Length: {announced}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def redirect(to: str) -> Behaviour:
    """Send on to another link."""
    return lambda connection, head: connection.sendall(
        f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()
    )


@contextmanager
def running_web_server(port: int = 0, *, secure: bool = False) -> Iterator[WebServer]:
    """A server that answers each connection in a thread of its own; a `secure` one speaks https."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = WebServer(listener.getsockname()[1], secure)
        threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
        yield server
        # Wakes what waits for connections, which closing alone does not.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, server: WebServer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, server), daemon=True).start()


def _answer(connection: socket.socket, server: WebServer) -> None:
    if server.secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, _KEY)
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            _answer_one(secured, server)
    else:
        _answer_one(connection, server)


def _answer_one(connection: socket.socket, server: WebServer) -> None:
    with connection, suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            block = connection.recv(65536)
            if not block:
                return
            head += block
        text = head.decode("latin-1")
        server.asked.append(text)
        path = text.split(" ")[1]
        missing: Behaviour = lambda connection, head: connection.sendall(  # noqa: E731 (it has one use)
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        )
        server.paths.get(path, missing)(connection, text)
