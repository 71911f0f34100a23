"""Following what is done elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from api.errors import StorageUnavailable
from api.registry.directory import ModelsDirectory
from api.runtime.follow import Follower
from api.runtime.serving import ServingModels


class Counting(ServingModels):
    """Models that count how often they are refreshed."""

    def __init__(self, directory: ModelsDirectory) -> None:
        super().__init__(directory, chosen=dict)
        self.refreshed = 0

    def refresh(self) -> None:
        """Count, and refresh."""
        self.refreshed += 1
        super().refresh()


def test_the_directory_is_read_only_when_something_was_done(models_dir: Path) -> None:
    """The first look refreshes, and after it only a new number does."""
    models, numbers = Counting(ModelsDirectory(models_dir)), iter([0, 0, 0, 1, 1])
    follower = Follower(models, newest=lambda: next(numbers))
    counts = []
    for _ in range(5):
        follower.look()
        counts.append(models.refreshed)
    assert counts == [1, 1, 1, 2, 2]


def test_a_choice_that_cannot_be_read_leaves_the_models(models_dir: Path) -> None:
    """A database that is away while following costs no model, and is looked at again."""
    away = False

    def chosen() -> Mapping[str, str]:
        if away:
            raise StorageUnavailable("away")
        return {}

    models = ServingModels(ModelsDirectory(models_dir), chosen=chosen)
    numbers = iter([0, 1, 1])
    follower = Follower(models, newest=lambda: next(numbers))
    follower.look()
    away = True
    with pytest.raises(StorageUnavailable):
        follower.look()
    assert models.names() == ["iris"]
    away = False
    follower.look()
    assert models.get("iris").card.version == "1"
