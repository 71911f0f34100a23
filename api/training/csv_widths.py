"""Whether each row of a CSV file is as wide as its header: exactly, or by a count that is nearly free."""

from __future__ import annotations

import csv
from pathlib import Path

from api.errors import UnfitData
from api.training.csv_dialect import Dialect

# Up to this size every row is checked; of larger files the delimiters are counted first.
_CHECKED_BYTES = 32 << 20
# So many rows that are not as wide are named.
_NAMED = 6


class Widths:
    """Refuses rows that are wider or narrower than the header, at once or while the file `path` is read."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        """Check a file that is not large, or that has no bytes to count in; raises UnfitData."""
        self.path = path
        self._dialect = dialect
        self._count: DelimiterCount | None = None
        self._checked = path.stat().st_size <= _CHECKED_BYTES or dialect.encoding == "utf-16"
        if self._checked:
            check_widths(path, dialect)

    def begin(self) -> None:
        """The file is read from its beginning."""
        self._count = None if self._checked else DelimiterCount(self._dialect)

    def add(self, block: bytes) -> None:
        """Count in the next block, an empty one at the end; raises UnfitData where a row is odd."""
        if self._count and not self._count.fits(block):
            # Once is enough: a file that the exact check finds nothing in is right.
            self._count, self._checked = None, True
            check_widths(self.path, self._dialect)


def check_widths(path: Path, dialect: Dialect) -> None:
    """Refuse rows that are wider or narrower than the header, naming them; raises UnfitData.

    One empty cell more is no cell: some programs write a delimiter at the end of rows.
    """
    width = len(dialect.names)
    odd: list[tuple[int, int]] = []
    count = number = 0
    errors = "replace" if dialect.encoding == "cp1252" else "strict"
    with path.open(encoding=dialect.encoding, errors=errors, newline="") as file:
        reader = csv.reader(file, delimiter=dialect.delimiter, skipinitialspace=True)
        try:
            for record in reader:
                number += 1
                if number <= dialect.skip or not record:
                    continue
                if len(record) != width and not (len(record) == width + 1 and not record[-1].strip()):
                    count += 1
                    if count <= _NAMED:
                        odd.append((number, len(record)))
        except csv.Error as error:
            raise UnfitData(f"Row {number + 1} cannot be read as CSV: {error}.", row=number + 1) from error
    if odd:
        raise _ragged(odd, count, dialect)


def _ragged(odd: list[tuple[int, int]], count: int, dialect: Dialect) -> UnfitData:
    row, cells = odd[0]
    width = len(dialect.names)
    more = f" So have {count - 1} other rows: {', '.join(str(at) for at, _ in odd[1:])}." if odd[1:] else ""
    what = f"nothing for the column {dialect.names[cells]}" if cells < width else "more than the last column"
    return UnfitData(
        f"Row {row} has {cells} cells where {width} belong, {what}.{more} Quote cells that hold a "
        f"{dialect.delimiter!r}, and leave missing ones empty.",
        row=row,
        column=dialect.names[cells] if cells < width else dialect.names[-1],
        expected=f"{width} cells",
    )


class DelimiterCount:
    """Counts delimiters and line ends while a file is read, in blocks of bytes from its beginning.

    Where the sum is right for each block of whole lines, the rows are as wide as the header: a row too short
    would need one too long beside it. Where it is not, they need not be odd (a lone quote is enough), so then
    they have to be checked exactly.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._delimiter = dialect.delimiter.encode()
        self._between = len(dialect.names) - 1
        self._skip = dialect.skip
        self._quoted = False
        self._rest = b""

    def fits(self, block: bytes) -> bool:
        """Whether the sum is right so far; an empty block is the end."""
        whole = self._whole_lines(block)
        rows = whole.count(b"\n")
        # The last line may have no end.
        rows += not block and bool(whole.strip()) and not whole.endswith(b"\n")
        missing = rows * self._between - whole.count(self._delimiter)
        if missing:
            # Lines of nothing are no rows.
            bare = whole.replace(b"\r", b"")
            empty = bare.count(b"\n") - len([line for line in bare.split(b"\n")[:-1] if line])
            missing -= empty * self._between
        return missing == 0

    def _whole_lines(self, block: bytes) -> bytes:
        """The next lines up to their ends, without what is quoted."""
        if self._quoted or b'"' in block:
            parts = block.split(b'"')
            outside = b"".join(parts[1::2] if self._quoted else parts[::2])
            self._quoted ^= len(parts) % 2 == 0
        else:
            outside = block
        text = self._rest + outside
        end = text.rfind(b"\n") + 1 if block else len(text)
        whole, self._rest = text[:end], text[end:]
        while self._skip and b"\n" in whole:
            whole, self._skip = whole.partition(b"\n")[2], self._skip - 1
        return whole
