"""Whose turn it is to drain a spool: one process's at a time, so that the others have no work with it."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path


class Turn:
    """A lock (flock) on a file beside the spool's folder, which ends with its process in whatever way.

    It divides the work and guards nothing: what is drained is locked itself.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder.with_suffix(".lock")
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether it is this one's turn from now on, or was already."""
        if self._descriptor is not None:
            return True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode=0o600)
        except OSError:
            # No room for it, perhaps: then to drain what is there makes some.
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def give_up(self) -> None:
        """Let others have it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)
