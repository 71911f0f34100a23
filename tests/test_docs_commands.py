"""The commands of the documentation, run as they are printed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
import skops.io
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier

from bench.job_rows import job_rows
from tests.onet import write_onet
from tests.services import DEADLINE, ROOT, clean_environment, running_api

README = (ROOT / "README.md").read_text(encoding="utf-8")
MODELS = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
SAMPLE = {"API_USERNAME": "my_username", "API_PASSWORD": "my_password"}


def commands(page: str, start: str) -> list[str]:
    """The commands of a page's code blocks that begin with `start`."""
    blocks = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith(start)]


def run(command: str, folder: Path, **settings: str) -> str:
    """Run a command in `folder` as if the checkout were there; returns what it printed."""
    words = [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(command)]
    ended = subprocess.run(
        words,
        cwd=folder,
        env=clean_environment(PYTHONPATH=str(ROOT), **settings),
        capture_output=True,
        text=True,
        timeout=5 * DEADLINE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the commands name."""
    wine = load_wine(as_frame=True)
    estimator = RandomForestClassifier(10, random_state=0).fit(wine.data, wine.target)
    for name in ("model.skops", "wine.skops"):
        skops.io.dump(estimator, tmp_path / name)
    wine.frame.to_csv(tmp_path / "wine.csv", index=False)
    flowers = "sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n"
    (tmp_path / "flowers.csv").write_text(flowers, encoding="ascii")
    return tmp_path


@pytest.mark.parametrize("page", [README, MODELS], ids=["README", "models"])
def test_the_import_command_brings_a_model_in(page: str, folder: Path) -> None:
    """The command that a page gives for one's own model ends with that model being served."""
    (command,) = commands(page, ".venv/bin/python -m api import")
    data_dir = folder / "data"
    assert "wine version 1" in run(command, folder, DATA_DIR=str(data_dir))
    with running_api(data_dir / "models", folder, DEFAULT_MODEL="wine", **SAMPLE) as service:
        listed = run(f"curl -s -u my_username:my_password {service.url}/api/v1.0/models", folder)
    assert '"name": "wine"' in listed


def test_the_curl_for_a_training_makes_a_model_that_answers(models_dir: Path, folder: Path) -> None:
    """The curl of the README is answered with an id, under which the training is followed to its end."""
    (curl,) = [one for one in commands(README, "curl") if "/api/v1.0/training" in one]
    with running_api(models_dir, folder, TRAINING_SECONDS="5", **SAMPLE) as service:
        created = run(f"{curl.replace('localhost:8000', service.url)} -s", folder)
        assert created.startswith("HTTP/1.1 201")
        id = json.loads(created.partition("\n\n")[2])["id"]
        look = f"curl -s -u my_username:my_password {service.url}/api/v1.0/training/{id}"
        deadline = time.monotonic() + 5 * DEADLINE
        while (training := json.loads(run(look, folder)))["status"] in {"pending", "processing"}:
            assert time.monotonic() < deadline, training
            time.sleep(0.2)
    assert (training["status"], training["model"], training["enabled"]) == ("processed", "wine", True)
    assert training["metrics"]["f1"] > 0.8


def test_the_curls_for_many_rows_are_answered(models_dir: Path, folder: Path) -> None:
    """Each curl of the page on models gives answers, as JSON and as CSV."""
    curls = [one for one in commands(MODELS, "curl") if "/api/v1.0/models/iris/" in one]
    assert len(curls) == 2
    with running_api(models_dir, folder, **SAMPLE) as service:
        answers = [run(f"{curl.replace('localhost:8000', service.url)} -s", folder) for curl in curls]
    assert all("Iris-Setosa" in answer for answer in answers)


@pytest.mark.parametrize("page", [README, MODELS], ids=["README", "models"])
def test_the_curl_for_similar_jobs_is_answered(page: str, jobs_dir: Path, folder: Path) -> None:
    """The curl of each page ranks the title that the page shows first, and every other title after it."""
    (curl,) = [one for one in commands(page, "curl") if "/model/similar_jobs" in one]
    with running_api(jobs_dir, folder, **SAMPLE) as service:
        answer = run(f"{curl.replace('localhost:8000', service.url)} -s", folder)
    results = json.loads(answer)["results"]
    assert results[0]["title"] == "technical project manager"
    probabilities = [one["probability"] for one in results]
    assert len(results) == 154
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-9)


def test_the_commands_for_own_data_train(folder: Path) -> None:
    """Each command of the page, on files like those that it names."""
    rows = list(job_rows(240, 4))
    table = "".join(f'"{title}","{text}"\n' for title, text in rows)
    (folder / "jobs.csv").write_text(f"Job Title,Duties\n{table}", encoding="utf-8")
    table = "".join(f"{title}\t{text}\n" for title, text in rows)
    (folder / "staff.tsv").write_text(f"Grade\tRemit\n{table}", encoding="utf-8")
    (folder / "onet").mkdir()
    write_onet(folder / "onet")
    trainings = commands(MODELS, ".venv/bin/python -m api train similar_jobs --data")
    assert len(trainings) == 3
    for number, command in enumerate(trainings, start=1):
        assert f"similar_jobs version {number}:" in run(command, folder, DATA_DIR=str(folder / "data"))


def test_the_curl_for_fraud_is_answered_with_reasons(fraud_dir: Path, folder: Path) -> None:
    """The curl of the page on fraud gets what the page shows: fraud, and the amount first of its reasons."""
    (curl,) = commands((ROOT / "docs" / "fraud.md").read_text(encoding="utf-8"), "curl")
    with running_api(fraud_dir, folder, DEFAULT_MODEL="fraud", **SAMPLE) as service:
        answer = json.loads(run(f"{curl.replace('localhost:8000', service.url)} -s", folder))
    (prediction,) = answer["predictions"]
    assert prediction["predicted_fraud"] == "fraud"
    assert prediction["reasons"][0]["field"] == "amount"
    assert "threshold" in answer


def test_the_version_commands_do_what_they_say(folder: Path) -> None:
    """List, enable, roll back and delete, on three versions of one model."""
    settings = {"DATA_DIR": str(folder / "data")}
    for _ in range(3):
        run("python -m api train iris".replace("python", sys.executable), folder, **settings)
    listed, enable, roll_back, delete = re.findall(r"^\| `python (-m api [^`]+)` \|", MODELS, re.MULTILINE)
    python = shlex.quote(sys.executable)
    assert "* 3" in run(f"{python} {listed}", folder, **settings)
    assert "iris answers with version 2." in run(f"{python} {enable}", folder, **settings)
    assert "iris answers with version 1." in run(f"{python} {roll_back}", folder, **settings)
    run(f"{python} {enable}", folder, **settings)
    assert "Version 1 of iris is deleted." in run(f"{python} {delete}", folder, **settings)
