"""The API as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import Service, running_api


@pytest.fixture(scope="module")
def api(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API service, ready."""
    with running_api(models_dir, tmp_path_factory.mktemp("api")) as service:
        yield service
