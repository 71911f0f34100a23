"""Users by the command line, beside a service that runs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.services import DEADLINE, PASSWORD, ROOT, USERNAME, clean_environment, running_api

PAIR = (USERNAME, PASSWORD)


def user(folder: Path, *arguments: str, password: str = "", **environment: str) -> tuple[int, str]:
    """Run `python -m api user …` on a service's data; its exit status and what it printed."""
    settings = {"DATA_DIR": str(folder / "data"), "API_USERNAME": USERNAME} | environment
    ended = subprocess.run(
        [sys.executable, "-m", "api", "user", *arguments],
        cwd=ROOT,
        env=clean_environment(**settings),
        input=password,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def status(url: str, auth: tuple[str, str]) -> int:
    """What a reader gets."""
    return requests.get(f"{url}/api/v1.0/models", auth=auth, timeout=30).status_code


def test_a_user_is_added_changed_and_disabled_beside_a_running_service(
    models_dir: Path, tmp_path: Path
) -> None:
    """With two processes that answer, a change holds in both within a second or so; nothing is restarted."""
    with running_api(models_dir, tmp_path, API_WORKERS="2") as service:
        assert user(tmp_path, "list")[1].startswith("There are no users")
        code, said = user(tmp_path, "add", "grace", "--role", "train", password="a long password\n")
        assert (code, said) == (0, "grace may sign in with the role train.\n")
        assert status(service.url, ("grace", "a long password")) == 200
        code, said = user(tmp_path, "password", "grace", PASSWORD="another password")
        assert code == 0
        deadline = time.monotonic() + DEADLINE
        # Asked many times in a row, so that both processes have been.
        while [status(service.url, ("grace", "a long password")) for _ in range(20)] != [401] * 20:
            assert time.monotonic() < deadline
        assert status(service.url, ("grace", "another password")) == 200
        assert user(tmp_path, "role", "grace", "predict")[0] == 0
        assert "grace" in user(tmp_path, "list")[1]
        assert user(tmp_path, "disable", "grace") == (0, "grace may sign in no more.\n")
        while [status(service.url, ("grace", "another password")) for _ in range(20)] != [401] * 20:
            assert time.monotonic() < deadline


def test_a_password_is_made_up_where_none_is_given(tmp_path: Path) -> None:
    """It is printed once, and it is long."""
    code, said = user(tmp_path, "add", "grace")
    assert code == 0
    assert len(said.split("only here: ")[1].strip()) >= 20


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (("add", "a:b"), "long enough", "will not do"),
        (("add", ""), "long enough", "will not do"),
        (("add", "a\nb"), "long enough", "will not do"),
        (("add", USERNAME), "long enough", "already"),
        (("add", "grace"), "short", "8 to 1000"),
        (("password", "nobody"), "long enough", "no user named 'nobody'"),
        (("role", "nobody", "admin"), "", "no user named 'nobody'"),
        (("role", "nobody", "king"), "", "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, arguments: tuple[str, ...], password: str, sentence: str
) -> None:
    """Each is a sentence and exit status 2, and nothing has changed."""
    code, said = user(tmp_path, *arguments, password=password)
    assert code == 2
    assert sentence in said
    assert "Traceback" not in said
    assert user(tmp_path, "list")[1].startswith("There are no users")
