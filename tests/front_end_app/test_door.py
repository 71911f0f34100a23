"""The doors: the front end as a process, started, used and stopped as a supervisor does it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from front_end_app.server import address
from tests.services import DEADLINE, ROOT, Service, clean_environment, running_front_end

from .fake_api import FakeApi, Received, Reply
from .file_mill import MEGABYTE, file_mill
from .page import read_page
from .samples import ANSWER, IRIS, serving

GOOD = "/prediction?sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command line with these settings alone, until it ends."""
    return subprocess.run(
        [sys.executable, "-m", "front_end_app", *arguments],
        cwd=ROOT,
        env=clean_environment(**settings),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


@pytest.fixture
def service(api: FakeApi, tmp_path: Path) -> Iterator[Service]:
    """The front end as a process in front of the fake API."""
    with running_front_end(api.url, tmp_path) as running:
        yield running


def get(service: Service, target: bytes) -> bytes:
    """The raw response to a raw request target, as no well-behaved client would send it."""
    parts = urlsplit(service.url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=DEADLINE) as wire:
        wire.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: wire.recv(65536), b""))


def test_settings_prints_the_table() -> None:
    """It needs no setting to be right, and shows none of their values."""
    done = run("settings", API_PASSWORD="hush-hush", FRONT_END_PORT="wrong")
    assert done.returncode == 0
    assert "FRONT_END_PORT" in done.stdout
    assert "hush" not in done.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, "API_PASSWORD is not set"), ({"FRONT_END_PORT": "x"}, "FRONT_END_PORT is 'x'")],
)
def test_wrong_settings_stop_the_start(settings: dict[str, str], said: str) -> None:
    """With a sentence for each and exit code 2, and no traceback."""
    done = run("serve", **settings)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_stops_the_start() -> None:
    """The sentence says which port, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = run("serve", API_USERNAME="a", API_PASSWORD="b", FRONT_END_PORT=port)
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert "FRONT_END_PORT=" in done.stderr


def test_two_front_ends_do_not_share_a_port(service: Service) -> None:
    """The second one refuses, instead of taking half of the first one's requests."""
    port = str(urlsplit(service.url).port)
    done = run("serve", API_USERNAME="a", API_PASSWORD="b", FRONT_END_PORT=port)
    assert done.returncode == 2


def test_a_foreign_address_stops_the_start() -> None:
    """An address that is not this machine's is named as such."""
    done = run("serve", API_USERNAME="a", API_PASSWORD="b", FRONT_END_HOST="192.0.2.1")
    assert done.returncode == 2
    assert "192.0.2.1" in done.stderr


def test_the_start_says_where_to_open_it(service: Service) -> None:
    """In the first line of its output."""
    assert service.log.splitlines()[0] == f"Front end: open {service.url.replace('127.0.0.1', 'localhost')}/"


@pytest.mark.parametrize(
    ("host", "opened"),
    [
        ("0.0.0.0", "http://localhost:5000/"),
        ("::1", "http://localhost:5000/"),
        ("192.0.2.1", "http://192.0.2.1:5000/"),
        ("2001:db8::1", "http://[2001:db8::1]:5000/"),
        ("bouquet.test", "http://bouquet.test:5000/"),
    ],
)
def test_where_to_open_it_can_be_opened(host: str, opened: str) -> None:
    """An address that is only for listening is told as localhost."""
    assert address(host, 5000) == opened


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_what_is_under_way(api: FakeApi, tmp_path: Path, stop: signal.Signals) -> None:
    """A request that waits for the API when the signal comes is answered; the exit code is 0."""
    asked, go_on = threading.Event(), threading.Event()

    def slow(request: Received) -> Reply | None:
        if request.path == "/api/v1.0/models/iris/predict":
            asked.set()
            go_on.wait(DEADLINE)
        return serving(IRIS)(request)

    api.behave = slow
    with running_front_end(api.url, tmp_path) as service:
        connection = HTTPConnection(urlsplit(service.url).netloc, timeout=DEADLINE)
        connection.request("GET", GOOD)
        assert asked.wait(DEADLINE)
        service.process.send_signal(stop)
        _wait_until_refused(service)
        go_on.set()
        response = connection.getresponse()
        assert response.status == 200
        assert ANSWER["id"].encode() in response.read()
        assert service.process.wait(DEADLINE) == 0
        assert "Traceback" not in service.log


