"""What a training survives: every process and every server it needs, and every server a link leads to."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.api.training.test_work import iris_csv
from tests.contract.test_training import (
    Full,
    answers,
    ask,
    children,
    full_house,
    payments_csv,
    said,
    wait_for,
)
from tests.held_open import DOOR, STEPS, WRITE
from tests.services import running_api
from tests.web_server import page, redirect


@pytest.fixture
def full(models_dir: Path, tmp_path: Path) -> Iterator[Full]:
    """The API with Postgres and Redis, and no worker yet."""
    with full_house(models_dir, tmp_path) as house:
        yield house


def test_a_worker_killed_in_any_step_costs_nothing(full: Full) -> None:
    """In each step one worker is killed with SIGKILL; another finishes, and exactly one version exists.

    It answers like the version of a training that nothing befell.
    """
    held = []
    for step in (*STEPS, WRITE):
        worker = full.worker(DOOR)
        training = full.held(worker, step, model=f"killed-in-{step}")
        wait_for(lambda: training.now()["step"] == ("publish" if step == WRITE else step), full.api, worker)  # noqa: B023 (called at once)
        held.append((worker, training))
    for worker, _ in held:
        worker.kill()
    full.worker()
    assert full.ask(model="undisturbed").ended()["enabled"]
    right = said(full.api, "undisturbed", iris_csv())
    for _, training in held:
        done = training.ended()
        assert (done["status"], done["error"], done["enabled"]) == ("processed", None, True)
        assert full.trained_by(training) == [done["version"]]
        assert said(full.api, done["model"], iris_csv()) == right


def test_a_worker_killed_in_its_work_that_nothing_holds_costs_nothing(full: Full) -> None:
    """In the middle of a fit, as the API tells it, and when the folder of the version has just been made."""
    content = payments_csv()
    full.web.serve("/payments.csv", content)
    trainings = []
    for moment in ("fit", "publish"):
        worker = full.worker()
        training = full.ask("/payments.csv", model=f"killed-in-{moment}")
        if moment == "fit":
            wait_for(lambda: training.now()["step"] == "fit", full.api, worker)  # noqa: B023 (called at once)
        else:
            wait_for((full.models.path / f"killed-in-{moment}").exists, full.api, worker)
        worker.kill()
        trainings.append(training)
    full.worker()
    assert full.ask("/payments.csv", model="undisturbed").ended()["enabled"]
    some = b"".join(content.splitlines(keepends=True)[:2000])
    right = said(full.api, "undisturbed", some)
    for training in trainings:
        done = training.ended()
        assert (done["status"], done["error"], done["enabled"]) == ("processed", None, True)
        assert full.trained_by(training) == [done["version"]]
        assert said(full.api, done["model"], some) == right


def test_a_training_s_process_that_is_killed_alone_is_begun_again(full: Full) -> None:
    """The worker lives on, gives the training back at once, and it is done from the beginning."""
    worker = full.worker(DOOR)
    for step in ("fit", WRITE):
        training = full.held(worker, step, model=f"killed-in-{step}")
        (child,) = children(worker.process.pid)
        os.kill(child, signal.SIGKILL)
        done = training.ended()
        assert (done["status"], done["error"]) == ("processed", None)
        assert full.trained_by(training) == [done["version"]]
        wait_for(lambda: answers(full.api, done["model"]) == done["version"], full.api)  # noqa: B023 (called at once)
    assert worker.log.count("ended without a word") == 2
    assert worker.process.poll() is None


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
    worker = full.worker()
    training = full.ask("/slow.csv", model="slow")
    wait_for(lambda: training.now()["step"] == "download", full.api, worker)
    worker.kill()
    full.worker()
    assert training.ended()["status"] == "processed"
    assert full.trained_by(training) == ["1"]


def test_a_frozen_worker_can_do_no_harm_when_it_wakes(full: Full) -> None:
    """Its training is another's by then: it publishes nothing, and the row is as the other left it."""
    worker = full.worker(DOOR)
    training = full.held(worker, "fit", model="flowers")
    worker.process.send_signal(signal.SIGSTOP)
    full.worker()
    done = training.ended()
    assert done["status"] == "processed"
    worker.process.send_signal(signal.SIGCONT)
    wait_for(lambda: "not this worker's any more" in worker.log, worker)
    assert training.now() == done
    assert full.trained_by(training) == ["1"]


def test_a_queue_that_is_away_is_waited_for(full: Full) -> None:
    """Posted while Redis is stopped: 201 all the same, and it runs when Redis is back."""
    full.worker()
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
    full.worker()
    assert training.ended()["status"] == "processed"


