"""The record under faults: every answer that a caller got is in the database exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from api.predictions.drain_process import NAME
from tests.faults.load import HEADERS, PATH, assert_each_is_recorded_once, calling
from tests.servers import running_postgres
from tests.services import DEADLINE, Service, running_api

# The database is away for a moment, or as long as one likes: the way is the same.
AWAY_SECONDS = float(os.environ.get("FAULT_SECONDS", "3"))
ROUNDS = 10


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{process}/task")
    found = [(task / "children").read_text().split() for task in tasks.iterdir()]
    return [int(one) for some in found for one in some]


def kill(processes: list[int]) -> None:
    """End processes with SIGKILL, all at once."""
    for process in processes:
        os.kill(process, signal.SIGKILL)


def wait_until_answered(service: Service) -> None:
    """Return once the service answers with all its processes again."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            if requests.get(f"{service.url}/readyz", timeout=30).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        assert time.monotonic() < deadline, service.log
        time.sleep(0.05)


def wait_until_replaced(service: Service, killed: int) -> None:
    """Return once two processes answer again, neither of them the one that was killed."""
    deadline = time.monotonic() + DEADLINE
    while service.log.count("Started worker-") < 2 + service.log.count("Respawning worker-"):
        assert time.monotonic() < deadline, service.log
        time.sleep(0.05)
    assert killed not in children(service.process.pid)


def test_a_killed_process_loses_no_answer(models_dir: Path, tmp_path: Path) -> None:
    """Ten times under 16 callers: a process that answers is killed, or all there are with their parent.

    Its port stays the same over the restarts, so the callers go on.
    """
    database = f"sqlite:///{tmp_path / 'data' / 'bouquet.db'}"
    port, ids = "", []
    for round in range(ROUNDS):
        settings = {"API_WORKERS": "2", **({"API_PORT": port} if port else {})}
        with running_api(models_dir, tmp_path, **settings) as service:
            port = service.url.rpartition(":")[2]
            with calling(service.url) as callers:
                callers.wait_for_more(100)
                workers = [one for one in children(service.process.pid) if is_worker(one)]
                assert len(workers) == 2
                if round % 2:
                    # One of two: the other goes on, takes its records over, and it is replaced.
                    kill(workers[:1])
                    callers.wait_for_more(100)
                    wait_until_answered(service)
                    callers.wait_for_more(100)
                # All of them, and nobody has a chance to clean up.
                kill([service.process.pid, *children(service.process.pid)])
                service.process.wait(DEADLINE)
            ids += callers.ids
            assert set(callers.refused) <= {503}
    assert len(ids) > ROUNDS * 100
    with running_api(models_dir, tmp_path, API_PORT=port):
        found = assert_each_is_recorded_once(database, ids)
    # What was recorded and not received is at most what was under way when everything ended.
    assert len(found) - len(ids) <= ROUNDS * 2 * 16
    assert list((tmp_path / "data" / "spool").iterdir()) == []


def is_worker(process: int) -> bool:
    """Whether it is a process that answers, not one that drains nor Python's own that tracks resources."""
    folder = Path(f"/proc/{process}")
    tracks = b"resource_tracker" in (folder / "cmdline").read_bytes()
    return not tracks and not is_drainer(process)


def is_drainer(process: int) -> bool:
    """Whether it is the process that brings predictions into the database."""
    return Path(f"/proc/{process}/comm").read_text().strip() == NAME


def wait_for_drainer(parent: int, other_than: int = 0) -> int:
    """The process that drains, once there is one that is not a certain other."""
    deadline = time.monotonic() + DEADLINE
    while not (found := [one for one in children(parent) if one != other_than and is_drainer(one)]):
        assert time.monotonic() < deadline, "nobody drains"
        time.sleep(0.02)
    return found[0]


def test_a_killed_drainer_loses_nothing(models_dir: Path, tmp_path: Path) -> None:
    """Under 16 callers it is killed twice; the processes that answer drain until another has come."""
    with running_api(models_dir, tmp_path, API_WORKERS="2") as service:
        database = f"sqlite:///{tmp_path / 'data' / 'bouquet.db'}"
        with calling(service.url) as callers:
            drainer = wait_for_drainer(service.process.pid)
            callers.wait_for_more(200)
            kill([drainer])
            following = wait_for_drainer(service.process.pid, other_than=drainer)
            callers.wait_for_more(200)
            # Too soon after the first for another at once: the others do it meanwhile.
            kill([following])
            callers.wait_for_more(200)
        assert not callers.refused
        assert_each_is_recorded_once(database, callers.ids)
        assert service.stop() == 0
    assert list((tmp_path / "data" / "spool").iterdir()) == []


