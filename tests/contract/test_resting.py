"""Threads of the real server that rest behind their answers: nobody waits for them."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.services import DEADLINE, PASSWORD, USERNAME, Service, running_api

FLOWER = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
TARGET = f"/api/v1.0?{urlencode(FLOWER)}"
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode(),
    "Content-Type": "application/json",
}
CALLERS, EACH = 8, 300


def connected(api: Service) -> http.client.HTTPConnection:
    """A connection of one's own."""
    address = urlsplit(api.url)
    return http.client.HTTPConnection(str(address.hostname), address.port, timeout=DEADLINE)


def asked(connection: http.client.HTTPConnection) -> tuple[int, dict[str, str], str]:
    """Status, headers but for those of the one request, and the species of an answer."""
    connection.request("GET", TARGET, headers=HEADERS)
    answer = connection.getresponse()
    own = ("date", "content-length", "x-request-id")
    headers = {name.lower(): text for name, text in answer.getheaders() if name.lower() not in own}
    return answer.status, headers, json.loads(answer.read())["response"]["predicted_species"]


@contextmanager
def called(api: Service) -> Iterator[list[int]]:
    """Callers that ask over and over; gives the number of answers so far, for each of them."""
    ended = threading.Event()
    counts = [0] * CALLERS

    def call(number: int) -> None:
        with closing(connected(api)) as connection:
            while not ended.is_set():
                assert asked(connection)[0] == 200
                counts[number] += 1

    with ThreadPoolExecutor(CALLERS) as pool:
        calls = [pool.submit(call, number) for number in range(CALLERS)]
        try:
            yield counts
        finally:
            ended.set()
        for one in calls:
            one.result(DEADLINE)


def more_answers(counts: list[int], more: int) -> None:
    """Wait until every caller has got that many more answers."""
    wanted = [one + more for one in counts]
    deadline = time.monotonic() + DEADLINE
    while any(one < other for one, other in zip(counts, wanted, strict=True)):
        assert time.monotonic() < deadline, (counts, wanted)
        time.sleep(0.001)


def test_answers_are_alike_whether_a_thread_rests_behind_them_or_not(api: Service) -> None:
    """To many callers at once as to a single one, each on a connection that goes on."""
    with closing(connected(api)) as connection:
        alone = asked(connection)

    def call(_: int) -> list[tuple[int, dict[str, str], str]]:
        with closing(connected(api)) as connection:
            return [asked(connection) for _ in range(EACH)]

    with ThreadPoolExecutor(CALLERS) as pool:
        for answers in pool.map(call, range(CALLERS)):
            assert answers == [alone] * EACH


@pytest.mark.parametrize("body", [b"", b'{"instances": [{"sepal_length"'], ids=["nothing", "half"])
def test_a_body_that_does_not_come_holds_up_nobody(api: Service, body: bytes) -> None:
    """The thread that answers waits for it, and whoever rested takes over."""
    address = urlsplit(api.url)
    head = "POST /api/v1.0/models/iris/predict HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n"
    head += "".join(f"{name}: {text}\r\n" for name, text in HEADERS.items()) + "\r\n"
    with called(api) as counts:
        more_answers(counts, 20)
        for _ in range(3):
            with socket.create_connection((address.hostname, address.port), timeout=DEADLINE) as half:
                half.sendall(head.encode() + body)
                more_answers(counts, 20)


def test_long_work_and_plain_work_get_through_side_by_side(api: Service) -> None:
    """One after the other long batches are answered, and everybody else meanwhile."""
    rows = json.dumps({"instances": [FLOWER] * 20_000})
    with called(api) as counts, closing(connected(api)) as long:
        for _ in range(5):
            long.request("POST", "/api/v1.0/models/iris/predict", rows, HEADERS)
            more_answers(counts, 5)
            answer = long.getresponse()
            assert answer.status == 200
            assert len(json.loads(answer.read())["predictions"]) == 20_000
            more_answers(counts, 5)


def test_a_service_stops_while_threads_rest(models_dir: Path, tmp_path: Path) -> None:
    """They end with their process."""
    stopping = threading.Event()
    counts = [0] * CALLERS

    def call(api: Service, number: int) -> None:
        # What ends a connection is its next answer, or that the service has stopped listening.
        with closing(connected(api)) as connection, suppress(OSError, http.client.HTTPException):
            while True:
                assert asked(connection)[0] == 200
                counts[number] += 1
        assert stopping.is_set()

    with running_api(models_dir, tmp_path) as api, ThreadPoolExecutor(CALLERS) as pool:
        calls = [pool.submit(call, api, number) for number in range(CALLERS)]
        more_answers(counts, 20)
        stopping.set()
        assert api.stop() == 0
        for one in calls:
            one.result(DEADLINE)
