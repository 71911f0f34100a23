"""A control group with a quota of CPUs, for processes that a test starts."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services import DEADLINE

_PERIOD = 100_000
_FIRST, _SECOND = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


@contextmanager
def cpus_limited_to(cpus: float) -> Iterator[None]:
    """Have this process, and what it starts, share so many CPUs; skips where no such group can be made."""
    mounted = _FIRST if (_FIRST / "cpu.cfs_quota_us").exists() or (_FIRST / "tasks").exists() else _SECOND
    inside, folder = _group_of(mounted), mounted / f"bouquet-tests-{os.getpid()}"
    limit = f"{int(cpus * _PERIOD)}"
    try:
        folder.mkdir()
        if mounted == _FIRST:
            (folder / "cpu.cfs_period_us").write_text(str(_PERIOD), encoding="ascii")
            (folder / "cpu.cfs_quota_us").write_text(limit, encoding="ascii")
        else:
            (folder / "cpu.max").write_text(f"{limit} {_PERIOD}", encoding="ascii")
        _move_to(folder)
    except OSError as error:
        if folder.exists():
            folder.rmdir()
        pytest.skip(f"a group with a quota of CPUs can be made by root only ({error.strerror})")
    try:
        yield
    finally:
        _move_to(inside)
        _remove(folder)


def _group_of(mounted: Path) -> Path:
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        number, names, path = line.split(":", 2)
        if "cpu" in names.split(",") or (number == "0" and mounted == _SECOND):
            return mounted / path.lstrip("/")
    return mounted


def _move_to(folder: Path) -> None:
    (folder / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")


def _remove(folder: Path) -> None:
    """Once everything in it has ended."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            folder.rmdir()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
