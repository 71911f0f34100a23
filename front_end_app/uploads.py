"""A CSV on its way in: the body of a request as blocks, never as a whole.

Flask's own form parsing would keep the file on disk or in memory first, and the decoder beneath it
(Werkzeug 3.1.9) adds a line end to a file whose boundary comes in two blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_options_header

BLOCK = 64 * 1024
LONGEST_FIELD = 10_000
"""Bytes of what stands before the file: the headers of a part, or a field. Ours are shorter."""


@dataclass(frozen=True)
class Upload:
    """What a form sends: its fields before the file, the file's content as it comes, and its name, which
    is "" where no file was chosen."""

    fields: dict[str, str]
    blocks: Iterator[bytes]
    file_name: str = ""


def read_body(stream: IO[bytes], length: int | None) -> Iterator[bytes]:
    """A body as it comes; raises BadRequest if it breaks off before its `length`."""
    received = 0
    while block := stream.read(BLOCK):
        received += len(block)
        yield block
    if length is not None and received < length:
        raise BadRequest("The file broke off on its way.")


def read_form(stream: IO[bytes], boundary: str) -> Upload:
    """A multipart form up to its file; raises BadRequest if it is none, or has no file."""
    body = _Body(stream)
    between = b"\r\n--" + boundary.encode("latin-1", "replace")
    fields: dict[str, str] = {}
    body.short_until(between)
    # After the last part, two dashes stand where the line of the boundary ends after the others.
    while (head := body.short_until(b"\r\n\r\n")).startswith(b"\r\n"):
        name, file_name = _part(head)
        if file_name is not None:
            return Upload(fields, body.until(between), file_name)
        fields[name] = body.short_until(between).decode("utf-8", "replace")
    raise BadRequest("The form came without a file.")


def drain(stream: IO[bytes]) -> None:
    """Read what is left of a body, and forget it.

    A browser shows the answer only when all it has to send has been taken.
    """
    try:
        while stream.read(BLOCK):
            pass
    except OSError:
        # The browser is gone, and so is whoever the answer was for.
        return


class _Body:
    """A body that is read up to one mark after the other."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        # The first boundary has no line end of its own before it.
        self._read = b"\r\n"

    def until(self, mark: bytes) -> Iterator[bytes]:
        """What comes before `mark`, as it comes; raises BadRequest if it never comes."""
        while (place := self._read.find(mark)) < 0:
            # The beginning of the mark may be there already.
            sure = max(0, len(self._read) - len(mark) + 1)
            if sure:
                yield self._read[:sure]
            block = self._stream.read(BLOCK)
            if not block:
                raise BadRequest("The file broke off on its way, or did not come as a form sends it.")
            self._read = self._read[sure:] + block
        if place:
            yield self._read[:place]
        self._read = self._read[place + len(mark) :]

    def short_until(self, mark: bytes) -> bytes:
        """The same as a whole, which must not be long."""
        whole = b""
        for block in self.until(mark):
            whole += block
            if len(whole) > LONGEST_FIELD:
                raise BadRequest("The form holds more than its file.")
        return whole


def _part(head: bytes) -> tuple[str, str | None]:
    """The name of a part, and of its file; None where it is no file."""
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            options = parse_options_header(value)[1]
            return options.get("name", ""), options.get("filename")
    return "", None
