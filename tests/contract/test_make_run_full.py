"""`make run-full`: the services with Postgres, Redis and a worker on this machine, in the foreground."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import requests

from tests.api.training.test_work import iris_csv
from tests.contract.test_make_run import answers, make_run, wait_for
from tests.services import free_port
from tests.web_server import running_web_server

AUTH = ("ada", "secret")


def test_a_csv_is_trained_from_until_ctrl_c(models_dir: Path, tmp_path: Path) -> None:
    """A link is posted, a worker trains from it, the model answers; Ctrl-C leaves no process."""
    shutil.copytree(models_dir, tmp_path / "data" / "models")
    settings = {
        "API_USERNAME": AUTH[0],
        "API_PASSWORD": AUTH[1],
        "POSTGRES_PORT": str(free_port()),
        "REDIS_PORT": str(free_port()),
        "DATASET_HOSTS": "127.0.0.1",
        "TRAINING_SECONDS": "5",
        "TRAIN_MISSING": "iris",
    }
    try:
        with running_web_server() as web, make_run(tmp_path, "run-full", **settings) as run:
            link = web.serve("/flowers.csv", iris_csv())
            wait_for(run, lambda: answers(f"{run.api}/readyz") and answers(f"{run.front_end}/"))
            made = requests.post(
                f"{run.api}/api/v1.0/training", json={"dataset": link}, auth=AUTH, timeout=30
            )
            assert made.status_code == 201, made.text
            where = run.api + made.headers["Location"]
            ended = ("processed", "error")
            wait_for(run, lambda: requests.get(where, auth=AUTH, timeout=30).json()["status"] in ended)
            done = requests.get(where, auth=AUTH, timeout=30).json()
            assert (done["status"], done["model"], done["error"]) == ("processed", "flowers", None)
            wait_for(run, lambda: "flowers answers with version 1" in run.output())
            assert " worker.1 " in run.output()
            for name in ("database_url", "redis_url"):
                secret = tmp_path / "data" / "full" / name
                assert secret.stat().st_mode & 0o77 == 0
                assert secret.read_text(encoding="utf-8").split(":")[2].split("@")[0] not in run.output()
            run.interrupt()
            wait_for(run, lambda: not run.left_behind())
    finally:
        # Where root's Postgres keeps its files.
        mark = hashlib.sha256(bytes(tmp_path / "data" / "full")).hexdigest()[:16]
        shutil.rmtree(f"/var/tmp/bouquet-postgres-{mark}", ignore_errors=True)  # noqa: S108 (of this run)
