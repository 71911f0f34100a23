"""What a serving process weighs, how long it takes to start, and which parts the weight comes from."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from api.registry.directory import ModelsDirectory
from tests.services import PASSWORD, ROOT, USERNAME, clean_environment, free_port

ROUNDS = 5

# Each line is run after the ones before it, in one process, as the service would; what the resident size
# grows by is that part's share.
PARTS = (
    ("Python itself", "pass"),
    ("Flask, Flask-RESTful, Flask-HTTPAuth", "import flask_restful, flask_httpauth"),
    ("NumPy", "import numpy"),
    ("ONNX Runtime", "import onnxruntime"),
    ("SQLAlchemy", "import sqlalchemy"),
    ("Granian", "import granian"),
    ("the application's own modules", "import api.bootstrap.serving"),
    ("less what libraries needed only to start", "import api.library_pages as pages; pages.let_go()"),
    ("the iris model, loaded and replayed", "import api.wsgi"),
)

_WEIGH = """
import os
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
before = 0.0
for line in {lines!r}:
    exec(line)
    now = resident()
    print(now - before)
    before = now
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Medians of some starts: seconds to the first ready answer, and megabytes of every process's own."""

    models: int
    seconds: float
    worker_mb: float
    tree_mb: float


def weigh_parts(models_dir: Path, data_dir: Path) -> list[tuple[str, float]]:
    """Megabytes that each part adds to the resident size of one process."""
    code = _WEIGH.format(lines=[line for _, line in PARTS])
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=_environment(models_dir, data_dir, 0),
        capture_output=True,
        text=True,
        check=True,
    )
    sizes = [float(line) for line in ended.stdout.splitlines() if not line.startswith("{")]
    return [(name, size) for (name, _), size in zip(PARTS, sizes, strict=True)]


def measure(models_dir: Path) -> Footprint:
    """Start the service on these models a few times."""
    with tempfile.TemporaryDirectory() as data_dir:
        rounds = [_start(models_dir, Path(data_dir)) for _ in range(ROUNDS)]
    return Footprint(
        models=len(ModelsDirectory(models_dir).names()),
        seconds=statistics.median(seconds for seconds, _, _ in rounds),
        worker_mb=statistics.median(worker for _, worker, _ in rounds),
        tree_mb=statistics.median(tree for _, _, tree in rounds),
    )


def serving_mb(models_dir: Path) -> float:
    """Megabytes of the process that serves these models, once it is ready."""
    with tempfile.TemporaryDirectory() as data_dir:
        return _start(models_dir, Path(data_dir))[1]


def copies(models_dir: Path, folder: Path, count: int) -> Path:
    """A models directory with `count` models, all of them iris under other names."""
    source, target = ModelsDirectory(models_dir), ModelsDirectory(folder)
    card = source.card("iris", "1")
    files = {file: (source.folder("iris", "1") / file).read_bytes() for file in card.files}
    for number in range(count):
        target.publish(replace(card, name="iris" if number == 0 else f"iris_{number}"), files)
    return folder


def _start(models_dir: Path, data_dir: Path) -> tuple[float, float, float]:
    port = free_port()
    began = time.perf_counter()
    with _service(models_dir, data_dir, port) as process:
        while not _ready(port):
            time.sleep(0.005)
        seconds = time.perf_counter() - began
        pids = [process.pid, *_children(process.pid)]
        sizes = [_own_mb(pid) for pid in pids]
    return seconds, max(sizes), sum(sizes)


@contextmanager
def _service(models_dir: Path, data_dir: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "serve"],
        cwd=ROOT,
        env=_environment(models_dir, data_dir, port),
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _environment(models_dir: Path, data_dir: Path, port: int) -> dict[str, str]:
    settings = {"API_USERNAME": USERNAME, "API_PASSWORD": PASSWORD, "API_PORT": str(port or 8000)}
    return clean_environment(MODELS_DIR=str(models_dir), DATA_DIR=str(data_dir), **settings)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except OSError:
        return False


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def _own_mb(pid: int) -> float:
    """Proportional set size: what two processes share is counted half to each."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
