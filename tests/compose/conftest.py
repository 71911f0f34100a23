"""One pair of services for the whole suite, built from this tree and taken down at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.compose.project import PORTS, ComposeProject
from tests.compose.waiting import wait_until


@dataclass(frozen=True)
class FirstStart:
    """What the engine knew at the moment `docker-compose up` came back for the first time."""

    inspected: dict[str, dict[str, Any]]


def _bring_up(project: ComposeProject) -> FirstStart:
    project.run("up", "--build", "--detach", patience=900)
    first_start = FirstStart({service: project.inspect(service) for service in PORTS})
    wait_until(lambda: project.health("front_end_app") == "healthy", "the front end healthy")
    return first_start


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[ComposeProject, FirstStart]]:
    """The project, built and started once, and what its first start looked like."""
    project = ComposeProject("bouquet-suite")
    project.take_down()
    try:
        yield project, _bring_up(project)
    except BaseException:
        print(project.attempt("logs", "--no-color").stdout[-8000:])  # noqa: T201 (for who reads the failure)
        raise
    finally:
        project.take_down()
    assert project.leftovers() == []


@pytest.fixture
def stack(running: tuple[ComposeProject, FirstStart]) -> ComposeProject:
    """Both services, started and healthy."""
    project, _ = running
    project.up("--no-build")
    return project


@pytest.fixture
def first_start(running: tuple[ComposeProject, FirstStart]) -> FirstStart:
    """What the engine knew when `docker-compose up` came back for the first time."""
    return running[1]
