"""The plugin by which a process of pytest runs those of the tests that no other process has taken.

A batch is a module, or all tests that need one of the fixtures of `TOGETHER`. To take a batch is to be the
one who makes the file named after it, in the folder that `SHARED_FOLDER` names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

SHARED_FOLDER = "TESTS_SHARED_FOLDER"
# Fixtures of the session that cost more than they would save if each process had its own.
TOGETHER = ("browser", "planted")
# What takes longest is begun first, so that at the end there is little left to wait for.
FIRST = (
    "tests/faults/test_jobs.py",
    "browser",
    "tests/contract/test_make_run.py",
    "planted",
    "tests/contract/test_openapi.py",
    "tests/contract/test_training.py",
    "tests/faults/test_record.py",
)


def batches(items: Sequence[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """The tests by batch, in the order in which the batches are to be taken."""
    found: dict[str, list[pytest.Item]] = {name: [] for name in FIRST}
    for item in items:
        found.setdefault(_batch_of(item), []).append(item)
    return {name: some for name, some in found.items() if some}


def _batch_of(item: pytest.Item) -> str:
    needed = getattr(item, "fixturenames", ())
    return next((name for name in TOGETHER if name in needed), item.nodeid.partition("::")[0])


def _taken(items: Sequence[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    for name, some in batches(items).items():
        try:
            (folder / f"taken-{name.replace('/', '-')}").touch(exist_ok=False)
        except FileExistsError:
            continue
        yield from some


class Share:
    """One process's part of a run: what it collected, and which of it it ran."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ran: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run tests for as long as there are any that nobody has taken; where none may, do as pytest."""
        if session.testsfailed or session.config.option.collectonly:
            return None
        items = _taken(session.items, self._folder)
        item = next(items, None)
        while item is not None:
            # What follows is told in advance, so that pytest knows which fixtures are still needed.
            following = next(items, None)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._ran.append(item.nodeid)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            item = following
        return True

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Leave word of it for who sums up."""
        word = {"collected": [item.nodeid for item in session.items], "ran": self._ran}
        (self._folder / f"ran-{os.getpid()}.json").write_text(json.dumps(word), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Take part in the run whose folder the environment names."""
    config.pluginmanager.register(Share(Path(os.environ[SHARED_FOLDER])))
