"""A measured server as a real process: its first answer, its weight, and that nothing of it is left."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.peers.running import Asked, DidNotAnswer, Program, running
from bench.processes import family
from tests.services import free_port

# Answers JSON, and has a child.
_SERVER = """
import http.server, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/" else 404)
        self.end_headers()
        self.wfile.write(b'{"child": %d}' % child.pid)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def program(folder: Path, *command: str) -> Program:
    """A program of this Python."""
    return Program([sys.executable, "-c", *command], folder, {}, folder / "its.log")


def test_a_server_is_weighed_with_its_children_and_ended_with_them(tmp_path: Path) -> None:
    """Its child, which does not end by itself, is gone with it."""
    port = free_port()
    with running(program(tmp_path, _SERVER, str(port)), port, Asked("GET", "/")) as server:
        child = server.ask(Asked("GET", "/"))["child"]
        assert family(server.pid) == [server.pid, child]
        proportional, resident = server.weigh()
        assert 0 < proportional <= resident
        with pytest.raises(DidNotAnswer, match="404"):
            server.ask(Asked("GET", "/other"))
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text(encoding="ascii").split()[2] == "Z"


def test_a_server_that_ends_is_told_of_with_its_log(tmp_path: Path) -> None:
    """Not waited for."""
    failing = program(tmp_path, "raise SystemExit('there is no such model')")
    with (
        pytest.raises(DidNotAnswer, match="there is no such model"),
        running(failing, free_port(), Asked("GET", "/")),
    ):
        pass


# Answers at once, and does what it was asked for afterwards.
_PUTS_OFF = """
import http.server, sys, threading, time
done = threading.Event()
def work():
    until = time.process_time() + 1
    while time.process_time() < until:
        pass
    done.set()
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/work":
            threading.Thread(target=work).start()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"true" if done.is_set() else b"false")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def test_a_server_is_given_time_for_what_it_puts_off(tmp_path: Path) -> None:
    """It rests only when that is done."""
    port = free_port()
    with running(program(tmp_path, _PUTS_OFF, str(port)), port, Asked("GET", "/")) as server:
        assert server.ask(Asked("GET", "/work")) is False
        assert server.rest() > 0
        assert server.ask(Asked("GET", "/")) is True
