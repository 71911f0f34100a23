"""A form with one file, read as it comes: the file goes on in blocks, and is never held as a whole.

Werkzeug's own decoder (3.1.9) adds a line end to a file whose boundary comes in two blocks, and Flask would
keep all of the file first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_options_header

BLOCK = 64 * 1024
# Of what is not the file: the headers of a part, or a field. The longest field is a link.
LONGEST_FIELD = 10_000
_MOST_PARTS = 50

# Takes the name that a file has with its sender, and its content as it comes.
Receive = Callable[[str, Iterator[bytes]], None]


def read_form(stream: IO[bytes], content_type: str, receive: Receive) -> dict[str, str]:
    """The fields of a form, once `receive` has taken its file.

    Raises BadRequest where it is no form, breaks off, names a field twice, or has not exactly one file.
    """
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    if not boundary:
        raise BadRequest("The form's content type names no boundary.")
    body = _Body(stream)
    between = b"\r\n--" + boundary.encode("latin-1", "replace")
    fields: dict[str, str] = {}
    files = 0
    body.short_until(between)
    # After the last part, two dashes stand where the line of the boundary ends after the others.
    while (head := body.short_until(b"\r\n\r\n", or_end=True)).startswith(b"\r\n"):
        name, file = _part(head)
        if file is not None:
            files += 1
            if files > 1:
                raise BadRequest("The form must have one file, and has several.")
            receive(file, body.until(between))
            continue
        if name in fields or len(fields) > _MOST_PARTS:
            raise BadRequest(f"The form has the field {name[:40]!r} twice, or very many fields.")
        fields[name] = body.short_until(between).decode("utf-8", "replace")
    if not files:
        raise BadRequest("The form must have a file: a part with a filename.")
    return fields


class _Body:
    """A body that is read up to one mark after the other."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        # The first boundary has no line end of its own before it.
        self._read = b"\r\n"

    def until(self, mark: bytes, *, or_end: bool = False) -> Iterator[bytes]:
        """What comes before `mark`, as it comes; raises BadRequest if it never comes, unless `or_end`."""
        while (place := self._read.find(mark)) < 0:
            # The beginning of the mark may be there already.
            sure = max(0, len(self._read) - len(mark) + 1)
            if sure:
                yield self._read[:sure]
            block = self._stream.read(BLOCK)
            if not block:
                if or_end:
                    yield self._read[sure:]
                    self._read = b""
                    return
                raise BadRequest("The form broke off on its way, or is none.")
            self._read = self._read[sure:] + block
        if place:
            yield self._read[:place]
        self._read = self._read[place + len(mark) :]

    def short_until(self, mark: bytes, *, or_end: bool = False) -> bytes:
        """The same as a whole, which must not be long."""
        whole = b""
        for block in self.until(mark, or_end=or_end):
            whole += block
            if len(whole) > LONGEST_FIELD:
                raise BadRequest(
                    f"A field of the form is longer than {LONGEST_FIELD} bytes, or it is no form."
                )
        return whole


def _part(head: bytes) -> tuple[str, str | None]:
    """The name of a part, and of its file where it is one."""
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            options = parse_options_header(value)[1]
            return options.get("name", ""), options.get("filename")
    return "", None
