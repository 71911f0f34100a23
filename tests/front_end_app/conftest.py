"""Fixtures: a fake API that serves iris, and the front end that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from front_end_app.app import create_app
from front_end_app.config import read_settings

from .fake_api import FakeApi, fake_api
from .samples import IRIS, serving


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """A server on loopback that answers as the API with the iris model."""
    with fake_api(serving(IRIS)) as running:
        yield running


@pytest.fixture
def client(api: FakeApi) -> FlaskClient:
    """A browser without JavaScript at the front end of that API; errors are pages, not exceptions."""
    given = {"API_URL": api.url, "API_USERNAME": "gardener", "API_PASSWORD": "a-pass", "API_TIMEOUT": "0.5"}
    return create_app(read_settings(given)).test_client()
