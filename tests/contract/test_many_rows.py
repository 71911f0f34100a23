"""Many rows through the real server."""

from __future__ import annotations

import base64
import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.services import DEADLINE, PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
HEADER = b"sepal_length,sepal_width,petal_length,petal_width\n"
TYPE = {"Content-Type": "text/csv"}
ROWS = 1_000_000


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
    numbers = random.Random(1)  # noqa: S311
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