def test_a_killed_parent_leaves_nobody_to_drain_who_would_not_end(models_dir: Path, tmp_path: Path) -> None:
    """Killed alone, it leaves those that answer; when these are killed too, the drainer drains and ends."""
    with running_api(models_dir, tmp_path, API_WORKERS="2") as service:
        drainer = wait_for_drainer(service.process.pid)
        workers = [one for one in children(service.process.pid) if is_worker(one)]
        with calling(service.url) as callers:
            callers.wait_for_more(100)
            kill([service.process.pid])
            service.process.wait(DEADLINE)
            callers.wait_for_more(100)
            kill(workers)
        deadline = time.monotonic() + DEADLINE
        while Path(f"/proc/{drainer}/comm").exists() and is_drainer(drainer):
            assert time.monotonic() < deadline, "it still drains"
            time.sleep(0.05)
    spool = tmp_path / "data" / "spool"
    assert list(spool.iterdir()) == []
    assert_each_is_recorded_once(f"sqlite:///{tmp_path / 'data' / 'bouquet.db'}", callers.ids)


def test_a_database_that_is_away_costs_no_answer(
    models_dir: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Under 16 callers Postgres is stopped, then killed, and comes back: all are answered, and recorded.

    A process that is killed meanwhile is replaced by one that starts without the database.
    """
    with (
        running_postgres() as postgres,
        running_api(models_dir, tmp_path, API_WORKERS="2", DATABASE_URL=postgres.url) as service,
    ):
        with calling(service.url) as callers:
            for away in (postgres.stop, postgres.kill):
                callers.wait_for_more(200)
                away()
                before = len(callers.ids)
                callers.wait_for_more(200)
                (first, *_) = [one for one in children(service.process.pid) if is_worker(one)]
                kill([first])
                time.sleep(AWAY_SECONDS)
                wait_until_replaced(service, first)
                assert requests.get(f"{service.url}/readyz", timeout=30).status_code == 200
                listed = requests.get(f"{service.url}/api/v1.0/predictions", headers=HEADERS, timeout=30)
                assert listed.status_code == 503
                record_property("answers while away", len(callers.ids) - before)
                postgres.start()
        assert not callers.refused
        started = time.monotonic()
        assert_each_is_recorded_once(postgres.url, callers.ids)
        record_property("answers", len(callers.ids))
        record_property("seconds until all were on record", round(time.monotonic() - started, 1))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder on a disk of 4 MB where one may be mounted; elsewhere a folder like any other."""
    folder.mkdir()
    if os.geteuid() != 0:
        yield folder
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def without_room(folder: Path) -> Iterator[None]:
    """As long as the block lasts, the disk is full; or, where none could be mounted, the spool is closed."""
    if os.geteuid() != 0:
        (folder / "spool").mkdir(exist_ok=True)
        (folder / "spool").chmod(0o555)
        yield
        (folder / "spool").chmod(0o755)
        return
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    yield
    filler.unlink()


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(models_dir: Path, tmp_path: Path) -> None:
    """503 comes in place of an answer that has no record; nothing that was answered is lost."""
    with (
        small_disk(tmp_path / "disk") as disk,
        running_api(models_dir, tmp_path, DATA_DIR=str(disk)) as service,
    ):
        url, ids = service.url + PATH, []

        def ask(status: int) -> requests.Response:
            """Ask until that is what comes."""
            deadline = time.monotonic() + DEADLINE
            while (answer := requests.get(url, headers=HEADERS, timeout=30)).status_code != status:
                assert answer.status_code in {200, 503}, service.log
                ids.extend([answer.json()["id"]] if answer.status_code == 200 else [])
                assert time.monotonic() < deadline, service.log
            return answer

        for _ in range(2):
            with without_room(disk):
                refused = ask(503)
                assert refused.headers["Retry-After"] == "5"
                assert "cannot be recorded" in refused.json()["detail"]
            ids.append(ask(200).json()["id"])
        assert_each_is_recorded_once(f"sqlite:///{disk / 'bouquet.db'}", ids)


def test_what_is_left_at_the_stop_is_recorded_at_the_next_start(models_dir: Path, tmp_path: Path) -> None:
    """On SIGTERM what is there is drained, or where the database is away, left to the next start."""
    with running_postgres() as postgres:
        ids = []
        for away in (False, True):
            with running_api(models_dir, tmp_path, DATABASE_URL=postgres.url) as service:
                if away:
                    postgres.stop()
                for _ in range(5):
                    answer = requests.get(service.url + PATH, headers=HEADERS, timeout=30)
                    ids.append(answer.json()["id"])
                assert service.stop() == 0
            spool = list((tmp_path / "data" / "spool").iterdir())
            assert bool(spool) == away
        postgres.start()
        with running_api(models_dir, tmp_path, DATABASE_URL=postgres.url):
            assert_each_is_recorded_once(postgres.url, ids)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_after_a_stop_under_load(
    models_dir: Path, tmp_path: Path, signum: signal.Signals
) -> None:
    """Everything that was answered until the last moment is on record when the service has ended."""
    with running_api(models_dir, tmp_path, API_WORKERS="2") as service:
        with calling(service.url, callers=4) as callers:
            callers.wait_for_more(100)
            service.process.send_signal(signum)
            service.process.wait(DEADLINE)
        assert list((tmp_path / "data" / "spool").iterdir()) == []
        assert_each_is_recorded_once(f"sqlite:///{tmp_path / 'data' / 'bouquet.db'}", callers.ids)
