"""What a training survives: every process and every server it needs, and every server a link leads to."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.api.training.test_work import iris_csv
from tests.contract.test_training import Full, answers, ask, full_house, wait_for
from tests.services import running_api
from tests.web_server import page, redirect

STEPS = ("read", "profile", "split", "fit", "evaluate", "compile", "publish", "compare")
DOOR = "tests.stand_in"


@pytest.fixture
def full(models_dir: Path, tmp_path: Path) -> Iterator[Full]:
    """The API with Postgres and Redis, and no worker yet."""
    with full_house(models_dir, tmp_path) as house:
        yield house


def test_a_worker_killed_in_any_step_costs_nothing(full: Full) -> None:
    """In each step one worker is killed with SIGKILL; another finishes, and exactly one version exists."""
    worker = full.worker(DOOR)
    trainings = []
    for step in STEPS:
        training = full.ask(model=f"killed-in-{step}", title=f"wait {step}")
        wait_for(lambda: training.now()["step"] == step, full.api, worker)  # noqa: B023 (called at once)
        worker.kill()
        trainings.append(training)
        worker = full.worker(DOOR)
    for training in trainings:
        done = training.ended()
        assert (done["status"], done["error"]) == ("processed", None)
        assert full.trained_by(training) == ["1"]
        assert done["enabled"]
        wait_for(lambda: answers(full.api, done["model"]) == "1", full.api)  # noqa: B023 (called at once)


def test_a_worker_killed_while_it_fetches_costs_nothing(full: Full) -> None:
    """The step that is the server's: its first answer never ends, and the next worker gets a whole one."""
    content, answered = iris_csv(), []

    def slowly(connection: socket.socket, head: str) -> None:
        answered.append(head)
        connection.sendall(page(content[:100], length=len(content)))
        if len(answered) == 1:
            connection.recv(1)
        else:
            connection.sendall(content[100:])

    full.web.paths["/slow.csv"] = slowly
    worker = full.worker(DOOR)
    training = ask(full.api, dataset=full.web.url("/slow.csv"), model="slow")
    wait_for(lambda: training.now()["step"] == "download", full.api, worker)
    worker.kill()
    full.worker(DOOR)
    assert training.ended()["status"] == "processed"
    assert full.trained_by(training) == ["1"]


def test_a_frozen_worker_can_do_no_harm_when_it_wakes(full: Full) -> None:
    """Its training is another's by then: it publishes nothing, and the row is as the other left it."""
    worker = full.worker(DOOR)
    training = full.ask(model="flowers", title="wait fit")
    wait_for(lambda: training.now()["step"] == "fit", full.api, worker)
    worker.process.send_signal(signal.SIGSTOP)
    full.worker(DOOR)
    done = training.ended()
    assert done["status"] == "processed"
    worker.process.send_signal(signal.SIGCONT)
    wait_for(lambda: "not this worker's any more" in worker.log, worker)
    assert training.now() == done
    assert full.trained_by(training) == ["1"]


def test_a_queue_that_is_away_is_waited_for(full: Full) -> None:
    """Posted while Redis is stopped: 201 all the same, and it runs when Redis is back."""
    full.worker(DOOR)
    full.redis.stop()
    training = full.ask(model="flowers")
    assert training.now()["status"] == "pending"
    full.redis.start()
    assert training.ended()["status"] == "processed"


def test_a_queue_that_forgets_everything_loses_nothing(full: Full) -> None:
    """The id was sent, and Redis lost it before a worker came: it is sent again."""
    training = full.ask(model="flowers")
    wait_for(lambda: _queued(full) == 1, full.api)
    _tell_redis(full, b"FLUSHALL\r\n")
    assert _queued(full) == 0
    full.worker(DOOR)
    assert training.ended()["status"] == "processed"


