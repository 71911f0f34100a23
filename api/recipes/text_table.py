"""A CSV or TSV file as somebody has it, read as a stream: its encoding and its delimiter are found out."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.errors import UnreadableData

_BLOCK = 1 << 20
_DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
_MOST_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in a file: how it is written, and the names of its columns.

    `quoted` is False where a quotation mark is a character like any other, as in O*NET's files.
    """

    path: Path
    encoding: str
    delimiter: str
    quoted: bool
    header: tuple[str, ...]

    @property
    def written(self) -> str:
        """How it is written, for people: "UTF-8, commas"."""
        names = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}
        return f"{names.get(self.encoding, 'Latin-1')}, {_DELIMITERS[self.delimiter]}"

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row under the header with its number, from 1; blank lines are none.

        Raises UnreadableData at the end where rows have more or fewer cells than the header, and at once
        where quotation marks are not as they should be.
        """
        odd: list[str] = []
        beyond = number = 0
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, **_format(self.delimiter, self.quoted))
            try:
                next(cells for cells in reader if cells)
                for cells in reader:
                    if not cells:
                        continue
                    number += 1
                    if len(cells) == len(self.header):
                        yield number, cells
                    elif len(odd) < _MOST_PROBLEMS:
                        odd.append(f"row {number} (line {reader.line_num}) has {len(cells)}")
                    else:
                        beyond += 1
            except csv.Error as error:
                raise UnreadableData(self.path.name, _quoting(number + 1, reader.line_num, error)) from error
        if odd:
            more = f", and {beyond} more rows are like that" if beyond else ""
            raise UnreadableData(
                self.path.name,
                f"the header has {len(self.header)} cells, and {', '.join(odd)}{more}. Put texts that hold "
                f"one of the {_DELIMITERS[self.delimiter]} between cells into double quotation marks.",
            )


def open_table(path: Path, likely: Callable[[Sequence[str]], int], quoted: bool = True) -> TextTable:
    """Find out how a file is written, and read its header; raises UnreadableData, or OSError.

    The delimiter is the one with which the header is the most `likely`, and then has the most cells.
    """
    encoding = _encoding(path)
    headers = {one: _header(path, encoding, one, quoted) for one in _DELIMITERS}
    delimiter = max(headers, key=lambda one: (likely(headers[one]), len(headers[one])))
    header = tuple(name.strip() for name in headers[delimiter])
    if not any(header):
        raise UnreadableData(path.name, "it is empty: a header with the names of the columns is expected.")
    return TextTable(path, encoding, delimiter, quoted, header)


def _encoding(path: Path) -> str:
    """UTF-8 where all of the file is, UTF-16 where it says so, or else what Windows calls Latin-1."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start.startswith(b"PK\x03\x04"):
            raise UnreadableData(path.name, "it is a workbook or an archive: save the table as CSV.")
        file.seek(0)
        while block := file.read(_BLOCK):
            if b"\x00" in block:
                raise UnreadableData(path.name, "it holds NUL bytes: a text file, CSV or TSV, is expected.")
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                encoding = "cp1252"
    return encoding


def _header(path: Path, encoding: str, delimiter: str, quoted: bool) -> list[str]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            return next((cells for cells in csv.reader(file, **_format(delimiter, quoted)) if cells), [])
        except csv.Error:
            return []


def _format(delimiter: str, quoted: bool) -> dict[str, Any]:
    """How the csv module is to read it."""
    if not quoted:
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    # Strict, since a quotation mark that is never closed would swallow the rest of the file.
    return {"delimiter": delimiter, "strict": True, "skipinitialspace": delimiter != "\t"}


def _quoting(row: int, line: int, error: csv.Error) -> str:
    return (
        f"row {row} (up to line {line}) is not CSV ({error}). A cell that holds a delimiter, a line break "
        "or a quotation mark stands in double quotation marks, and each of its own is doubled."
    )
