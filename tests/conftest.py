"""Fixtures for every test: trained models, shared because training them takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.training.run import train
from tests.fraud import train_fraud
from tests.garden import plant_garden
from tests.jobs import train_jobs
from tests.once import made_once
from tests.planted import Planted

# An example may take as long as the machine has other things to do: nothing is asserted on a time.
settings.register_profile("patient", settings.default, deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with version 1 of iris, as `python -m api train iris` makes it; only read it."""
    return made_once("iris", tmp_path_factory, _train_iris)


def _train_iris(path: Path) -> None:
    train(IRIS, ModelsDirectory(path), progress=lambda step: None)


@pytest.fixture(scope="session")
def garden_dir(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with iris in two versions, one of mixed columns and a regressor; only read it."""
    return made_once("garden", tmp_path_factory, lambda path: plant_garden(models_dir, path))


@pytest.fixture(scope="session")
def jobs_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with version 1 of similar_jobs; only read it."""
    return made_once("jobs", tmp_path_factory, train_jobs)


@pytest.fixture(scope="session")
def fraud_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with version 1 of fraud, from fewer rows than its own; only read it."""
    return made_once("fraud", tmp_path_factory, train_fraud)


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Every estimator that Bouquet names, fitted and published when it is first asked for."""
    return Planted(tmp_path_factory.mktemp("planted"))
