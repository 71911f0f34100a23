"""What trainings leave behind goes, and what is needed stays."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.errors import DiskFull, FileTooLong
from api.storage.engine import make_tables, open_engine
from api.storage.queue import Queue
from api.storage.trainings import Trainings
from api.training.task import Bounds
from api.training.tidy import tidy
from api.training.uploads import Uploads

OLD = time.time() - 7200


@pytest.fixture
def bounds(tmp_path: Path) -> Bounds:
    """Bounds of a house in a folder."""
    return Bounds(tmp_path / "models", tmp_path, (), 1024, 60, 5, 10**6, 30, ())


def age(path: Path) -> None:
    """Let a file or folder be two hours old."""
    os.utime(path, (OLD, OLD))


def test_what_is_old_and_not_needed_is_thrown_away(tmp_path: Path, bounds: Bounds) -> None:
    """Uploads and folders of trainings that have not ended stay, and so does what is new."""
    engine = open_engine("", tmp_path)
    make_tables(engine)
    trainings, uploads = Trainings(engine), Uploads(bounds.uploads, 10**6)
    needed, old, new = (uploads.receive("a.csv", [b"1"]) for _ in range(3))
    id = trainings.add({"upload": needed}, "ada")[0].id
    for name in (id, "f" * 32, "preview-1", "e" * 32):
        (bounds.work / name).mkdir(parents=True)
    for path in (bounds.uploads / needed, bounds.uploads / old, *(bounds.work.iterdir())):
        if path.name != "e" * 32:
            age(path)
    tidy(Queue(engine), uploads, bounds)
    assert {path.name for path in bounds.uploads.iterdir()} == {needed, new}
    assert {path.name for path in bounds.work.iterdir()} == {id, "e" * 32}


def test_there_may_be_nothing_to_throw_away(tmp_path: Path, bounds: Bounds) -> None:
    """In a house where nobody has trained yet."""
    engine = open_engine("", tmp_path)
    make_tables(engine)
    tidy(Queue(engine), Uploads(bounds.uploads, 1), bounds)
    assert not bounds.work.exists()


def test_a_file_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    """Too long, or broken off: nothing of it stays; another's name leads nowhere."""
    uploads = Uploads(tmp_path / "uploads", 10)
    name = uploads.receive("../../x y.csv", [b"12345", b"67890"])
    assert uploads.there(name)
    assert name.endswith("-x_y.csv")
    with pytest.raises(FileTooLong):
        uploads.receive("a.csv", [b"12345", b"678901"])
    with pytest.raises(ConnectionError):
        uploads.receive("a.csv", _broken())
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [name]
    assert not uploads.there("../uploads/" + name)
    assert not uploads.there("none")
    with pytest.raises(DiskFull):
        Uploads(tmp_path / "uploads", 10).receive("a.csv", _full())


def _broken() -> Iterator[bytes]:
    yield b"1"
    raise ConnectionError


def _full() -> Iterator[bytes]:
    yield b"1"
    raise OSError(28, "No space left on device")
