"""The environments of the peers, each made once in build/bench from its file of pinned versions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.services import ROOT

FOLDER = ROOT / "build" / "bench"
_REQUIREMENTS = Path(__file__).parent / "requirements"
# The service's own: what its image installs to answer requests.
_OURS = ROOT / "api" / "requirements.txt"


class NotInstalled(Exception):
    """An environment that pip could not make."""


def environment(name: str) -> Path:
    """The environment's folder, made if it is missing or its file has changed; raises NotInstalled."""
    file = _OURS if name == "bouquet" else _REQUIREMENTS / f"{name}.txt"
    folder, wanted = FOLDER / name, file.read_text(encoding="utf-8")
    made = folder / "made"
    if made.exists() and made.read_text(encoding="utf-8") == wanted:
        return folder
    print(f"installing {name} into {folder.relative_to(ROOT)}")
    _run([sys.executable, "-m", "venv", "--clear", str(folder)], name)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "install", "-r", str(file)], name)
    made.write_text(wanted, encoding="utf-8")
    return folder


def megabytes(name: str) -> float:
    """What was installed takes on disk, without pip and setuptools."""
    (packages,) = (FOLDER / name / "lib").glob("python*/site-packages")
    kept = [one for one in packages.iterdir() if not one.name.startswith(("pip", "setuptools"))]
    files = [file for one in kept for file in (one.rglob("*") if one.is_dir() else (one,))]
    return sum(file.lstat().st_size for file in files if not file.is_dir()) / 1e6


def versions(name: str, *packages: str) -> str:
    """Names and versions of packages that are installed there."""
    code = "import sys; from importlib.metadata import version as v; print(*map(v, sys.argv[1:]))"
    python = FOLDER / name / "bin" / "python"
    command = [str(python), "-c", code, *packages]
    numbers = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return ", ".join(f"{one} {number}" for one, number in zip(packages, numbers, strict=True))


def _run(command: list[str], name: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        last = (ended.stderr or ended.stdout).strip().splitlines()[-1:]
        raise NotInstalled(f"{name} could not be installed: {' '.join(last)}")
