"""Containers with a quota of CPUs."""

from collections.abc import Iterator

import pytest

from tests.compose.curl import predict
from tests.compose.project import ComposeProject, output_of
from tests.compose.waiting import wait_until

# Inside: the threads of each library that a new process there would have.
PROGRAM = """
import json
import api
import numpy, scipy.linalg, sklearn.ensemble, threadpoolctl
print(json.dumps(sorted({one["num_threads"] for one in threadpoolctl.threadpool_info()})))
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
    assert processes(limited) == workers
    assert limited.ask_python("api", PROGRAM) == [threads]
    assert predict(limited.port("api")).status == 200


def processes(stack: ComposeProject) -> int:
    """How many processes the API has started to answer requests, since it was started last."""
    lines = list(stack.log_lines("api"))
    start = max(at for at, line in enumerate(lines) if "Starting granian" in line)
    return sum("Spawning worker-" in line for line in lines[start:])
