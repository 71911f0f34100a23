"""What a file is by its looks: a CSV, perhaps packed by gzip, or something that cannot be one."""

from __future__ import annotations

import errno
import zlib
from collections.abc import Callable
from pathlib import Path

from api.errors import DiskFull, FetchFailed

_BLOCK = 256 * 1024
_GZIP = b"\x1f\x8b"
# How a file begins that people take for a CSV, and what it is.
_OTHERS = (
    (b"PK\x03\x04", "a zip or Excel file: save the sheet as CSV, or unpack the file, first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file: save the sheet as CSV first"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file: write it as CSV first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"7z\xbc\xaf", "a 7z file: unpack it first"),
    (b"BZh", "packed by bzip2: unpack it first"),
    (b"\xfd7zXZ", "packed by xz: unpack it first"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<?xml")
_TYPES = {
    "text/html": "a web page, perhaps one to sign in on",
    "application/xhtml+xml": "a web page",
    "application/json": "JSON",
    "application/pdf": "a PDF",
}
_KINDS = {"image": "a picture", "audio": "sound", "video": "a film", "font": "a font"}


def refuse_content_type(content_type: str) -> None:
    """Raise FetchFailed for a content type that no CSV comes with; none at all will do."""
    kind = _TYPES.get(content_type) or _KINDS.get(content_type.partition("/")[0])
    if kind:
        raise FetchFailed(f"The link leads to {kind}, not to a CSV file.")


def unpack(path: Path, most_bytes: int, check: Callable[[], None], *, beginning: bool = False) -> Path:
    """The CSV in a file: the file itself, or beside it what gzip had packed.

    `check` is called now and then, and what it raises ends the work. Of a mere `beginning` of a file the end
    is not missed. Raises FetchFailed for a file that is no CSV by its first bytes, is empty, is damaged, or
    has more than `most_bytes` when it is unpacked; and DiskFull.
    """
    with path.open("rb") as file:
        start = file.read(512)
    _refuse(start)
    if not start.startswith(_GZIP):
        return path
    unpacked = path.with_name(path.name + ".unpacked")
    try:
        _gunzip(path, unpacked, most_bytes, check, beginning)
    except zlib.error as error:
        raise FetchFailed("The file is packed by gzip, and damaged.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("There is no room on the disk for the file.") from error
        raise
    path.unlink()
    with unpacked.open("rb") as file:
        _refuse(file.read(512))
    return unpacked


def _refuse(start: bytes) -> None:
    if not start.strip():
        raise FetchFailed("The file is empty.")
    for sign, kind in _OTHERS:
        if start.startswith(sign):
            raise FetchFailed(f"The file is no CSV: it is {kind}.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES):
        raise FetchFailed("The file is no CSV: it is a web page, perhaps one to sign in on.")


def _gunzip(path: Path, unpacked: Path, most: int, check: Callable[[], None], beginning: bool) -> None:
    written = 0
    with path.open("rb") as packed, unpacked.open("wb") as out:
        one, data = zlib.decompressobj(wbits=31), packed.read(_BLOCK)
        while data:
            check()
            # So much at a time and no more, however small it was packed.
            block = one.decompress(data, _BLOCK)
            written += len(block)
            if written > most:
                raise FetchFailed(
                    f"Unpacked, the file is longer than {most // 1024**2} MB, the most that is taken."
                )
            out.write(block)
            data = one.unconsumed_tail or (one.unused_data if one.eof else b"") or packed.read(_BLOCK)
            if one.eof and data.startswith(_GZIP):
                # A file can be several packed ones, one behind the other.
                one = zlib.decompressobj(wbits=31)
            elif one.eof:
                return
    if not beginning:
        raise FetchFailed("The file is packed by gzip, and broken off.")
