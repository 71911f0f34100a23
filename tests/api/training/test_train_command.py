"""`python -m api train NAME --data FILE`, as a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sklearn.datasets import load_wine

from tests.services import DEADLINE, ROOT, clean_environment


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the API's with its data in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        cwd=ROOT,
        env=clean_environment(DATA_DIR=str(folder / "data"), TRAINING_SECONDS="1"),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def test_a_csv_becomes_a_model_that_answers(tmp_path: Path) -> None:
    """It is enabled; trained once more from the same file, the equal one does not answer."""
    file = tmp_path / "wine.csv"
    load_wine(as_frame=True).frame.to_csv(file, index=False)
    first = run(tmp_path, "train", "wine", "--data", str(file))
    assert first.returncode == 0, first.stderr
    assert "wine version 1" in first.stdout
    second = run(tmp_path, "train", "wine", "--data", str(file), "--metric", "accuracy")
    assert "It does not answer: python -m api enable wine 2" in second.stdout
    assert "* 1" in run(tmp_path, "versions", "wine").stdout


def test_a_misspelt_target_is_named(tmp_path: Path) -> None:
    """The command ends with 2 and the nearest columns."""
    file = tmp_path / "wine.csv"
    load_wine(as_frame=True).frame.to_csv(file, index=False)
    ended = run(tmp_path, "train", "wine", "--data", str(file), "--target", "alcool")
    assert ended.returncode == 2
    assert "no column 'alcool'; the nearest are: alcohol" in ended.stderr
