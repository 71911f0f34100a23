"""Threads and processes follow the quota of the container."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.cpus import THREAD_SETTINGS, limit_threads, quota
from tests.groups import cpus_limited_to
from tests.services import ROOT, clean_environment, running_api

# What a process that has loaded every library that computes says of itself.
PROGRAM = """
import json, os
import api
from api.config import read_settings
import joblib, numpy, scipy.linalg, sklearn.ensemble, sklearn.neighbors, threadpoolctl
pools = {one["filepath"]: one["num_threads"] for one in threadpoolctl.threadpool_info()}
print(json.dumps([read_settings({}).api_workers, joblib.cpu_count(), sorted(pools.values())]))
"""

SHARING = """
import json, os, sys
import api.__main__
loaded = "numpy" in sys.modules
api.__main__.limit_threads(os.environ, 1000)
import api.bootstrap.serving, threadpoolctl
print(json.dumps([loaded, [one["num_threads"] for one in threadpoolctl.threadpool_info()]]))
"""


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files, with the folders around them."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="ascii")


@pytest.mark.parametrize(
    ("groups", "files", "cpus"),
    [
        ("0::/\n", {"cpu.max": "50000 100000\n"}, 0.5),
        ("0::/\n", {"cpu.max": "max 100000\n"}, None),
        ("0::/\n", {}, None),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "200000 100000\n"}, 2.0),
        ("0::/a/b\n", {"a/b/cpu.max": "150000 50000\n", "a/cpu.max": "400000 100000\n"}, 3.0),
        ("4:cpu,cpuacct:/docker/1\n", {"cpu,cpuacct/cpu.cfs_quota_us": "50000\n"}, None),
        (
            "5:memory:/x\n4:cpu,cpuacct:/docker/1\n0::/\n",
            {"cpu,cpuacct/cpu.cfs_quota_us": "50000\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"},
            0.5,
        ),
        (
            "1:cpu:/pod/1\n",
            {"cpu/pod/1/cpu.cfs_quota_us": "-1\n", "cpu/pod/1/cpu.cfs_period_us": "100000\n"},
            None,
        ),
        (
            "1:cpu:/pod/1\n",
            {"cpu/pod/cpu.cfs_quota_us": "200000\n", "cpu/pod/cpu.cfs_period_us": "100000\n"},
            2.0,
        ),
        ("1:cpu:/../x\n", {"cpu/cpu.cfs_quota_us": "50000\n", "cpu/cpu.cfs_period_us": "50000\n"}, 1.0),
    ],
)
def test_the_quota_is_read_from_the_groups(
    tmp_path: Path, groups: str, files: dict[str, str], cpus: float | None
) -> None:
    """Of version 2 and of version 1, of the group itself and of those around it; the least of all counts."""
    write(tmp_path, {"groups": groups} | {f"mounted/{name}": content for name, content in files.items()})
    assert quota(tmp_path / "groups", tmp_path / "mounted") == cpus


def test_where_there_are_no_groups_there_is_no_quota(tmp_path: Path) -> None:
    """Other systems have none."""
    assert quota(tmp_path / "groups", tmp_path) is None


def test_what_an_operator_has_set_stays() -> None:
    """Only the settings that are not there are made, and shared among the processes."""
    environ = {"OMP_NUM_THREADS": "7"}
    limit_threads(environ)
    limit_threads(environ, processes=1000)
    assert environ["OMP_NUM_THREADS"] == "7"
    assert {environ[name] for name in THREAD_SETTINGS[1:]} == {"1"}


@pytest.mark.parametrize("cpus", [0.5, 1.0])
def test_every_library_keeps_to_the_quota(cpus: float) -> None:
    """In a group with half a CPU, one worker and one thread of each library."""
    environment = {name: text for name, text in clean_environment().items() if name not in THREAD_SETTINGS}
    with cpus_limited_to(cpus):
        command = [sys.executable, "-c", PROGRAM]
        output = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    workers, joblib_cpus, pools = json.loads(output)
    assert (workers, joblib_cpus) == (1, 1)
    assert pools
    assert set(pools) == {1}


@pytest.mark.parametrize(("cpus", "workers"), [(0.5, 1), (2.0, 2)])
def test_the_service_starts_as_many_processes(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cpus: float, workers: int
) -> None:
    """Half a CPU gives one process, two give two."""
    for name in THREAD_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    with cpus_limited_to(cpus), running_api(models_dir, tmp_path) as service:
        assert len(re.findall(r"Spawning worker-\d+ with PID", service.log)) == workers
        service.stop()


def test_processes_share_the_threads() -> None:
    """What serves is loaded only after it is known how many processes there will be."""
    environment = {name: text for name, text in clean_environment().items() if name not in THREAD_SETTINGS}
    command = [sys.executable, "-c", SHARING]
    output = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout
    loaded_before, pools = json.loads(output)
    assert not loaded_before
    assert set(pools) == {1}
