"""The application in memory, as it runs in production: TESTING stays off."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Authorization

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining

AUTH = Authorization("basic", {"username": "ada", "password": "secret"})


def settings_for(models_dir: Path, data_dir: Path) -> dict[str, str]:
    """An environment in which `ada` signs in with `secret`."""
    return {
        "API_USERNAME": "ada",
        "API_PASSWORD": "secret",
        "MODELS_DIR": str(models_dir),
        "DATA_DIR": str(data_dir),
    }


@pytest.fixture(scope="session")
def app(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the shared model; nothing may be changed in it."""
    environ = settings_for(models_dir, tmp_path_factory.mktemp("data"))
    return build_app(read_settings(environ), Draining())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that has not signed in."""
    return app.test_client()


@pytest.fixture(scope="session")
def garden(garden_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application on every kind of model."""
    environ = settings_for(garden_dir, tmp_path_factory.mktemp("data"))
    return build_app(read_settings(environ), Draining()).test_client()


@pytest.fixture(scope="session")
def jobs(jobs_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an application with the similar-jobs model."""
    environ = settings_for(jobs_dir, tmp_path_factory.mktemp("data"))
    return build_app(read_settings(environ), Draining()).test_client()
