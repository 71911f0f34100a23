"""A CSV on its way in: the body of a request as blocks, never as a whole.

Flask's own form parsing would keep the file on disk or in memory first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from werkzeug.exceptions import BadRequest
from werkzeug.sansio.multipart import Data, Event, Field, File, MultipartDecoder, NeedData

BLOCK = 64 * 1024
LONGEST_FIELD = 10_000
"""Bytes of a form's field that is no file. Ours are shorter."""


@dataclass(frozen=True)
class Upload:
    """What a form sends: its fields before the file, and the file's content as it comes."""

    fields: dict[str, str]
    blocks: Iterator[bytes]


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
    events = _events(stream, boundary)
    fields: dict[str, str] = {}
    for event in events:
        if isinstance(event, Field):
            fields[event.name] = _value(events)
        elif isinstance(event, File):
            return Upload(fields, _content(events))
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


def _events(stream: IO[bytes], boundary: str) -> Iterator[Event]:
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), 16 * BLOCK)
    ended = False
    try:
        while not ended:
            block = stream.read(BLOCK)
            ended = not block
            decoder.receive_data(block or None)
            while not isinstance(event := decoder.next_event(), NeedData):
                yield event
                if decoder.state.name == "COMPLETE":
                    return
    except (ValueError, AttributeError) as error:
        raise BadRequest("The file broke off on its way, or did not come as a form sends it.") from error


def _value(events: Iterator[Event]) -> str:
    value = b""
    for event in events:
        if isinstance(event, Data):
            value += event.data
            if len(value) > LONGEST_FIELD:
                raise BadRequest("A field of the form is too long.")
            if not event.more_data:
                break
    return value.decode("utf-8", "replace")


def _content(events: Iterator[Event]) -> Iterator[bytes]:
    for event in events:
        if isinstance(event, Data):
            if event.data:
                yield bytes(event.data)
            if not event.more_data:
                return
