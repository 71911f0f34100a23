"""The kinds of storage that models may lie on: read-only, and without atomic renames."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from api.errors import NotWritable
from api.registry.directory import ModelsDirectory
from tests.services import DEADLINE, PASSWORD, ROOT, USERNAME, clean_environment, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
QUERY = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"


@pytest.fixture
def read_only(models_dir: Path, tmp_path: Path) -> Iterator[Path]:
    """A models directory that nobody can write: a read-only mount for root, permissions for others."""
    path = tmp_path / "read-only"
    if os.geteuid() == 0:
        path.mkdir()
        subprocess.run(["mount", "--bind", str(models_dir), str(path)], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", str(path)], check=True)
        yield path
        subprocess.run(["umount", str(path)], check=True)
        return
    shutil.copytree(models_dir, path)
    folders = [path, *(one for one in path.rglob("*") if one.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield path
    for folder in folders:
        folder.chmod(0o755)


def test_models_are_served_from_a_read_only_directory(read_only: Path, tmp_path: Path) -> None:
    """It starts, answers and enables, though the bundled models cannot be copied there."""
    with running_api(read_only, tmp_path, BUNDLED_MODELS=str(read_only)) as service:
        base = f"{service.url}/api/v1.0"
        assert requests.get(f"{base}?{QUERY}", auth=AUTH, timeout=60).status_code == 200
        enabled = requests.put(f"{base}/models/iris/enabled", json={"version": "1"}, auth=AUTH, timeout=60)
        assert enabled.status_code == 200


def test_a_version_in_a_read_only_directory_is_not_deleted(read_only: Path) -> None:
    """Deleting is refused with a sentence, and the version is still there."""
    directory = ModelsDirectory(read_only)
    with pytest.raises(NotWritable, match="cannot be written"):
        directory.delete("iris", "1")
    assert directory.versions("iris") == ["1"]


_PUBLISH = """
import os, sys
renamed = []
sys.addaudithook(lambda event, args: renamed.append(args) if event in ("os.rename", "os.link") else None)
from dataclasses import replace
from pathlib import Path
from api.registry.directory import ModelsDirectory
source, target = (ModelsDirectory(Path(path)) for path in sys.argv[1:])
target.adopt_missing(source)
assert target.versions("iris") == ["1"]
names = [(os.path.basename(os.fsdecode(a[0])), os.path.basename(os.fsdecode(a[1]))) for a in renamed]
assert names == [("card.json.part", "card.json")], names
"""


def test_publishing_renames_one_file_and_no_folder(models_dir: Path, tmp_path: Path) -> None:
    """A bucket that can rename a file, and no folder, will do: the card's is the only rename there is."""
    ended = subprocess.run(
        [sys.executable, "-c", _PUBLISH, str(models_dir), str(tmp_path / "bucket")],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
