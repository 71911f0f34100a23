"""The whole path: a CSV is trained from in the background, by real workers, on real servers."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from api.recipes.fraud_simulator import write_csv
from api.registry.directory import ModelsDirectory
from tests.api.training.test_work import iris_csv
from tests.held_open import DOOR, go_mark, held_mark
from tests.servers import Postgres, Redis, running_postgres, running_redis
from tests.services import DEADLINE, PASSWORD, ROOT, USERNAME, Service, clean_environment, running_api
from tests.web_server import CERTIFICATE, WebServer, running_web_server

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
ENDED = ("processed", "error", "cancelled")
# Training takes its time on a busy machine; nothing is asserted on how long.
PATIENCE = 4 * DEADLINE
SETOSA = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
# So many that each of the longer steps of a training takes longer than it takes to see it.
PAYMENTS = 60_000


@dataclass
class Training:
    """A training that was asked for."""

    api: Service
    id: str

    def now(self) -> dict[str, Any]:
        """It as it is now."""
        answer = requests.get(f"{self.api.url}/api/v1.0/training/{self.id}", auth=AUTH, timeout=60)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def ended(self) -> dict[str, Any]:
        """It when it has ended."""
        wait_for(lambda: self.now()["status"] in ENDED, self.api)
        return self.now()

    def cancel(self) -> None:
        """Cancel it."""
        url = f"{self.api.url}/api/v1.0/training/{self.id}"
        assert requests.delete(url, auth=AUTH, timeout=60).status_code == 200


def ask(api: Service, **request: str) -> Training:
    """Ask for a training."""
    answer = requests.post(f"{api.url}/api/v1.0/training", json=request, auth=AUTH, timeout=60)
    assert answer.status_code == 201, answer.text
    return Training(api, answer.json()["id"])


def wait_for(condition: Callable[[], bool], *told: Service | Worker) -> None:
    """Return once it holds; fail with what the services said after the deadline."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "\n".join(one.log[-3000:] for one in told)
        time.sleep(0.05)


def answers(api: Service, model: str) -> str | None:
    """The version in a prediction of the model, None where it does not answer."""
    url = f"{api.url}/api/v1.0/models/{model}/predict?{SETOSA}"
    answer = requests.get(url, auth=AUTH, timeout=60)
    return answer.json()["version"] if answer.status_code == 200 else None


