"""Many rows through the real server."""

from __future__ import annotations

import base64
import http.client
import json
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.services import DEADLINE, PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
HEADER = b"sepal_length,sepal_width,petal_length,petal_width\n"
TYPE = {"Content-Type": "text/csv"}
ROWS = 1_000_000
# How many probes, and how many predictions, get through while one long request is under way.
ANSWERED_MEANWHILE = 5


@pytest.fixture
def api(models_dir: Path, tmp_path: Path) -> Iterator[Service]:
    """A service of one's own, whose memory nobody else has used."""
    with running_api(models_dir, tmp_path) as service:
        yield service


def post_csv(api: Service, blocks: Iterator[bytes]) -> requests.Response:
    """Send a CSV as it is made, and read the answer's head."""
    url = f"{api.url}/api/v1.0/models/iris/predict"
    return requests.post(url, data=blocks, headers=TYPE, auth=AUTH, stream=True, timeout=600)


def largest_resident_mb(api: Service) -> float:
    """The most memory that any process of the service has had resident, in megabytes."""
    pids = [api.process.pid, int(api.log.split("Spawning worker-1 with PID: ")[1].split('"')[0])]
    statuses = [Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in pids]
    return max(int(status.split("VmHWM:")[1].split()[0]) for status in statuses) / 1024


def test_a_million_rows_take_constant_memory(api: Service) -> None:
    """A CSV of a million rows is scored, whole and in order, within 200 MB resident."""
    numbers = random.Random(1)  # noqa: S311 (numbers to score, no secret)
    lines = [b"%.1f,%.1f,%.1f,%.1f\n" % tuple(numbers.uniform(0.1, 8) for _ in range(4)) for _ in range(1000)]
    block = b"".join(lines)
    answer = post_csv(api, iter([HEADER, *[block] * (ROWS // 1000)]))
    assert answer.status_code == 200
    rows = iter(answer.iter_lines(chunk_size=1 << 16))
    assert next(rows).startswith(HEADER.strip())
    count = 0
    for count, row in enumerate(rows, start=1):
        assert row.startswith(lines[(count - 1) % 1000].strip())
    assert count == ROWS
    assert largest_resident_mb(api) < 200


def test_others_are_answered_while_a_csv_is_scored(api: Service) -> None:
    """Probes and predictions get through; a second CSV is told to come back; the first is answered."""

    def blocks() -> Iterator[bytes]:
        yield HEADER + b"5.1,3.5,1.4,0.2\n" * 10_000
        # Half of the CSV is with the service, which waits for the rest.
        assert requests.get(f"{api.url}/readyz", timeout=60).status_code == 200
        alone = f"{api.url}/api/v1.0?sepal_length=1&sepal_width=1&petal_length=1&petal_width=1"
        assert requests.get(alone, auth=AUTH, timeout=60).status_code == 200
        with post_csv(api, iter([HEADER + b"1,1,1,1\n"])) as second:
            assert second.status_code == 503
            assert second.headers["Retry-After"]
        yield b"5.1,3.5,1.4,0.2\n" * 10_000

    answer = post_csv(api, blocks())
    assert answer.status_code == 200
    assert answer.text.count("\n") == 20_001


FLOWER = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
LONG = 100_000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps({"instances": [FLOWER] * LONG}).encode()),
        ("text/csv", HEADER + b"5.1,3.5,1.4,0.2\n" * LONG),
    ],
    ids=["json", "csv"],
)
def test_a_long_batch_does_not_hold_up_the_others(api: Service, kind: str, body: bytes) -> None:
    """Others are answered between the last byte of a long request and the first of its answer."""
    pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    headers = {"Content-Type": kind, "Authorization": f"Basic {pair}"}
    address = urlsplit(api.url)
    most = 0
    # A machine may be so busy that it does not get to them in a single one.
    for _ in range(10):
        long = http.client.HTTPConnection(str(address.hostname), address.port, timeout=600)
        with closing(long), ThreadPoolExecutor(1) as pool, requests.Session() as others:
            long.request("POST", "/api/v1.0/models/iris/predict", body, headers)
            answer = pool.submit(long.getresponse)
            answered = 0
            while True:
                probe = others.get(f"{api.url}/readyz", timeout=60)
                one = others.get(f"{api.url}/api/v1.0", params=FLOWER, auth=AUTH, timeout=60)
                assert (probe.status_code, one.status_code) == (200, 200)
                if answer.done():
                    break
                answered += 1
            assert answer.result().status == 200
            answer.result().read()
        most = max(most, answered)
        if most >= ANSWERED_MEANWHILE:
            return
    raise AssertionError(f"no more than {most} probes and predictions were answered meanwhile")


def test_a_csv_that_breaks_off_is_not_taken_for_whole(api: Service) -> None:
    """Of a body shorter than was announced nothing is answered as if it were all."""
    address = urlsplit(api.url)
    row = b"5.1,3.5,1.4,0.2\n"
    pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode())
    head = b"POST /api/v1.0/models/iris/predict HTTP/1.1\r\nHost: here\r\n"
    head += b"Content-Type: text/csv\r\nX-Request-ID: cut\r\n"
    length = b"Content-Length: %d\r\n\r\n" % (len(HEADER) + 2 * len(row))
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(head + b"Authorization: Basic " + pair + b"\r\n" + length + HEADER + row)
    deadline = time.monotonic() + DEADLINE
    while '"id": "cut"' not in api.log:
        assert time.monotonic() < deadline, api.log
        time.sleep(0.05)
    (line,) = [one for one in api.log.splitlines() if '"id": "cut"' in one]
    assert '"status": 400' in line


def test_a_caller_who_goes_away_frees_the_place(api: Service) -> None:
    """A connection cut in the middle of a CSV leaves room for the next one."""

    def cut() -> Iterator[bytes]:
        yield HEADER
        raise ConnectionAbortedError

    with pytest.raises(requests.ConnectionError):
        post_csv(api, cut())
    for _ in range(600):
        # Closed unread: a connection that is left to the collector fails whichever test runs by then.
        with post_csv(api, iter([HEADER + b"5.1,3.5,1.4,0.2\n"])) as answer:
            status = answer.status_code
        if status != 503:
            break
    assert status == 200
