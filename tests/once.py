"""What takes long to make, made once in a run of the tests, however many processes it has."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.side_by_side.share import SHARED_FOLDER


def made_once(name: str, factory: pytest.TempPathFactory, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills, given its path: by whichever process needs it first; the others wait.

    It belongs to all of them, so it is only read.
    """
    shared = os.environ.get(SHARED_FOLDER)
    place = Path(shared) / name if shared else factory.mktemp(name)
    place.mkdir(exist_ok=True)
    made, making = place / "models", place / "making"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(made)
    return made
