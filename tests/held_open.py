"""A worker that does the service's own training, and can hold it open at one of its steps.

A title of `wait STEP` holds the training when it first is in the middle of that step: the work before it is
done, and what comes after is missing. `wait write` holds it between the announcement of the version and its
first file. It goes on when it is let go. Nothing else differs from `python -m api worker`.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from api.registry.directory import ModelsDirectory
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.tabular_run import train_csv
from api.training.watch import Watch

DOOR = "tests.held_open"
# The steps that can be held open, and how much of them is done before.
STEPS = {
    "read": 0.0,
    "profile": 0.0,
    "split": 0.0,
    "fit": 0.1,
    "evaluate": 0.0,
    "compile": 0.3,
    "publish": 0.0,
    "compare": 0.0,
}
WRITE = "write"


def held_mark(folder: Path, step: str) -> Path:
    """The file that appears in `folder` when a training is held in a step."""
    return folder / f"held-in-{step}"


def go_mark(folder: Path, step: str) -> Path:
    """The file in `folder` that lets it go on."""
    return folder / f"go-on-in-{step}"


class _Hold:
    """Holds a training the first time that it comes to `where`."""

    def __init__(self, title: str, folder: Path) -> None:
        self.where = title.removeprefix("wait ") if title.startswith("wait ") else ""
        self._folder = folder

    def __call__(self) -> None:
        held, go = held_mark(self._folder, self.where), go_mark(self._folder, self.where)
        if not held.exists():
            held.touch()
            while not go.exists():
                time.sleep(0.05)


class _Holding:
    """A watch that tells where the work is, and then may not come back."""

    def __init__(self, watch: Watch, hold: _Hold) -> None:
        self._watch = watch
        self._hold = hold

    def step(self, name: str, share: float = 0.0, message: str = "") -> None:
        """Pass it on."""
        self._watch.step(name, share, message)
        if name == self._hold.where and share >= STEPS[name]:
            self._hold()


class _HoldingDirectory(ModelsDirectory):
    """A models directory in which a version that has a number may get no card."""

    def __init__(self, inner: ModelsDirectory, hold: _Hold) -> None:
        super().__init__(inner.path)
        self._inner = inner
        self._hold = hold

    def _claim(self, name: str) -> str:
        version = self._inner._claim(name)
        if self._hold.where == WRITE:
            self._hold()
        return version


def train(request: TrainingRequest, file: Path, house: House, watch: Watch, job: str) -> Outcome:
    """Train from `file` as the service does, to the end or to where the title says."""
    hold = _Hold(request.title or "", house.directory.path.parent)
    directory = _HoldingDirectory(house.directory, hold)
    return train_csv(request, file, replace(house, directory=directory), _Holding(watch, hold), job)


if __name__ == "__main__":
    from api import logs
    from api.bootstrap.workers import run_queue_worker
    from api.config import read_settings

    logs.configure()
    run_queue_worker(read_settings(os.environ), f"{DOOR}:train")
