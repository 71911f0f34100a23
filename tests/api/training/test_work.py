"""One training from the claim to the end, in a real child process, on a real database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.datasets import load_iris

from api.registry.directory import ModelsDirectory
from api.runtime.serving import ServingModels
from api.storage.engine import make_tables, open_engine
from api.storage.queue import MOST_ATTEMPTS, Queue
from api.storage.trainings import CANCELLED, ERROR, PENDING, PROCESSED, Training, Trainings
from api.storage.version_events import VersionEvents
from api.training.task import Bounds
from api.training.work import Worker
from tests import stand_in
from tests.services import DEADLINE
from tests.web_server import WebServer, running_web_server


class House:
    """A database, a models directory, a web server with a CSV, and a worker."""

    def __init__(self, folder: Path, server: WebServer, **bounds: object) -> None:
        engine = open_engine("", folder)
        make_tables(engine)
        self.server = server
        self.trainings, self.queue, self.events = Trainings(engine), Queue(engine), VersionEvents(engine)
        self.directory = ModelsDirectory(folder / "models")
        self.bounds = replace(
            Bounds(
                models_dir=folder / "models",
                data_dir=folder,
                trusted=(),
                memory_mb=4096,
                limit_seconds=300,
                seconds=5,
                most_bytes=10**7,
                fetch_seconds=30,
                hosts=("127.0.0.1",),
                train=stand_in.NAME,
            ),
            **bounds,  # type: ignore[arg-type]  # each test names what it changes
        )
        self.worker = Worker(self.queue, self.events, self.bounds, "one")
        self.stop = threading.Event()

    def ask(self, path: str = "/iris.csv", **request: str) -> str:
        """Add a training of a link; returns its id."""
        return self.trainings.add({"dataset": self.server.url(path), **request}, "ada")[0].id

    def work(self, id: str) -> Training:
        """Do it; returns what came of it."""
        assert self.worker.work(id, self.stop)
        return self.now(id)

    def now(self, id: str) -> Training:
        """It as it is now."""
        found = self.trainings.get(id)
        assert found is not None
        return found

    def serving(self) -> ServingModels:
        """The models as a serving process has them."""
        models = ServingModels(self.directory, self.events.enabled, (), self.events.kept)
        models.refresh()
        return models


def iris_csv() -> bytes:
    """Iris as a CSV with its classes as words."""
    iris = load_iris()
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"]
    rows = [
        ",".join([*(str(value) for value in row), str(iris.target_names[kind])])
        for row, kind in zip(iris.data, iris.target, strict=True)
    ]
    return "\n".join([",".join(names), *rows, ""]).encode()


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A web server with the CSV at /iris.csv."""
    with running_web_server() as found:
        found.serve("/iris.csv", iris_csv())
        yield found


@pytest.fixture
def house(tmp_path: Path, server: WebServer) -> House:
    """A house with nothing in it."""
    return House(tmp_path, server)


