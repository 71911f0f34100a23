"""A WSGI application of the bench under the server that the service has."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services import DEADLINE, ROOT, clean_environment, free_port


@contextmanager
def under_granian(app: str, *, threads: int, ready: str, **environment: str) -> Iterator[tuple[str, int]]:
    """One process of `module:name` with so many threads, once the path `ready` is answered.

    Gives its address, which ends without a slash, and the id of the process that it is a child of.
    """
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"]
    command += ["--runtime-mode", "st"]
    command += ["--blocking-threads", str(threads), app]
    settings = clean_environment(**environment)
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}{ready}")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(DEADLINE)


def _wait_for(url: str) -> None:
    """Until `url` answers; raises TimeoutError after a minute."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.05)
    raise TimeoutError(url)
