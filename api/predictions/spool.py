"""The spool: where a record is before it is in the database.

An answer is given only once its record is in a file of this process. That survives the process being killed
in whatever way; it survives the machine losing power only as far as the system has written the file out,
because nobody waits for the disk.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.errors import NotRecorded
from api.predictions.segment import HELD, KEPT, Segment, abandoned_segment, new_segment

# Beyond this, a segment is followed by another, so that what has been drained can be deleted.
MOST_BYTES = 4 * 1024 * 1024


class Spool:
    """The records that this process has not yet brought into the database, and those of ended processes.

    Any thread may append; one thread drains.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._active: Segment | None = None
        # Full ones that nobody has begun to read, to be closed by the thread that drains.
        self._full: list[Segment] = []

    def append(self, lines: bytes) -> None:
        """Keep whole lines; raises NotRecorded where there is no room, and then none of them is kept."""
        with self._lock, _recorded():
            if self._active is None:
                self._active = new_segment(self._folder, KEPT)
            elif self._active.left > MOST_BYTES:
                self._full.append(self._active)
                self._active = None
                self._active = new_segment(self._folder, KEPT)
            self._active.append(lines)

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """A place for the records of an answer that is not certain yet; all of them are dropped unless kept.

        Raises NotRecorded.
        """
        with _recorded():
            segment = new_segment(self._folder, HELD)
        held = Held(segment)
        try:
            yield held
        finally:
            if not held.kept:
                segment.delete()
            # From here on it is an abandoned segment, which the next look at the folder finds.
            segment.close()

    def own(self) -> Segment | None:
        """The segment that this process writes to, if it has one with anything to drain."""
        with self._lock:
            full, self._full = self._full, []
            active = self._active
        for segment in full:
            segment.close()
        return active if active is not None and active.left else None

    def release(self, segment: Segment) -> Segment | None:
        """After its lines have been drained: empty it; or, of much that is written to all the time, have
        another one follow, and return it to be drained to its end."""
        with self._lock:
            if segment is not self._active:
                return None
            if not segment.left:
                segment.empty()
            elif segment.written > MOST_BYTES:
                self._active = None
                return segment
        return None

    def abandoned(self) -> Iterator[Segment]:
        """The segments that no process has, oldest first: each is this one's until the next is asked for.

        What was held, and not kept before its process ended, was not answered: it is deleted.
        """
        for path in self._listed():
            segment = abandoned_segment(path)
            if segment is None:
                continue
            try:
                if path.suffix == HELD:
                    segment.delete()
                else:
                    yield segment
            finally:
                segment.close()

    def set_aside(self, line: bytes) -> None:
        """Keep a line that the database does not take, in a file that nothing reads."""
        with (self._folder / "refused").open("ab") as file:
            file.write(line)

    def close(self) -> None:
        """Let go of the files; what they hold is drained by whichever process comes next."""
        with self._lock:
            active, self._active = self._active, None
            segments = [*self._full, *([active] if active else [])]
            self._full = []
        for segment in segments:
            if not segment.left:
                segment.delete()
            segment.close()

    def _listed(self) -> list[Path]:
        try:
            names = sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return []
        return [self._folder / name for name in names if name.endswith((KEPT, HELD))]


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


@contextmanager
def _recorded() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotRecorded(error.strerror or str(error)) from error