def wait_for(condition: Callable[[], bool]) -> None:
    """Return once it holds."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_link_becomes_a_model_that_answers(house: House) -> None:
    """Fetched, trained, published, enabled; nothing is left in the folders, and no number is null."""
    done = house.work(house.ask(model="flowers"))
    assert (done.status, done.error) == (PROCESSED, None)
    assert (done.model, done.version, done.enabled, done.progress) == ("flowers", "1", True, 1.0)
    assert done.metrics == {"f1": 0.5, "auc": None}
    assert done.report is not None
    assert done.report["comparison"] == {"against": None}
    assert house.directory.card("flowers", "1").training == done.id
    assert house.serving().get("flowers").card.version == "1"
    assert [one.what for one in reversed(house.events.of("flowers"))] == ["kept", "published", "enabled"]
    assert list(house.bounds.work.iterdir()) == []
    assert not house.worker.work(done.id, house.stop)


def test_an_uploaded_file_is_trained_from_and_deleted(house: House) -> None:
    """Its name without the mark in front is what the model is called."""
    house.bounds.uploads.mkdir()
    name = f"{'0' * 32}-blooms.csv"
    (house.bounds.uploads / name).write_bytes(iris_csv())
    done = house.work(house.trainings.add({"upload": name}, "ada")[0].id)
    assert (done.status, done.model, done.error) == (PROCESSED, "blooms", None)
    assert list(house.bounds.uploads.iterdir()) == []
    gone = house.work(house.trainings.add({"upload": name}, "ada")[0].id)
    assert (gone.status, gone.error and "send it again" in gone.error["detail"]) == (ERROR, True)


def test_a_version_that_is_not_better_does_not_answer(house: House) -> None:
    """Neither beside one that answers, which is pinned, nor as the first of its model, which then rests."""
    house.work(house.ask(model="flowers"))
    worse = house.work(house.ask(model="flowers", title="worse"))
    assert (worse.status, worse.version, worse.enabled) == (PROCESSED, "2", False)
    assert worse.report is not None
    assert worse.report["comparison"] == {"against": "1"}
    house.work(house.ask(model="weeds", title="worse"))
    models = house.serving()
    assert models.names() == ["flowers"]
    assert models.get("flowers").card.version == "1"
    assert models.not_ready() == []
    assert models.versions("weeds") == ["1"]
    models.check("weeds", "1")
    house.events.note("weeds", "1", "enabled", "ada")
    models.refresh()
    assert models.names() == ["flowers", "weeds"]


def test_a_cancelled_training_stops(house: House) -> None:
    """In the middle of its work: its process is gone, and its row says so."""
    id = house.ask(model="flowers", title="wait fit")
    working = threading.Thread(target=house.worker.work, args=(id, house.stop))
    working.start()
    wait_for(lambda: house.now(id).step == "fit")
    assert 0 < house.now(id).progress < 1
    house.trainings.cancel(id)
    working.join(DEADLINE)
    assert house.now(id).status == CANCELLED
    assert house.directory.versions("flowers") == []
    assert list(house.bounds.work.iterdir()) == []


def test_what_was_just_published_goes_with_a_cancelled_training(house: House) -> None:
    """Cancelled between publishing and deciding, no version of it stays."""
    id = house.ask(model="flowers", title="wait compare")
    working = threading.Thread(target=house.worker.work, args=(id, house.stop))
    working.start()
    wait_for(lambda: house.directory.versions("flowers") == ["1"] and house.now(id).step == "compare")
    house.trainings.cancel(id)
    working.join(DEADLINE)
    assert (house.now(id).status, house.directory.versions("flowers")) == (CANCELLED, [])


def test_a_worker_that_stops_gives_back_what_it_does(house: House) -> None:
    """At once and without counting it as an attempt; the next worker finishes it, with one version."""
    id = house.ask(model="flowers", title="wait compare")
    working = threading.Thread(target=house.worker.work, args=(id, house.stop))
    working.start()
    wait_for(lambda: house.directory.versions("flowers") == ["1"])
    house.stop.set()
    working.join(DEADLINE)
    assert house.now(id).status == PENDING
    other = Worker(house.queue, house.events, house.bounds, "two")
    assert other.work(id, threading.Event())
    assert (house.now(id).status, house.now(id).version) == (PROCESSED, "1")
    assert house.directory.versions("flowers") == ["1"]


def test_a_process_that_dies_is_tried_again_and_not_for_ever(house: House) -> None:
    """Its training is given back some times, and then ends with a sentence."""
    id = house.ask(model="flowers", title="crash")
    for _ in range(MOST_ATTEMPTS):
        assert house.work(id).status == PENDING
    assert not house.worker.work(id, house.stop)
    found = house.now(id)
    assert found.status == ERROR
    assert found.error is not None
    assert "without a word" in found.error["detail"]


@pytest.mark.parametrize(
    ("bounds", "request_", "words"),
    [
        ({"memory_mb": 900}, {"title": "eat"}, "TRAINING_MEMORY_MB"),
        ({"limit_seconds": 3}, {"title": "wait fit"}, "TRAINING_LIMIT"),
        ({"most_bytes": 1024**2}, {"path": "/long.csv"}, "1 MB is the most"),
        ({}, {"path": "/words.csv"}, "no CSV of numbers"),
        ({}, {"path": "/none.csv"}, "404"),
        ({"hosts": ()}, {}, "DATASET_HOSTS"),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence(
    tmp_path: Path, server: WebServer, bounds: dict[str, object], request_: dict[str, str], words: str
) -> None:
    """Too much memory, too much time, too long a file, no numbers, no file, a host inside."""
    server.serve("/long.csv", b"1,2\n" * 2 * 1024**2)
    server.serve("/words.csv", b"a,b\nx,y\n")
    house = House(tmp_path, server, **bounds)
    found = house.work(house.ask(**request_))
    assert found.status == ERROR
    assert found.error is not None
    assert words in found.error["detail"]
    assert list(house.bounds.work.iterdir()) == []