def said(api: Service, model: str, csv: bytes) -> str:
    """The answers of a model to the rows of a CSV, with their probabilities."""
    url, csv_type = f"{api.url}/api/v1.0/models/{model}/predict", {"Content-Type": "text/csv"}
    # A serving process finds out a moment after the training has ended; then what is missing is the values.
    wait_for(lambda: requests.get(url, auth=AUTH, timeout=60).status_code == 400, api)
    answer = requests.post(url, data=csv, headers=csv_type, auth=AUTH, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.text


def payments_csv() -> bytes:
    """Simulated transactions."""
    written = io.StringIO()
    write_csv(PAYMENTS, 1, written)
    return written.getvalue().encode()


def children(process: int) -> list[int]:
    """The processes that a process has started and that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == process and state != "Z":
            found.append(int(path.parent.name))
    return found


@dataclass
class Worker:
    """A process that does trainings."""

    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self.log_file.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it with SIGKILL, as a machine without memory would."""
        self.process.kill()
        self.process.wait(DEADLINE)

    def stop(self) -> int:
        """End it with SIGTERM; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)


@contextmanager
def running_worker(folder: Path, *, module: str = "api.worker", **settings: str) -> Iterator[Worker]:
    """A worker of the queue; `module` is its door."""
    log_file = folder / f"worker-{len(list(folder.glob('worker-*')))}.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=clean_environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    worker = Worker(process, log_file)
    try:
        yield worker
    finally:
        if process.poll() is None:
            worker.stop()


@dataclass
class Full:
    """The API with Postgres and Redis, a web server with a CSV, and workers to be started."""

    api: Service
    postgres: Postgres
    redis: Redis
    web: WebServer
    folder: Path
    models: ModelsDirectory
    settings: dict[str, str]
    stack: ExitStack

    def worker(self, module: str = "api.worker", **more: str) -> Worker:
        """One more worker."""
        return self.stack.enter_context(running_worker(self.folder, module=module, **self.settings | more))

    def ask(self, path: str = "/iris.csv", **request: str) -> Training:
        """Ask for a training of what the web server has at `path`."""
        return ask(self.api, dataset=self.web.url(path), **request)

    def held(self, worker: Worker, step: str, path: str = "/iris.csv", **request: str) -> Training:
        """Ask for a training that stays in the middle of a step, and return when it is there."""
        training = self.ask(path, title=f"wait {step}", **request)
        mark = held_mark(self.folder, step)
        wait_for(lambda: mark.exists() or training.now()["status"] in ENDED, self.api, worker)
        wait_for(lambda: training.now()["status"] != "pending", self.api, worker)
        assert training.now()["status"] == "processing", worker.log
        return training

    def let_go(self, step: str) -> None:
        """Let the training that is held in a step go on."""
        go_mark(self.folder, step).touch()

    def trained_by(self, training: Training) -> list[str]:
        """The versions of all models that a training made."""
        names = self.models.names()
        return [
            version
            for name in names
            for version in self.models.versions(name)
            if self.models.card(name, version).training == training.id
        ]


@contextmanager
def full_house(models_dir: Path, folder: Path, **more: str) -> Iterator[Full]:
    """All of it but a worker."""
    with ExitStack() as stack:
        postgres, redis = stack.enter_context(running_postgres()), stack.enter_context(running_redis())
        web = stack.enter_context(running_web_server())
        web.serve("/iris.csv", iris_csv())
        settings = {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "DATASET_HOSTS": "127.0.0.1",
            "DATA_DIR": str(folder / "data"),
            "MODELS_DIR": str(folder / "models"),
            "BUNDLED_MODELS": str(models_dir),
            # None of the tests' trainings comes near it, however busy the machine: so they are all alike.
            "TRAINING_SECONDS": "120",
            # What waits until a worker counts as dead waits for this long.
            "TRAINING_LEASE": "4",
        } | more
        api = stack.enter_context(running_api(folder / "models", folder, **settings))
        with ExitStack() as workers:
            yield Full(
                api, postgres, redis, web, folder, ModelsDirectory(folder / "models"), settings, workers
            )


@pytest.fixture
def full(models_dir: Path, tmp_path: Path) -> Iterator[Full]:
    """All of it but a worker."""
    with full_house(models_dir, tmp_path) as house:
        yield house


def test_a_link_becomes_a_model_that_answers_and_is_read_back(full: Full) -> None:
    """Posted, done by a worker of its own, enabled, predicted with by everybody, and on record."""
    worker = full.worker()
    training = full.ask(model="flowers", target="species")
    done = training.ended()
    assert (done["status"], done["error"]) == ("processed", None), worker.log
    assert (done["model"], done["version"], done["enabled"]) == ("flowers", "1", True)
    assert (done["progress"], done["step"]) == (1.0, "compare")
    assert done["report"]["decision"]["enabled"]
    wait_for(lambda: answers(full.api, "flowers") == "1", full.api)
    record = f"{full.api.url}/api/v1.0/predictions?model=flowers"
    wait_for(lambda: bool(requests.get(record, auth=AUTH, timeout=60).json()["predictions"]), full.api)
    assert worker.stop() == 0, worker.log


def test_a_link_of_https_is_trained_from_if_its_certificate_is_trusted(
    models_dir: Path, tmp_path: Path
) -> None:
    """By a worker that is told of it; by one that is not, it is refused with a sentence that says why."""
    with (
        full_house(models_dir, tmp_path, DATASET_HOSTS="localhost") as full,
        running_web_server(secure=True) as web,
    ):
        link = web.serve("/iris.csv", iris_csv())
        stranger = full.worker()
        refused = ask(full.api, dataset=link, model="flowers").ended()
        assert (refused["status"], refused["step"]) == ("error", "download")
        assert "self-signed certificate" in refused["error"]["detail"]
        assert stranger.stop() == 0
        full.worker(SSL_CERT_FILE=str(CERTIFICATE))
        done = ask(full.api, dataset=link, model="flowers").ended()
        assert (done["status"], done["enabled"], done["error"]) == ("processed", True, None)


def test_two_workers_do_each_training_once(full: Full) -> None:
    """Four trainings, two workers, and every id sent several times: each makes exactly one version."""
    workers = [full.worker() for _ in range(2)]
    trainings = [full.ask(model=f"flowers{number}") for number in range(4)]
    for training in trainings:
        assert training.ended()["status"] == "processed"
        assert full.trained_by(training) == ["1"]
    assert all(worker.process.poll() is None for worker in workers)


def test_a_training_under_way_is_cancelled(full: Full) -> None:
    """In the middle of a fit its process ends, its row says so, and the worker takes the next one."""
    full.web.serve("/payments.csv", payments_csv())
    worker = full.worker()
    training = full.ask("/payments.csv", model="flowers")
    wait_for(lambda: training.now()["step"] == "fit", full.api, worker)
    (child,) = children(worker.process.pid)
    training.cancel()
    done = training.ended()
    assert (done["status"], done["step"], done["version"]) == ("cancelled", "fit", None)
    assert not Path(f"/proc/{child}").exists()
    assert full.ask(model="flowers").ended()["status"] == "processed"
    assert full.trained_by(training) == []


def test_a_worker_that_is_told_to_stop_gives_back_what_it_does(full: Full) -> None:
    """It ends by itself, and another finishes the training."""
    worker = full.worker(DOOR)
    training = full.held(worker, "compare", model="flowers")
    assert worker.stop() == 0, worker.log
    assert training.now()["status"] == "pending"
    full.worker()
    assert training.ended()["status"] == "processed"
    assert full.trained_by(training) == ["1"]


def test_without_a_queue_one_process_works_and_then_ends(models_dir: Path, tmp_path: Path) -> None:
    """The API starts it when there is something to do, and nothing of it stays; SQLite is enough."""
    with running_web_server() as web:
        settings = {"DATASET_HOSTS": "127.0.0.1", "API_WORKERS": "2", "TRAINING_SECONDS": "5"}
        settings |= {"BUNDLED_MODELS": str(models_dir)}
        with running_api(tmp_path / "models", tmp_path, **settings) as api:
            link = web.serve("/flowers.csv", iris_csv())
            trainings = [ask(api, dataset=link), ask(api, dataset=web.url("/none.csv"))]
            done, failed = [training.ended() for training in trainings]
            assert (done["status"], done["model"], done["error"]) == ("processed", "flowers", None)
            assert done["report"]["target"]["name"] == "species"
            assert (failed["status"], "404" in failed["error"]["detail"]) == ("error", True)
            wait_for(lambda: answers(api, "flowers") == "1", api)
            wait_for(lambda: drains(tmp_path) == [], api)


def drains(folder: Path) -> list[int]:
    """The processes that do trainings for the API whose data is in `folder`."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (path / "cmdline").read_bytes(), (path / "environ").read_bytes()
        except OSError:
            continue
        if b"\0drain\0" in command and f"DATA_DIR={folder / 'data'}\0".encode() in environment:
            found.append(int(path.name))
    return [pid for pid in found if pid != os.getpid()]
