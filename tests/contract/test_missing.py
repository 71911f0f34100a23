"""Models that a service comes with and does not have yet are made beside it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import requests

from tests.services import DEADLINE, PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())


def names(service: Service) -> list[str]:
    """The models that answer."""
    listed = requests.get(f"{service.url}/api/v1.0/models", auth=AUTH, timeout=30).json()
    return [one["name"] for one in listed["models"]]


def test_a_missing_model_appears_while_the_service_answers(jobs_dir: Path, tmp_path: Path) -> None:
    """Iris is trained and taken up by a service that had only similar_jobs, which is not made again."""
    models = tmp_path / "models"
    shutil.copytree(jobs_dir, models)
    settings = {"DEFAULT_MODEL": "similar_jobs", "TRAIN_MISSING": "similar_jobs,iris"}
    with running_api(models, tmp_path, **settings) as service:
        deadline = time.monotonic() + DEADLINE
        while "iris" not in names(service):
            assert time.monotonic() < deadline, service.log
            time.sleep(0.1)
        assert "training iris, which" in service.log
        assert "training similar_jobs, which" not in service.log
    assert [one.name for one in (models / "similar_jobs").iterdir()] == ["1"]


def test_a_recipe_that_is_none_is_said(models_dir: Path, tmp_path: Path) -> None:
    """The service answers with what there is, and a line names the recipes there are."""
    models = tmp_path / "models"
    shutil.copytree(models_dir, models)
    with running_api(models, tmp_path, TRAIN_MISSING="irsi") as service:
        deadline = time.monotonic() + DEADLINE
        while "irsi" not in service.log or "similar_jobs" not in service.log:
            assert time.monotonic() < deadline, service.log
            time.sleep(0.1)
        assert names(service) == ["iris"]