def test_a_database_that_is_restarted_in_the_middle_is_waited_for(full: Full) -> None:
    """Postgres goes away while a training is under way, and comes back: it goes on, and ends as one."""
    worker = full.worker(DOOR)
    training = full.ask(model="flowers", title="wait fit")
    wait_for(lambda: training.now()["step"] == "fit", full.api, worker)
    full.postgres.stop()
    status = requests.post(f"{full.api.url}/api/v1.0/training", json={}, timeout=60).status_code
    assert status in (401, 503)
    full.postgres.start()
    other = full.ask(model="others")
    # What waits for ever is ended by the kill of its worker, and done by the next.
    worker.kill()
    full.worker(DOOR)
    for one in (training, other):
        assert one.ended()["status"] == "processed"
        assert full.trained_by(one) == ["1"]


def test_a_restart_of_the_api_is_not_even_noticed(full: Full, tmp_path: Path) -> None:
    """It stops and starts while a training is under way; what was asked for before is done."""
    worker = full.worker(DOOR)
    training = full.ask(model="flowers", title="wait fit")
    wait_for(lambda: training.now()["step"] == "fit", full.api, worker)
    waiting = full.ask(model="others")
    assert full.api.stop() == 0
    folder = tmp_path / "again"
    folder.mkdir()
    with running_api(full.models.path, folder, **full.settings) as api:
        training.api = waiting.api = api
        worker.kill()
        full.worker(DOOR)
        assert training.ended()["status"] == "processed"
        assert waiting.ended()["status"] == "processed"


def test_no_room_on_the_disk_is_an_error_that_says_so(full: Full) -> None:
    """The models directory is full when the version is written: a sentence, and no version."""
    with _small_disk(full.models.path / "flowers"):
        full.worker(DOOR)
        done = full.ask(model="flowers").ended()
        assert (done["status"], done["version"]) == ("error", None)
        assert "no room on the disk" in done["error"]["detail"]
        assert full.models.versions("flowers") == []
    assert full.ask(model="flowers").ended()["status"] == "processed"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/cut.csv", "broke off after"),
        ("/lies.csv", "sends more"),
        ("/inside.csv", "DATASET_HOSTS"),
        ("/page.csv", "web page"),
        ("/forever.csv", "longer than 1 MB"),
    ],
)
def test_a_link_to_a_bad_server_ends_with_a_sentence(
    models_dir: Path, tmp_path: Path, path: str, words: str
) -> None:
    """Cut off half-way, a length that is a lie, a redirect to this machine, HTML, and no end at all."""
    with full_house(models_dir, tmp_path, MOST_DATASET_MB="1", DATASET_HOSTS="localhost") as full:
        content = iris_csv()

        def forever(connection: socket.socket, head: str) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                connection.sendall(content)

        full.web.paths |= {
            "/cut.csv": lambda connection, _: connection.sendall(page(content[:999], length=len(content))),
            "/lies.csv": lambda connection, _: connection.sendall(page(content, length=999)),
            "/inside.csv": redirect(f"http://127.0.0.1:{full.web.port}/iris.csv"),
            "/page.csv": lambda connection, _: connection.sendall(page(b"<html>", "text/html")),
            "/forever.csv": forever,
        }
        full.worker(DOOR)
        link = f"http://localhost:{full.web.port}{path}"
        done = ask(full.api, dataset=link).ended()
        assert done["status"] == "error"
        assert words in done["error"]["detail"]


@contextmanager
def _small_disk(path: Path) -> Iterator[None]:
    """A disk of 4 kB at `path`; only root can make one, and nothing else fails as a full disk does."""
    if os.geteuid() != 0:
        pytest.skip("a full disk can be made by root only")
    path.mkdir(parents=True)
    system = ctypes.CDLL(None, use_errno=True)
    mounted = system.mount(b"tmpfs", bytes(path), b"tmpfs", 0, b"size=4k")
    assert mounted == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        # Detached even while somebody looks at it.
        assert system.umount2(bytes(path), 2) == 0, os.strerror(ctypes.get_errno())
        path.rmdir()


def _tell_redis(full: Full, command: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", full.redis.port), timeout=30) as connection:
        connection.sendall(command)
        return connection.recv(4096)


def _queued(full: Full) -> int:
    return int(_tell_redis(full, b"LLEN trainings\r\n").strip(b":\r\n"))
