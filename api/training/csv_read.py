"""Reading a CSV file, in pieces, into a table whose columns take as little memory as their values allow."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from api.errors import UnfitData
from api.training.csv_cells import MISSING
from api.training.csv_columns_read import Reader
from api.training.csv_dialect import Dialect, nul_error
from api.training.csv_kinds import Wanted, readers_of
from api.training.csv_table import Table
from api.training.csv_widths import Widths
from api.training.memory import give_back

# Called with the share of the file that has been read.
Told = Callable[[float], None]

_CELLS_AT_ONCE = 2_000_000
_MOST_ROWS_AT_ONCE = 50_000
_CHARACTERS_AT_ONCE = 64_000_000
# The rows that say of what kind each column is; they are read as texts.
_FIRST_ROWS = 50_000


class NotOfItsKind(Exception):
    """A column turns out to be of texts after all; the argument is its name."""


def read_table(path: Path, dialect: Dialect, wanted: Wanted, told: Told) -> tuple[Table, Dialect]:
    """The table in a file, and how it is really written: a byte far down can show another encoding.

    Raises UnfitData.
    """
    texts: set[str] = set()
    while True:
        try:
            return _read(path, dialect, replace(wanted, texts=frozenset(texts)), told)
        except UnicodeDecodeError:
            if dialect.encoding == "cp1252":
                raise UnfitData("The file is neither UTF-8 nor Latin-1 text.") from None
            dialect = replace(dialect, encoding="cp1252")
        except NotOfItsKind as found:
            texts.add(str(found))


def _read(path: Path, dialect: Dialect, wanted: Wanted, told: Told) -> tuple[Table, Dialect]:
    size, width = max(1, path.stat().st_size), max(1, len(dialect.names))
    first = max(1000, min(_FIRST_ROWS, _CELLS_AT_ONCE // width, _CHARACTERS_AT_ONCE // _row_size(dialect)))
    widths = Widths(path, dialect)
    with _Blocks(widths) as blocks, _open(blocks, dialect, dtype="category", chunksize=first) as chunks:
        chunk = _next(chunks, dialect)
        if chunk is None:
            raise UnfitData("The file has a header and no rows of values.")
        readers = readers_of(chunk, wanted, dialect.delimiter)
        whole = len(chunk) < first
        if whole:
            _add(readers, chunk, dialect.first_row)
            rows = len(chunk)
    del chunk
    # Every text of them was an object of its own.
    give_back()
    if not whole:
        # Once more from the start: now that the kinds are known, numbers are read as such, which is fast.
        at_once = min(_MOST_ROWS_AT_ONCE, 4 * first)
        rows = _read_by_kind(widths, dialect, readers, at_once, lambda done: told(min(1.0, done / size)))
    told(1.0)
    if any(one.numerals.decimal == "," for one in readers):
        dialect = replace(dialect, decimal=",")
    return Table({one.name: one.column() for one in readers}, rows), dialect


def _row_size(dialect: Dialect) -> int:
    """How many characters the rows that were looked at have, on average and at least one."""
    sizes = [sum(map(len, row)) for row in dialect.head]
    return 1 + sum(sizes) // max(1, len(sizes))


def _read_by_kind(
    widths: Widths, dialect: Dialect, readers: list[Reader], at_once: int, told: Callable[[int], None]
) -> int:
    """Read the whole file, the columns that are kept only; returns how many rows it has."""
    wanted = [one for one in readers if one.is_kept]
    plain = [one for one in wanted if not one.reads_texts]
    decimal = "," if plain and all(one.numerals.decimal == "," for one in plain) else "."
    kinds = {one.name: "category" for one in wanted if one.reads_texts or one.numerals.decimal != decimal}
    rows = 0
    with (
        _Blocks(widths) as blocks,
        _open(
            blocks,
            dialect,
            dtype=kinds,
            chunksize=at_once,
            usecols=[one.name for one in wanted],
            decimal=decimal,
        ) as chunks,
    ):
        while (chunk := _next(chunks, dialect)) is not None:
            count = len(chunk)
            _add(wanted, chunk, dialect.first_row + rows)
            rows += count
            told(blocks.done)
    return rows


def _add(readers: list[Reader], chunk: pd.DataFrame, row: int) -> None:
    for one in readers:
        if one.is_kept:
            one.add(chunk[one.name], row)
        if one.is_of_texts:
            raise NotOfItsKind(one.name)


def _open(blocks: _Blocks, dialect: Dialect, *, dtype: Any, chunksize: int, **options: Any) -> Any:
    try:
        return pd.read_csv(
            io.BufferedReader(blocks, 1 << 20),
            sep=dialect.delimiter,
            encoding=dialect.encoding,
            encoding_errors="replace" if dialect.encoding == "cp1252" else "strict",
            header=None,
            names=list(dialect.names),
            index_col=False,
            skiprows=dialect.skip + int(dialect.has_header),
            dtype=dtype,
            chunksize=chunksize,
            keep_default_na=False,
            na_values=list(MISSING),
            skipinitialspace=True,
            low_memory=False,
            **options,
        )
    except pd.errors.EmptyDataError:
        raise UnfitData("The file has a header and no rows of values.") from None


def _next(chunks: Any, dialect: Dialect) -> pd.DataFrame | None:
    """The next rows, None after the last."""
    try:
        chunk: pd.DataFrame = next(chunks)
    except StopIteration:
        return None
    except pd.errors.ParserError as error:
        raise UnfitData(f"The file cannot be read as CSV: {_tidied(error)}.") from error
    return chunk if len(chunk) else None


def _tidied(error: Exception) -> str:
    return str(error).replace("Error tokenizing data. C error: ", "").strip().rstrip(".")


class _Blocks(io.RawIOBase):
    """A file that counts what is read of it, and refuses NUL bytes and rows of another width."""

    def __init__(self, widths: Widths) -> None:
        super().__init__()
        self._widths = widths
        widths.begin()
        self._file = widths.path.open("rb", buffering=0)
        self._may_hold_nul = self._file.read(2) in (b"\xff\xfe", b"\xfe\xff")
        self._file.seek(0)
        self.done = 0
        self._lines = 1

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into `buffer`; raises UnfitData at a NUL byte, and where a row is odd."""
        count = self._file.readinto(buffer)
        held = bytes(memoryview(buffer)[:count])
        if not self._may_hold_nul:
            at = held.find(b"\0")
            if at >= 0:
                raise nul_error(self._line_at(self.done + at))
        self._widths.add(held)
        self.done += count
        return count

    def _line_at(self, place: int) -> int:
        self._file.seek(0)
        lines, left = 1, place
        while left > 0:
            block = self._file.read(min(left, 1 << 20))
            lines += block.count(b"\n")
            left -= len(block)
        return lines

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
