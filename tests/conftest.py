"""Fixtures for every test: one trained iris model, shared because training it takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.training.run import train
from tests.fraud import train_fraud
from tests.garden import plant_garden
from tests.jobs import train_jobs
from tests.planted import Planted


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with version 1 of iris, as `python -m api train iris` makes it; only read it."""
    path = tmp_path_factory.mktemp("models")
    train(IRIS, ModelsDirectory(path), progress=lambda step: None)
    return path


@pytest.fixture(scope="session")
def garden_dir(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with iris in two versions, one of mixed columns and a regressor; only read it."""
    return plant_garden(models_dir, tmp_path_factory.mktemp("garden") / "models")


@pytest.fixture(scope="session")
def jobs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with version 1 of similar_jobs; only read it."""
    path = tmp_path_factory.mktemp("jobs") / "models"
    train_jobs(path)
    return path


@pytest.fixture(scope="session")
def fraud_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with version 1 of fraud, from fewer rows than its own; only read it."""
    path = tmp_path_factory.mktemp("fraud") / "models"
    train_fraud(path)
    return path


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Every estimator that Bouquet names, fitted and published when it is first asked for."""
    return Planted(tmp_path_factory.mktemp("planted"))
