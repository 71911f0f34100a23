"""The spool: where a record is before it is in the database.

An answer is given only once its record is in a file of this process. That survives the process being killed
in whatever way; it survives the machine losing power only as far as the system has written the file out,
because nobody waits for the disk.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from api.errors import NotRecorded
from api.predictions.segment import HELD, KEPT, Segment, abandoned_segment, new_segment

# Beyond this, a segment is followed by another, so that what has been drained can be deleted.
MOST_BYTES = 4 * 1024 * 1024
# How much of many small segments is drained at once: bytes and files, each of which is open meanwhile.
_BYTES, _FILES = 1024 * 1024, 64


class Spool:
    """The records that processes wrote and that are not in the database yet.

    Any thread may append. What one process writes to is nobody else's until it is handed over, or until the
    process ends: then whoever drains finds it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._active: Segment | None = None
        # What was handed over last.
        self._handed: Path | None = None

    def append(self, lines: bytes) -> None:
        """Keep whole lines; raises NotRecorded where there is no room, and then none of them is kept."""
        # Not within `_recorded`: a context manager takes as long as the system does to write.
        try:
            with self._lock:
                active = self._active
                if active is None:
                    active = self._active = new_segment(self.folder, KEPT)
                elif active.written > MOST_BYTES:
                    self._active = None
                    active.close()
                    active = self._active = new_segment(self.folder, KEPT)
                active.append(lines)
        except OSError as error:
            raise _not_recorded(error) from error

    def hand_over(self) -> None:
        """Let what was written be drained by whoever does that; what is written next goes into another file.

        Unless what was handed over before is still waiting: an outage leaves few large files, not many small.
        """
        active = self._active
        if active is None or not active.written or (self._handed is not None and self._handed.exists()):
            return
        try:
            # Made here, and not while somebody waits for an answer.
            following = new_segment(self.folder, KEPT)
        except OSError:
            following = None
        with self._lock:
            changed = active is not self._active
            if not changed:
                self._active = following
        if changed:
            _drop(following)
            return
        active.close()
        self._handed = active.path

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """A place for the records of an answer that is not certain yet; all of them are dropped unless kept.

        Raises NotRecorded.
        """
        with _recorded():
            segment = new_segment(self.folder, HELD)
        held = Held(segment)
        try:
            yield held
        finally:
            if not held.kept:
                segment.delete()
            # From here on it is an abandoned segment, which the next look at the folder finds.
            segment.close()

    def abandoned(self) -> Generator[list[Segment], None, None]:
        """The segments that no process has, newest first: some at a time, which are this one's until the
        next are asked for.

        So after an outage what is answered now does not wait for all that was answered before. What was held,
        and not kept before its process ended, was not answered: it is deleted.
        """
        some: list[Segment] = []
        try:
            for path in self._listed():
                segment = abandoned_segment(path)
                if segment is None:
                    continue
                some.append(segment)
                if path.suffix == HELD:
                    segment.delete()
                    some.pop().close()
                elif len(some) == _FILES or sum(one.left for one in some) >= _BYTES:
                    yield some
                    _close(some)
            if some:
                yield some
        finally:
            _close(some)

    def waiting(self) -> int:
        """How many bytes of records are in the folder, whoever has them."""
        sizes = 0
        for path in self._listed():
            with suppress(FileNotFoundError):
                sizes += path.stat().st_size
        return sizes

    def set_aside(self, line: bytes) -> None:
        """Keep a line that the database does not take, in a file that nothing reads."""
        with (self.folder / "refused").open("ab") as file:
            file.write(line)

    def close(self) -> None:
        """Let go of the file that is written to, for whoever drains now or at the next start."""
        with self._lock:
            active, self._active = self._active, None
        if active is not None:
            if not active.written:
                active.delete()
            active.close()

    def _listed(self) -> list[Path]:
        try:
            names = sorted(os.listdir(self.folder), reverse=True)
        except FileNotFoundError:
            return []
        return [self.folder / name for name in names if name.endswith((KEPT, HELD))]


class Held:
    """Records of an answer that is not certain yet, in a segment of their own."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self.kept = False

    def append(self, lines: bytes) -> None:
        """Hold whole lines; raises NotRecorded."""
        with _recorded():
            self._segment.append(lines)

    def keep(self) -> None:
        """Let all of them be records, at once: the answer is about to be given. Raises NotRecorded."""
        with _recorded():
            self._segment.rename(KEPT)
        self.kept = True


def _close(segments: list[Segment]) -> None:
    while segments:
        segments.pop().close()


def _drop(segment: Segment | None) -> None:
    if segment is not None:
        segment.delete()
        segment.close()


@contextmanager
def _recorded() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _not_recorded(error) from error


def _not_recorded(error: OSError) -> NotRecorded:
    return NotRecorded(error.strerror or str(error))
