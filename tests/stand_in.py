"""A small training of one's own, for what is about jobs and not about tables; and a worker that does it.

It reads a CSV of numbers whose last column is the class, fits a logistic regression, and publishes it. Its
title can ask for trouble: `wait STEP` waits for ever when it first comes to that step, `eat` takes memory,
`crash` ends the process, `worse` decides against the new version.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas
from sklearn.linear_model import LogisticRegression

from api.errors import TrainingFailed
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.sample import read_sample
from api.training.watch import STEPS, Watch

NAME = "tests.stand_in:train"
STEPS_BEFORE = ("read", "profile", "split", "fit", "evaluate", "compile", "publish")


class _Signing(ModelsDirectory):
    """A models directory that writes the training on each card, and publishes none twice."""

    def __init__(self, directory: ModelsDirectory, job: str) -> None:
        super().__init__(directory.path)
        self._directory = directory
        self._job = job

    def publish(self, card: Card, files: Mapping[str, bytes]) -> Card:
        for version in self._directory.versions(card.name):
            found = self._directory.card(card.name, version)
            if found.training == self._job:
                return found
        return self._directory.publish(replace(card, training=self._job), files)


def train(request: TrainingRequest, file: Path, house: House, watch: Watch, job: str) -> Outcome:
    """Train from `file` as `request` asks."""
    title = request.title or ""
    for step in STEPS_BEFORE:
        watch.step(step, 0.0, f"in {step}")
        _wait(title, step, house)
        watch.step(step, 1.0)
    _trouble(title)
    try:
        sample = read_sample(file)
        name = sample.names[-1]
        rows = pandas.DataFrame(
            {column: [float(text) for text in sample.texts(column)] for column in sample.names[:-1]}
        )
    except (ValueError, IndexError) as error:
        raise TrainingFailed(f"The file is no CSV of numbers: {error}") from error
    truth = sample.texts(name)
    estimator = LogisticRegression(max_iter=500).fit(rows, truth)
    model = request.model or file.stem
    enabled = house.enabled(model)
    brought = Brought(file, model, data=None, target=name)
    card = take_in(estimator, None, brought, _Signing(house.directory, job), Chooser(lambda step: None))
    watch.step("compare", 0.0, "beside what answers")
    _wait(title, "compare", house)
    better = "worse" not in title
    report = {"comparison": {"against": enabled}, "decision": {"enabled": better, "why": "as was asked"}}
    return Outcome(card, better, "as was asked", {"f1": 0.5, "auc": float("nan")}, report)


def _wait(title: str, step: str, house: House) -> None:
    mark = house.directory.path.parent / f"waited-{step}"
    if title == f"wait {step}" and not mark.exists():
        mark.touch()
        time.sleep(3600)


def _trouble(title: str) -> None:
    if title == "crash":
        os._exit(7)
    if title == "eat":
        eaten = []
        while True:
            eaten.append(bytearray(64 * 1024**2))
            for place in range(0, len(eaten[-1]), 4096):
                eaten[-1][place] = 1
            time.sleep(0.05)


assert set(STEPS_BEFORE) < set(STEPS)

if __name__ == "__main__":
    from api import logs
    from api.bootstrap.workers import run_drain, run_queue_worker
    from api.config import read_settings

    logs.configure()
    settings = read_settings(os.environ)
    if settings.redis_url:
        run_queue_worker(settings, NAME)
    else:
        sys.exit(not run_drain(settings, NAME))
