"""Training beside a service what it comes with and does not have yet. It imports no scikit-learn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager

_STOP_SECONDS = 5


@contextmanager
def training_missing(recipes: Collection[str]) -> Iterator[None]:
    """Let another process train the recipes that have no model yet; it ends with this one.

    The service takes up each model when it is published, as it does with every other.
    """
    if not recipes:
        yield
        return
    command = [sys.executable, "-m", "api", "train-missing"]
    process = subprocess.Popen(command)  # noqa: S603 (the words are our own)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
