"""A stand-in for the API that takes a file of any length and gives as much back, keeping nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from .samples import IRIS

MEGABYTE = b"5.1,3.5,1.4,0.2\n" * 65536


class FileMill(HTTPServer):
    """The running server; `taken` counts the bytes of the file that came."""

    taken = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def file_mill() -> Iterator[FileMill]:
    """Run it for as long as the block lasts."""
    mill = FileMill(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=mill.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield mill
    finally:
        mill.shutdown()
        mill.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._head("application/json", len(json.dumps(IRIS)))
        self.wfile.write(json.dumps(IRIS).encode())

    def do_POST(self) -> None:
        assert isinstance(self.server, FileMill)
        while size := int(self.rfile.readline(), 16):
            self.server.taken += len(self.rfile.read(size))
            self.rfile.readline()
        self._head("text/csv", self.server.taken)
        for _ in range(self.server.taken // len(MEGABYTE)):
            self.wfile.write(MEGABYTE)

    def _head(self, media_type: str, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