def test_a_database_that_is_restarted_in_the_middle_is_waited_for(full: Full) -> None:
    """Postgres goes away in the middle of a fit, and comes back: the same process goes on to the end."""
    full.web.serve("/payments.csv", payments_csv())
    worker = full.worker()
    training = full.ask("/payments.csv", model="payments")
    wait_for(lambda: training.now()["step"] == "fit", full.api, worker)
    (child,) = children(worker.process.pid)
    full.postgres.stop()
    status = requests.post(f"{full.api.url}/api/v1.0/training", json={}, timeout=60).status_code
    assert status in (401, 503)
    full.postgres.start()
    assert children(worker.process.pid) == [child]
    other = full.ask(model="others")
    for one in (training, other):
        assert one.ended()["status"] == "processed"
        assert full.trained_by(one) == ["1"]
    assert worker.log.count(f"{training.id}: begun") == 1


@pytest.mark.parametrize("step", ["fit", "publish", "compare"])
def test_a_database_that_is_away_for_longer_than_a_lease_is_waited_for(full: Full, step: str) -> None:
    """Before there is a version, when one is to be made, and when the result is to be written down."""
    worker = full.worker(DOOR)
    training = full.held(worker, step, model="flowers")
    full.postgres.stop()
    away_until = time.monotonic() + 1.5 * float(full.settings["TRAINING_LEASE"])
    full.let_go(step)
    if step == "compare":
        wait_for(lambda: children(worker.process.pid) == [], worker)
    wait_for(lambda: time.monotonic() > away_until, worker)
    full.postgres.start()
    done = training.ended()
    assert (done["status"], done["version"], done["enabled"]) == ("processed", "1", True)
    assert full.trained_by(training) == ["1"]
    assert worker.log.count(f"{training.id}: begun") == 1


def test_workers_are_stopped_while_the_database_is_away(full: Full) -> None:
    """One asks whether it may publish, the other has a result to write down: both end, nothing is lost."""
    asking, ended = full.worker(DOOR), full.worker(DOOR)
    trainings = [full.held(asking, "publish", model="asking"), full.held(ended, "compare", model="ended")]
    full.postgres.stop()
    for step in ("publish", "compare"):
        full.let_go(step)
    wait_for(lambda: any(children(one.process.pid) == [] for one in (asking, ended)), asking, ended)
    assert (asking.stop(), ended.stop()) == (0, 0)
    full.postgres.start()
    full.worker()
    for training in trainings:
        assert training.ended()["status"] == "processed"
        assert full.trained_by(training) == ["1"]


def test_a_restart_of_the_api_is_not_even_noticed(full: Full, tmp_path: Path) -> None:
    """It stops and starts while a training is under way; what was asked for before is done."""
    worker = full.worker(DOOR)
    training = full.held(worker, "fit", model="flowers")
    waiting = full.ask(model="others")
    assert full.api.stop() == 0
    folder = tmp_path / "again"
    folder.mkdir()
    with running_api(full.models.path, folder, **full.settings) as api:
        training.api = waiting.api = api
        full.let_go("fit")
        assert training.ended()["status"] == "processed"
        assert waiting.ended()["status"] == "processed"
    assert worker.log.count(f"{training.id}: begun") == 1


def test_no_room_on_the_disk_is_an_error_that_says_so(full: Full) -> None:
    """The models directory is full when the version is written: a sentence, and no version."""
    with _small_disk(full.models.path / "flowers"):
        full.worker()
        done = full.ask(model="flowers").ended()
        assert (done["status"], done["step"], done["version"]) == ("error", "publish", None)
        assert "no room on the disk" in done["error"]["detail"]
        assert full.models.versions("flowers") == []
    assert full.ask(model="flowers").ended()["status"] == "processed"


def test_a_link_to_a_bad_server_ends_with_a_sentence(models_dir: Path, tmp_path: Path) -> None:
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
        full.worker()
        link = f"http://localhost:{full.web.port}"
        words = {
            "/cut.csv": "broke off after",
            "/lies.csv": "sends more",
            "/inside.csv": "DATASET_HOSTS",
            "/page.csv": "web page",
            "/forever.csv": "longer than 1 MB",
        }
        trainings = {path: ask(full.api, dataset=link + path) for path in words}
        for path, training in trainings.items():
            done = training.ended()
            assert (path, done["status"], done["step"]) == (path, "error", "download")
            assert words[path] in done["error"]["detail"]


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
