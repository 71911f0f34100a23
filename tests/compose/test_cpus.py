"""Containers with a quota of CPUs."""

from collections.abc import Iterator

import pytest

from tests.compose.curl import predict
from tests.compose.project import ComposeProject, output_of
from tests.compose.waiting import wait_until

# Inside: the processes that answer, and the threads of each library that a new process there would have.
PROGRAM = """
import json, pathlib
import api
import numpy, scipy.linalg, sklearn.ensemble, threadpoolctl

def words(process):
    try:
        return process.joinpath("cmdline").read_bytes().split(b"\\0")
    except OSError:
        return []

all = pathlib.Path("/proc").glob("[0-9]*")
serving = [one for one in all if words(one)[1:4] == [b"-m", b"api", b"serve"]]
pools = sorted({one["num_threads"] for one in threadpoolctl.threadpool_info()})
print(json.dumps([len(serving) - 1, pools]))
"""


@pytest.fixture
def limited(stack: ComposeProject) -> Iterator[ComposeProject]:
    """The services, in containers that nobody uses afterwards."""
    yield stack
    stack.take_down()


@pytest.mark.parametrize(("cpus", "workers", "threads"), [("0.5", 1, 1), ("2", 2, 2)])
def test_processes_and_threads_follow_the_quota(
    limited: ComposeProject, cpus: str, workers: int, threads: int
) -> None:
    """Half a CPU: one process with one thread; two: two processes, and two threads for who computes alone."""
    output_of(["docker", "update", "--cpus", cpus, limited.container("api")])
    limited.run("restart", "api")
    wait_until(lambda: limited.health("api") == "healthy", "the API healthy")
    assert limited.ask_python("api", PROGRAM) == [workers, [threads]]
    assert predict(limited.port("api")).status == 200