def peak_memory(service: Service) -> int:
    """The most bytes that the largest process of a service has held so far."""
    own = service.process.pid
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="utf-8").split()
    peaks = [Path(f"/proc/{pid}/status").read_text(encoding="utf-8") for pid in [own, *children]]
    return max(int(peak.split("VmHWM:")[1].split()[0]) for peak in peaks) * 1024


def _wait_until_refused(service: Service) -> None:
    """Until the process has taken note of the signal: it no longer takes connections."""
    parts = urlsplit(service.url)
    while True:
        try:
            socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=DEADLINE).close()
        except OSError:
            return


@pytest.mark.parametrize(
    "target",
    [
        b"/prediction?sepal_length=%FF%00%0d%0aX-Evil:1",
        b"/prediction?" + b"&".join(b"a%d=1" % n for n in range(1000)),
        b"/prediction?sepal_length=" + b"9" * 20_000,
        b"/prediction?sepal_length=" + b"9" * 8_000,
    ],
)
def test_odd_requests_get_a_page(service: Service, target: bytes) -> None:
    """Through the real server too, bad input is a page with status 400."""
    response = get(service, target)
    assert response.startswith(b"HTTP/1.1 400")
    assert b"</html>" in response
    assert b"X-Evil" not in response.partition(b"\r\n\r\n")[0]
    assert "Traceback" not in service.log


def test_a_request_that_is_no_http_is_refused(service: Service) -> None:
    """Raw bytes that are not UTF-8 are refused by the server itself; browsers never send them."""
    assert get(service, b"/prediction?sepal_length=\xff\xfe").startswith(b"HTTP/1.1 400")


def test_a_browser_with_an_open_connection_does_not_hold_up_the_stop(service: Service) -> None:
    """Browsers keep connections open for minutes; that is no request under way."""
    connection = HTTPConnection(urlsplit(service.url).netloc, timeout=DEADLINE)
    connection.request("GET", "/healthz")
    connection.getresponse().read()
    assert service.stop() == 0
    connection.close()


def test_pages_are_served_while_others_wait(api: FakeApi, service: Service) -> None:
    """An API that hangs does not stop /healthz from answering."""
    api.behave = api.hang
    waiting = [HTTPConnection(urlsplit(service.url).netloc, timeout=DEADLINE) for _ in range(4)]
    for connection in waiting:
        connection.request("GET", "/")
    with urllib.request.urlopen(service.url + "/healthz", timeout=DEADLINE) as response:
        assert response.status == 200
    for connection in waiting:
        connection.close()


def test_a_long_file_passes_through(tmp_path: Path) -> None:
    """200 MB to the API and as much back, in 60 MB of memory more than for nothing."""
    with file_mill() as mill, running_front_end(mill.url, tmp_path) as service, ExitStack() as closed_later:
        connection = closed_later.enter_context(closing(HTTPConnection(urlsplit(service.url).netloc)))
        connection.request("GET", "/models/iris/csv")
        page = connection.getresponse()
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        token = read_page(page.read().decode()).one("input", name="csrf_token").attributes["value"]
        before = peak_memory(service)
        headers = {"Cookie": cookie, "X-CSRF-Token": token, "Content-Type": "text/csv"}
        connection.request("POST", "/models/iris/csv", iter([MEGABYTE] * 200), headers, encode_chunked=True)
        response = connection.getresponse()
        assert response.status == 200
        received = sum(len(block) for block in iter(lambda: response.read(65536), b""))
        assert received == mill.taken == 200 * len(MEGABYTE)
        assert peak_memory(service) - before < 60_000_000
