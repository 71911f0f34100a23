"""The process that does the work of one training, or looks at one file, and tells its parent about it.

It is told what to do in one line of JSON on its standard input, and tells what it does and what came of it
in lines of JSON on its standard output; what it asks is answered on the standard input. It knows neither
the database nor the queue, and ends when its parent does.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import logging
import math
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from api import logs
from api.errors import BouquetError, Cancelled, DiskFull, InvalidInput, NotWritable, TrainingFailed, UnfitData
from api.registry.directory import ModelsDirectory
from api.schema.as_json import Json
from api.training.content import unpack
from api.training.fetch import Limits, fetch
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.task import Task

_log = logging.getLogger(__name__)

# So often at most it tells how far a step is.
_TELL_EVERY = 0.1
_PR_SET_PDEATHSIG = 1


class Parent:
    """Who started this process: is told, and asked."""

    def __init__(self, told: IO[str], answers: IO[str]) -> None:
        self._told = told
        self._answers: SimpleQueue[Json] = SimpleQueue()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    def tell(self, message: Json) -> None:
        """Say something."""
        line = json.dumps(message) + "\n"
        with self._lock:
            self._told.write(line)
            self._told.flush()

    def ask(self, question: Json) -> Json:
        """Ask something and wait for the answer."""
        self.tell(question)
        return self._answers.get()

    def _listen(self, answers: IO[str]) -> None:
        for line in answers:
            self._answers.put(json.loads(line))
        # The parent is gone, so nobody would take what comes of this.
        os._exit(1)


class TellingWatch:
    """Tells the parent how far the work is, but not too often."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent
        self._step = ""
        self._told_at = 0.0

    def step(self, name: str, share: float = 0.0, message: str = "") -> None:
        """Pass it on. A training that is cancelled ends with this process."""
        at = time.monotonic()
        if name == self._step and at - self._told_at < _TELL_EVERY and share < 1.0:
            return
        self._step, self._told_at = name, at
        self._parent.tell({"step": name, "share": share, "message": message})


class AnnouncingDirectory(ModelsDirectory):
    """A models directory in which a version is announced before it exists.

    The parent then keeps it back until it is known whether it is better, or says that the training is not
    its own any more, and nothing is published.
    """

    def __init__(self, path: Path, announce: Callable[[str, str], None]) -> None:
        super().__init__(path)
        self._announce = announce

    def _claim(self, name: str) -> str:
        version = super()._claim(name)
        self._announce(name, version)
        return version


