"""How a CSV file is written: encoding, delimiter, header, found out from its beginning."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.errors import UnfitData
from api.training.csv_cells import is_missing, is_number
from api.training.words import unique

# This much of a file is looked at before it is read.
HEAD_BYTES = 1 << 20
# Rows of the beginning that are looked at.
HEAD_ROWS = 1000
DELIMITERS = (",", ";", "\t", "|")
_MOST_COLUMNS = 10_000

# How files begin that are something else.
_OTHERS = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook: save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save the sheet as CSV"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"PAR1", "a Parquet file: export it as CSV"),
    (b"%PDF", "a PDF document: export its table as CSV"),
)


@dataclass(frozen=True)
class Dialect:
    """How a file is written.

    `skip` is how many lines come before the header (Excel's `sep=;`); `names` the columns, in order, unique
    and not empty; `head` the first rows' cells, as many as were looked at; `warnings` sentences on what is
    odd about the header; `decimal` the mark that some column's numbers have, known once it was read.
    """

    encoding: str
    delimiter: str
    skip: int
    has_header: bool
    names: tuple[str, ...]
    head: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()
    decimal: str = "."

    @property
    def first_row(self) -> int:
        """The number that a spreadsheet shows beside the first row of values."""
        return self.skip + (2 if self.has_header else 1)


def find_dialect(path: Path) -> Dialect:
    """How the file at `path` is written; raises UnfitData where it is no CSV file."""
    with path.open("rb") as file:
        return dialect_of(file.read(HEAD_BYTES), path.stat().st_size <= HEAD_BYTES)


def dialect_of(head: bytes, whole: bool) -> Dialect:
    """How a file that begins with `head` is written; `whole` is whether that is all of it.

    Raises UnfitData where it is no CSV file.
    """
    _refuse_others(head)
    encoding, text = _decoded(head, whole)
    if not whole and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    skip, told = _told(text)
    for _ in range(skip):
        text = text.partition("\n")[2]
    if not text.strip():
        raise UnfitData("The file is empty: it needs a header and rows of values.")
    delimiter = told or _delimiter(text)
    records = _records(text, delimiter)
    names: list[str]
    warnings: list[str]
    has_header = _is_header(records)
    width = _width(records)
    if has_header:
        names, warnings = _names(records[0], width)
    else:
        names = [f"column_{at + 1}" for at in range(width)]
        warnings = ["The first row holds values, so the columns are called column_1, column_2 and so on."]
    rows = records[1:] if has_header else records
    return Dialect(
        encoding,
        delimiter,
        skip,
        has_header,
        tuple(names),
        tuple(tuple(one) for one in rows),
        tuple(warnings),
    )


def _refuse_others(head: bytes) -> None:
    for start, what in _OTHERS:
        if head.startswith(start):
            raise UnfitData(f"The file is no CSV but {what}.")
    start = head[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UnfitData("The file is no CSV but a web page: use the link of the file itself.")
    if start.startswith((b'{"', b"[{", b"[[")):
        raise UnfitData("The file is no CSV but JSON: write it as rows of cells with a header.")


def _decoded(head: bytes, whole: bool) -> tuple[str, str]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", codecs.getincrementaldecoder("utf-16")("replace").decode(head)
    if head.startswith(codecs.BOM_UTF8):
        head, encoding = head[3:], "utf-8-sig"
    else:
        encoding = "utf-8"
    at = head.find(b"\0")
    if at >= 0:
        raise nul_error(head.count(b"\n", 0, at) + 1)
    try:
        return encoding, codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return "cp1252", head.decode("cp1252", "replace")


def nul_error(line: int) -> UnfitData:
    """What to say of a file with NUL bytes."""
    return UnfitData(
        f"Line {line} holds a NUL byte, which no text has: the file is damaged, or no CSV.", row=line
    )


def _told(text: str) -> tuple[int, str | None]:
    """How many lines to leave out, and the delimiter that Excel's first line names."""
    first = text.partition("\n")[0].strip("\r").strip()
    if first.lower().startswith("sep=") and len(first) <= len("sep=;"):
        return 1, first[4:] or ","
    return 0, None


def _delimiter(text: str) -> str:
    """The delimiter with which most rows are as wide as the first.

    Of several it is one that is no comma, since numbers may have a comma; of those the one with most columns.
    """

    def score(delimiter: str) -> tuple[float, bool, int]:
        records = _records(text, delimiter)
        width = len(records[0])
        same = sum(len(one) == width for one in records) / len(records)
        return (round(same, 1), delimiter != ",", width) if width > 1 else (0.0, False, width)

    return max(DELIMITERS, key=score)


def _records(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) > HEAD_ROWS:
                break
    except csv.Error as error:
        raise UnfitData(
            f"Line {reader.line_num} cannot be read as CSV: {error}.", row=reader.line_num
        ) from error
    if not records:
        raise UnfitData("The file is empty: it needs a header and rows of values.")
    return records


def _width(records: Sequence[Sequence[str]]) -> int:
    width = len(records[0])
    if width > _MOST_COLUMNS:
        raise UnfitData(f"The file has {width:,} columns; at most {_MOST_COLUMNS:,} are read.")
    return width


def _is_header(records: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: a row of values has numbers where the rows below have them."""
    first, below = records[0], records[1 : 1 + 50]
    numeric = [at for at, cell in enumerate(first) if is_number(cell)]
    if not numeric:
        return True
    if not below:
        return False
    alike = [
        at
        for at in numeric
        if sum(at < len(row) and (is_number(row[at]) or is_missing(row[at])) for row in below)
        > len(below) / 2
    ]
    return len(alike) * 2 < len(first)


def _names(header: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    """The columns' names, and sentences on those that had to be changed."""
    warnings = []
    stripped = [" ".join(cell.split()) for cell in header]
    empty = [at + 1 for at, name in enumerate(stripped) if not name]
    named = [name or f"column_{at + 1}" for at, name in enumerate(stripped)]
    names = unique(named)
    if empty:
        listed = ", ".join(str(at) for at in empty[:10])
        warnings.append(f"The header has no name for column {listed}: it is called column_{empty[0]} here.")
    renamed = [f"{old} is {new}" for old, new in zip(named, names, strict=True) if old != new]
    if renamed:
        warnings.append(
            f"The header names columns twice: the second {', the second '.join(renamed[:5])} here."
        )
    return names, warnings
