"""Fixtures: a house that trains behind the fake API, and somebody signed in to it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from ..fake_api import FakeApi
from ..training_samples import TrainingHouse
from .house import sign_in


@pytest.fixture
def training_house(api: FakeApi) -> TrainingHouse:
    """Let the fake API be a house that trains."""
    house = TrainingHouse()
    api.behave = house
    return house


@pytest.fixture
def vita(client: FlaskClient, training_house: TrainingHouse) -> FlaskClient:
    """The browser of somebody who is signed in, and may train."""
    assert sign_in(client).status_code == 303
    return client