class _Work:
    def __init__(self, task: Task, parent: Parent) -> None:
        self._task = task
        self._parent = parent
        self._watch = TellingWatch(parent)
        self._folder = Path(task.folder)
        self._directory = AnnouncingDirectory(Path(task.models_dir), self._announce)

    def train(self) -> Json:
        task = self._task
        request = TrainingRequest(**task.request)
        house = House(self._directory, self._enabled, task.seconds, task.trusted, self._folder)
        file = self._file(request)
        # Only now, because what it imports takes a hundred megabytes.
        train: Callable[..., Outcome] = _named(task.function)
        outcome = train(request, file, house, self._watch, task.job)
        card = outcome.card
        self._watch.step("compare", 0.9, f"loading version {card.version} as the service will")
        self._load(card.name, card.version)
        return {
            "model": card.name,
            "version": card.version,
            "enabled": outcome.better,
            "metrics": outcome.metrics,
            "report": outcome.report,
        }

    def preview(self) -> Json:
        request = TrainingRequest(**self._task.request)
        file = self._file(request, self._task.beginning)
        look: Callable[[Path, TrainingRequest], Json] = _named(self._task.function)
        return {"report": look(file, request)}

    def _file(self, request: TrainingRequest, beginning: int | None = None) -> Path:
        """The CSV on the disk."""
        task, watch = self._task, self._watch
        watch.step("download")
        kept = self._folder / task.file
        if not task.upload:
            limits = Limits(task.most_bytes, task.fetch_seconds, task.idle_seconds, task.hosts)
            fetch(str(request.dataset), kept, limits, self._came, beginning)
        elif not Path(task.upload).is_file():
            raise TrainingFailed("The uploaded file is not there any more: send it again.")
        else:
            # What is unpacked beside it goes with the folder, and the file itself stays for another attempt.
            kept.symlink_to(Path(task.upload).resolve())
        check = partial(watch.step, "download", 1.0, "unpacking")
        return unpack(kept, task.most_bytes, check, beginning=beginning is not None)

    def _came(self, have: int, whole: int | None) -> None:
        megabytes = f"{have / 1e6:.1f}" + (f" of {whole / 1e6:.1f}" if whole else "")
        self._watch.step("download", have / whole if whole else 0.0, f"{megabytes} MB")

    def _load(self, model: str, version: str) -> None:
        """Load a version as the service does; raises what that raises."""
        from api.runtime.load import load  # noqa: PLC0415 (so that ONNX Runtime is not there beside the rows)

        load(self._directory, model, version, self._task.trusted)

    def _enabled(self, model: str) -> str | None:
        """The version of a model that answers now, found as the serving processes find it."""
        said = self._parent.ask({"ask": "answers", "model": model})
        versions = [one for one in self._directory.versions(model) if one not in said["kept"]]
        chosen: str | None = said["chosen"]
        if chosen in versions:
            versions = [*versions[: versions.index(chosen)], chosen]
        for version in reversed(versions):
            try:
                self._load(model, version)
            except BouquetError as error:
                _log.warning("%s", error)
            else:
                return version
        return None

    def _announce(self, model: str, version: str) -> None:
        answers = self._enabled(model)
        said = self._parent.ask({"ask": "announce", "model": model, "version": version, "answers": answers})
        if not said["yours"]:
            raise Cancelled("The training was cancelled, or is another worker's now.")


def main() -> int:
    """Do what the first line says; returns the exit status."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Whatever a library prints goes to the log and not among the messages.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    task = Task(**json.loads(sys.stdin.readline()))
    _end_with(task.parent)
    logs.configure()
    limit = task.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    # People who wait for an answer go first.
    os.nice(10)
    parent = Parent(told, sys.stdin)
    try:
        work = _Work(task, parent)
        done = work.train() if task.job else work.preview()
        parent.tell({"done": _finite(done)})
    except Cancelled:
        return 1
    except Exception as error:
        parent.tell({"failed": _failure(error, task)})
    return 0


def _failure(error: Exception, task: Task) -> Json:
    """What is said of an error: a sentence, and where there are several, each with its place."""
    if isinstance(error, MemoryError):
        return {
            "detail": f"The work needs more than {task.memory_mb} MB of memory, which is the most it may "
            "take (TRAINING_MEMORY_MB). Try it with fewer rows or columns."
        }
    if isinstance(error, DiskFull) or (
        isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    ):
        return {"detail": "There is no room on the disk for what has to be written."}
    if isinstance(error, InvalidInput):
        members = ("field", "row", "detail", "expected", "received")
        return {
            "detail": str(error),
            "errors": [{name: getattr(one, name) for name in members} for one in error.problems],
        }
    if isinstance(error, OSError) and isinstance(error.filename, str | Path):
        error = NotWritable(error.strerror or str(error))
    if isinstance(error, UnfitData) and (error.row is not None or error.column is not None):
        place = {name: getattr(error, name) for name in ("row", "column", "expected")}
        return {"detail": str(error), "errors": [{"detail": str(error), **place}]}
    if isinstance(error, BouquetError):
        return {"detail": str(error)}
    _log.error("unforeseen error in training %s", task.job, exc_info=error)
    return {"detail": "Something went wrong in the training; the log has the details under its id."}


def _finite(value: Any) -> Any:
    """A value as JSON has it: what is no number becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value


def _named(function: str) -> Any:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)


def _end_with(parent: int) -> None:
    """Let the system end this process with its parent, however that ends (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
