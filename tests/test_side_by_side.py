"""The tests in several processes: each is run by one of them, and what goes wrong in one is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import DEADLINE, ROOT
from tests.side_by_side.share import FIRST, TOGETHER

# Those of a module tell the file `ran` that they were run, and by which process.
_MODULE = """
import os
import pytest

@pytest.mark.parametrize("number", range(3))
def test_some(number, request, dear):
    assert (dear / "content").read_text() == "dear"
    with open(os.path.dirname(__file__) + "/ran", "a") as file:
        file.write(f"{request.node.nodeid} {os.getpid()}\\n")
"""
_FIXTURE = """
import os
import pytest
from tests.once import made_once

@pytest.fixture(scope="session")
def dear(tmp_path_factory):
    def make(path):
        path.mkdir()
        (path / "content").write_text("dear")
        with open(os.path.dirname(__file__) + "/made", "a") as file:
            file.write("made\\n")

    return made_once("dear", tmp_path_factory, make)
"""
MODULES = [f"test_{number}.py" for number in range(6)]
TESTS = {f"{module}::test_some[{number}]" for module in MODULES for number in range(3)}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A folder with six modules of three tests, which share something that is made once."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -ra\n", encoding="ascii")
    (tmp_path / "conftest.py").write_text(_FIXTURE, encoding="ascii")
    for module in MODULES:
        (tmp_path / module).write_text(_MODULE, encoding="ascii")
    return tmp_path


def run(sample: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of a folder in three processes."""
    command = [
        sys.executable,
        "-m",
        "tests.side_by_side",
        "--processes",
        "3",
        "-c",
        str(sample / "pytest.ini"),
    ]
    return subprocess.run(
        [*command, str(sample)], cwd=ROOT, capture_output=True, text=True, timeout=2 * DEADLINE, check=False
    )


def ran(sample: Path) -> list[str]:
    """The tests that were run."""
    return [line.split()[0] for line in (sample / "ran").read_text(encoding="ascii").splitlines()]


def test_every_test_is_run_once_and_what_they_share_is_made_once(sample: Path) -> None:
    """Three processes on one list of tests, and one of them makes for all."""
    ended = run(sample)
    assert ended.returncode == 0, ended.stdout
    assert sorted(ran(sample)) == sorted(TESTS)
    assert (sample / "made").read_text(encoding="ascii") == "made\n"
    assert all(f"{module} ...\n" in ended.stdout for module in MODULES)


def test_a_failure_in_one_process_is_told_and_the_others_go_on(sample: Path) -> None:
    """The status is pytest's own, and the failure is shown as ever."""
    (sample / "test_bad.py").write_text("def test_bad():\n    assert 1 == 2\n", encoding="ascii")
    ended = run(sample)
    assert ended.returncode == 1
    assert "E       assert 1 == 2\n" in ended.stdout
    assert sorted(ran(sample)) == sorted(TESTS)


def test_a_process_that_is_killed_is_told_of_with_what_it_did_not_run(sample: Path) -> None:
    """What it had taken is nobody else's, so the run cannot be a good one."""
    killed = "import os, signal\ndef test_killed():\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    (sample / "test_killed.py").write_text(killed, encoding="ascii")
    ended = run(sample)
    assert ended.returncode != 0
    assert "not run to its end: test_killed.py::test_killed" in ended.stdout


def test_a_module_that_cannot_be_read_ends_the_run(sample: Path) -> None:
    """No test is run, as with pytest itself, and the reason is shown."""
    (sample / "test_bad.py").write_text("import nothing_of_this_name\n", encoding="ascii")
    ended = run(sample)
    assert ended.returncode != 0
    assert "nothing_of_this_name" in ended.stdout
    assert not (sample / "ran").exists()


def test_what_is_begun_first_exists() -> None:
    """Each is a module, or tests that stay together for a fixture's sake."""
    assert [name for name in FIRST if name not in TOGETHER and not (ROOT / name).is_file()] == []
