"""One row at a time through a loaded model: by several threads, and decided as in a batch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from api.registry.directory import ModelsDirectory
from api.runtime.answers import ClassAnswers, OneAnswer, choose, choose_one, decide, decide_one
from api.runtime.load import LoadedModel, load
from api.runtime.rows import numbers_only

ROWS = np.random.default_rng(3).uniform(0, 8, (40, 4))


@pytest.fixture(scope="module")
def iris(models_dir: Path) -> LoadedModel:
    """The iris model."""
    return load(ModelsDirectory(models_dir), "iris", "1")


def test_threads_do_not_get_each_others_answers(iris: LoadedModel) -> None:
    """What several threads ask at once is what a batch of each row alone gives."""
    batches = [iris.predict(numbers_only(ROWS[at : at + 1])) for at in range(len(ROWS))]
    expected = [
        (one.classes[0], one.probabilities[0].tolist())
        for one in batches
        if isinstance(one, ClassAnswers) and one.probabilities is not None
    ]

    def ask(first: int) -> list[OneAnswer | None]:
        return [iris.predict_one(ROWS[at % len(ROWS)].tolist(), []) for at in range(first, first + 400)]

    with ThreadPoolExecutor(4) as pool:
        for first, answers in enumerate(pool.map(ask, range(4))):
            assert answers == [expected[at % len(ROWS)] for at in range(first, first + 400)]


@pytest.mark.parametrize("shares", [[0.3, 0.35, 0.35 + 1e-7], [0.5, 0.5, 0.0], [0.1, 0.2, 0.7]])
def test_one_row_is_chosen_as_many_are(shares: list[float]) -> None:
    """A tie goes to the first class."""
    assert choose_one(shares) == choose(np.array([shares])).classes[0]


@pytest.mark.parametrize("threshold", [None, 0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("share", [0.0, 0.25, 0.3, 1.0])
def test_one_row_is_decided_as_many_are(threshold: float | None, share: float) -> None:
    """At or above the threshold it is the second class."""
    many = decide(ClassAnswers(np.array([0]), np.array([[1 - share, share]])), threshold)
    assert isinstance(many, ClassAnswers)
    assert decide_one((0, [1 - share, share]), threshold)[0] == many.classes[0]
