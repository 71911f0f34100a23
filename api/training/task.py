"""What a child process is told to do, and within which limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# What trains, and what looks at a file before it is trained from: a module and a function in it.
TRAIN = "api.training.tabular_run:train_csv"
PREVIEW = "api.training.tabular_preview:preview"
# So much of a link's file is looked at before a training.
BEGINNING = 4 * 1024 * 1024


# What stands before the name of an uploaded file, so that no two are called the same.
UPLOAD_MARK = 33


def file_name(path: str) -> str:
    """The name of a file, of plain characters only, such as a title can be made of."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", path.rpartition("/")[2]).strip("._-")
    return plain[-80:] or "dataset.csv"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a training may take and where it is done, by the operator's settings.

    `memory_mb` and `limit_seconds` are for the whole work, `seconds` for comparing candidates; `hosts` are
    the hosts of links that may have any address. `train` and `preview` name the functions that do it.
    """

    models_dir: Path
    data_dir: Path
    trusted: tuple[str, ...]
    memory_mb: int
    limit_seconds: int
    seconds: int
    most_bytes: int
    fetch_seconds: int
    hosts: tuple[str, ...]
    idle_seconds: float = 30.0
    train: str = TRAIN
    preview: str = PREVIEW

    @property
    def uploads(self) -> Path:
        """Where uploaded files wait."""
        return self.data_dir / "uploads"

    @property
    def work(self) -> Path:
        """Where each training has a folder while it is under way."""
        return self.data_dir / "training"


@dataclass(frozen=True, slots=True)
class Task:
    """One training, or one preview where `job` is empty, as a child process is told of it.

    `folder` is its own for temporary files, and `file` what the CSV is called in it; `upload` is the path of
    an uploaded file; `beginning` how many bytes of a link's file will do; `parent` the id of the process that
    reads what it tells.
    """

    job: str
    request: dict[str, str | None]
    function: str
    folder: str
    file: str
    upload: str | None
    models_dir: str
    trusted: tuple[str, ...]
    memory_mb: int
    seconds: int
    most_bytes: int
    fetch_seconds: int
    idle_seconds: float
    hosts: tuple[str, ...]
    beginning: int | None
    parent: int


def task_of(
    bounds: Bounds,
    request: dict[str, str | None],
    folder: Path,
    parent: int,
    *,
    job: str = "",
) -> Task:
    """The task of a training, or of a preview where there is no `job`."""
    upload = request.get("upload")
    return Task(
        job=job,
        request=request,
        function=bounds.train if job else bounds.preview,
        folder=str(folder),
        file=file_name(upload[UPLOAD_MARK:] if upload else urlsplit(request.get("dataset") or "").path),
        upload=str(bounds.uploads / upload) if upload else None,
        models_dir=str(bounds.models_dir),
        trusted=bounds.trusted,
        memory_mb=bounds.memory_mb,
        seconds=bounds.seconds,
        most_bytes=bounds.most_bytes,
        fetch_seconds=bounds.fetch_seconds,
        idle_seconds=bounds.idle_seconds,
        hosts=bounds.hosts,
        beginning=None if job else BEGINNING,
        parent=parent,
    )
