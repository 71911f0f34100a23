"""Reading a CSV some rows at a time: plain lines as they are, and anything else by the csv module."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Any

from api.errors import FieldProblem, NotACsv
from api.predictions.csv_columns import Columns
from api.runtime.rows import Rows


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a CSV, none of which is empty.

    Either `lines`, whole and without their ends, in which a `delimiter` is nothing else; or `records`.
    """

    delimiter: str
    lines: list[str] | None
    records: list[list[str]]

    def __len__(self) -> int:
        return len(self.records if self.lines is None else self.lines)

    def cells(self) -> list[list[str]]:
        """The cells of each row."""
        return self.records if self.lines is None else [one.split(self.delimiter) for one in self.lines]

    def rows(self, columns: Columns) -> tuple[Rows, list[FieldProblem]]:
        """The rows as the model takes them, and what does not fit, as `Columns.rows_of` gives them."""
        if self.lines is None:
            return columns.rows_of(self.records)
        if set(map(str.count, self.lines, repeat(self.delimiter))) != {columns.width - 1}:
            return columns.rows_of(self.cells())
        return columns.rows_of_cells(self.delimiter.join(self.lines).split(self.delimiter))


class Chunks:
    """A CSV from its first line on; everything raises NotACsv, naming the line, where it is none."""

    def __init__(self, first: str, rest: Iterator[str], delimiter: str) -> None:
        self._lines = rest
        self._delimiter = delimiter
        self._read = 0
        # Set from the first row on that is not plain.
        self._records: Iterator[list[str]] | None = None
        self.header = next(self._parsed([first]))

    def next(self, most: int) -> Chunk:
        """Up to `most` of the next rows; none at the end."""
        while self._records is None:
            lines = self._next_lines(most)
            if not lines:
                return Chunk(self._delimiter, [], [])
            text = "".join(lines).replace("\r\n", "\n")
            if not _is_plain(text, lines):
                self._records = self._parsed(lines)
                break
            self._read += len(lines)
            kept = [one for one in text.split("\n") if one]
            if kept:
                return Chunk(self._delimiter, kept, [])
        return Chunk(self._delimiter, None, list(islice(self._records, most)))

    def _next_lines(self, most: int) -> list[str]:
        lines: list[str] = []
        try:
            lines.extend(islice(self._lines, most))
        except UnicodeDecodeError as error:
            raise _not_utf8(self._read + len(lines) + 1) from error
        return lines

    def _parsed(self, lines: list[str]) -> Iterator[list[str]]:
        """The records that are not empty lines, of some lines and those that follow them."""
        reader: Any = csv.reader(chain(lines, self._lines), delimiter=self._delimiter, strict=True)
        before = self._read
        while True:
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                line = before + reader.line_num
                raise NotACsv(f"Line {line} of the CSV cannot be read: {error}.") from error
            except UnicodeDecodeError as error:
                raise _not_utf8(before + reader.line_num + 1) from error
            self._read = before + reader.line_num
            if record:
                yield record


def _is_plain(text: str, lines: list[str]) -> bool:
    """Whether nothing is quoted, every line ends as lines do, and no cell is too long for the csv module."""
    if '"' in text or "\r" in text:
        return False
    return len(text) <= csv.field_size_limit() or max(map(len, lines)) <= csv.field_size_limit()


def _not_utf8(line: int) -> NotACsv:
    return NotACsv(f"The CSV is not text in UTF-8, at line {line} or soon after.")
