"""Rows that are not as wide as the header, in files of any size."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import UnfitData
from api.training.csv_dialect import dialect_of, find_dialect
from api.training.csv_kinds import Wanted
from api.training.csv_read import read_table
from api.training.csv_widths import DelimiterCount

HEADER = b"a,b,c\n"
LARGE = 33 << 20
RIGHT = {
    "plain": HEADER + b"1,2,3\n" * 5,
    "no end of the last line": HEADER + b"1,2,3\n4,5,6",
    "Windows": HEADER.replace(b"\n", b"\r\n") + b"1,2,3\r\n" * 5,
    "delimiters and lines in quotes": HEADER + b'1,"2, or\n3,",3\n"a ""b"", c",2,"3\n"\n' * 3,
    "lines of nothing": HEADER + b"\n1,2,3\n\n\r\n4,5,6\n\n",
    "Excel's first line": b"sep=,\n" + HEADER + b"1,2,3\n",
    "one column": b"a\n1\n\n2\n",
}
ODD = {
    "too short": HEADER + b"1,2,3\n1,2\n1,2,3\n",
    "too long": HEADER + b"1,2,3,4\n1,2,3\n",
    "the last too short": HEADER + b"1,2,3\n1,2",
    "after quotes": HEADER + b'1,"2,\n",3\n1,"2"\n1,2,3\n',
}


def fits(content: bytes, size: int) -> bool:
    """What the count says of a file that comes in blocks of `size` bytes."""
    count = DelimiterCount(dialect_of(content, whole=True))
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    return all(count.fits(block) for block in [*blocks, b""])


@pytest.mark.parametrize("kind", RIGHT)
def test_delimiters_add_up_wherever_blocks_are_cut(kind: str) -> None:
    """Between quotes, between the bytes of a line's end, in the middle of a line."""
    for size in range(1, len(RIGHT[kind]) + 1):
        assert fits(RIGHT[kind], size), size


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_row_is_noticed_wherever_blocks_are_cut(kind: str) -> None:
    """A row that is too short or too long."""
    for size in range(1, len(ODD[kind]) + 1):
        assert not fits(ODD[kind], size), size


def rows_of(path: Path) -> int:
    """How many rows a file is read as."""
    table, _ = read_table(path, find_dialect(path), Wanted(frozenset({"c"}), {}), lambda share: None)
    return table.rows


@pytest.mark.parametrize(
    ("row", "width"), [(b"12,34,56\n", 3), (b"12," * 2000 + b"56\n", 2001)], ids=["many rows", "wide rows"]
)
def test_a_short_row_far_down_in_a_large_file_is_named(tmp_path: Path, row: bytes, width: int) -> None:
    """It would have missing values otherwise, in silence; so would one without its last line end."""
    path, many = tmp_path / "large.csv", LARGE // len(row)
    names = [*(f"n{at}" for at in range(width - 1)), "c"]
    with path.open("wb") as file:
        file.write(",".join(names).encode() + b"\n" + row * many + b"12,34\n" + row * 5 + b"7")
    with pytest.raises(UnfitData, match=f"Row {many + 2} has 2 cells where {width} belong.*1 other"):
        rows_of(path)


def test_a_large_file_that_only_looks_odd_is_read(tmp_path: Path) -> None:
    """Lone quotes, and delimiters at the ends of rows: nothing adds up, and every row is right."""
    path, row = tmp_path / "large.csv", b"12,a 5 inch disk,56\n"
    many = LARGE // len(row)
    path.write_bytes(HEADER + row * many + b'1,a 5" disk,3\n' + row + b"1,2,3,\n" + row)
    assert rows_of(path) == many + 4
