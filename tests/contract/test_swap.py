"""Versions that change under load."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from sklearn.ensemble import GradientBoostingClassifier

from api.recipes.iris import IRIS
from api.registry.directory import ModelsDirectory
from api.training.run import train
from tests.services import DEADLINE, PASSWORD, USERNAME, Service, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
QUERY = "sepal_length=6.0&sepal_width=2.7&petal_length=5.1&petal_width=1.6"
REQUESTS = 10_000
CHANGES = 20
CALLERS = 4


@pytest.fixture(scope="module")
def two_versions(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with two versions of iris that answer otherwise."""
    path = tmp_path_factory.mktemp("two") / "models"
    shutil.copytree(models_dir, path)
    other = replace(IRIS, estimator=lambda: GradientBoostingClassifier(n_estimators=3, random_state=0))
    train(other, ModelsDirectory(path), progress=lambda step: None)
    return path


@pytest.fixture
def api(two_versions: Path, tmp_path: Path) -> Iterator[Service]:
    """The service in two processes."""
    with running_api(two_versions, tmp_path, API_WORKERS="2") as service:
        yield service


def ask(api: Service, session: requests.Session) -> tuple[str, float]:
    """The version in an answer and the probability it gave; fails on any other status than 200."""
    answer = session.get(f"{api.url}/api/v1.0?{QUERY}", auth=AUTH, timeout=60)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["version"], body["response"]["prob_virginica"]


def enable(api: Service, version: str) -> None:
    """Let another version answer."""
    url = f"{api.url}/api/v1.0/models/iris/enabled"
    assert requests.put(url, json={"version": version}, auth=AUTH, timeout=60).status_code == 200


def wait_until_all_follow(api: Service, version: str) -> None:
    """Return once many connections in a row, and so both processes, answer with `version`."""
    deadline, in_a_row = time.monotonic() + DEADLINE, 0
    while in_a_row < 20:
        assert time.monotonic() < deadline, f"not every process answers with version {version}"
        in_a_row = in_a_row + 1 if ask(api, requests.Session())[0] == version else 0


def test_a_process_that_follows_a_killed_one_answers_with_what_is_enabled_by_then(
    two_versions: Path, tmp_path: Path
) -> None:
    """What it shares with its parent was made before; which version answers is looked up when it begins."""
    with running_api(two_versions, tmp_path) as api:
        enable(api, "1")
        wait_until_all_follow(api, "1")
        worker = api.log.rpartition("Spawning worker-1 with PID: ")[2].split('"')[0]
        os.kill(int(worker), signal.SIGKILL)
        deadline = time.monotonic() + DEADLINE
        while api.log.count("Started worker-1 runtime-1") < 2:
            assert time.monotonic() < deadline, api.log
            time.sleep(0.05)
        assert ask(api, requests.Session())[0] == "1"


def test_no_answer_is_lost_or_mixed_while_versions_change(api: Service) -> None:
    """10,000 requests during twenty changes: all answered, each with the answer of the version it names."""
    own = {}
    for version in ("1", "2"):
        enable(api, version)
        wait_until_all_follow(api, version)
        own[version] = ask(api, requests.Session())[1]
    assert own["1"] != own["2"]
    answers: list[tuple[str, float]] = []
    faults: list[BaseException] = []

    def call() -> None:
        try:
            with requests.Session() as session:
                while len(answers) < REQUESTS:
                    answers.append(ask(api, session))
        except BaseException as fault:
            faults.append(fault)

    callers = [threading.Thread(target=call) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for change in range(1, CHANGES + 1):
        while len(answers) < REQUESTS * change // (CHANGES + 1) and not faults:
            time.sleep(0.005)
        enable(api, "12"[change % 2])
    for caller in callers:
        caller.join(DEADLINE)
    assert faults == []
    assert len(answers) >= REQUESTS
    assert {version for version, _ in answers} == {"1", "2"}
    assert all(probability == own[version] for version, probability in answers)


def test_what_the_command_line_does_is_followed(two_versions: Path, api: Service, tmp_path: Path) -> None:
    """A version published beside a running service is answered with, without a restart."""
    wait_until_all_follow(api, "2")
    directory = ModelsDirectory(two_versions)
    card, folder = directory.card("iris", "1"), directory.folder("iris", "1")
    published = directory.publish(card, {file: (folder / file).read_bytes() for file in card.files})
    enable(api, "1")
    wait_until_all_follow(api, "1")
    enable(api, published.version)
    wait_until_all_follow(api, published.version)
