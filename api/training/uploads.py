"""Files that somebody sends to be trained from: kept until a training of them has ended."""

from __future__ import annotations

import errno
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import uuid4

from api.errors import DiskFull, FileTooLong
from api.training.task import file_name

# A file that was looked at and not trained from is kept for so long.
KEEP_SECONDS = 3600.0


class Uploads:
    """The files in `folder`, none longer than `most_bytes`."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def receive(self, called: str, blocks: Iterable[bytes]) -> str:
        """Keep a file as it comes; returns the name it has here. Raises FileTooLong or DiskFull."""
        name = f"{uuid4().hex}-{file_name(called)}"
        aside, received = self._folder / f"{name}.part", 0
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                for block in blocks:
                    received += len(block)
                    if received > self._most_bytes:
                        raise FileTooLong(self._most_bytes // 1024**2)
                    file.write(block)
            aside.replace(self._folder / name)
        except OSError as error:
            aside.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull("There is no room on the disk for the file.") from error
            raise
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        return name

    def there(self, name: str) -> bool:
        """Whether a file of that name is kept here."""
        return Path(name).name == name and not name.endswith(".part") and (self._folder / name).is_file()

    def forget(self, name: str) -> None:
        """Delete one."""
        (self._folder / name).unlink(missing_ok=True)

    def forget_old(self, needed: Collection[str]) -> None:
        """Delete what is old, but for the files that are `needed`."""
        if not self._folder.is_dir():
            return
        before = time.time() - KEEP_SECONDS
        for path in self._folder.iterdir():
            if path.name not in needed and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
