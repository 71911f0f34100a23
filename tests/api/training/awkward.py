"""CSV files as they come: each awkward in its own way, made by a few lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

ROWS = 120

Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Awkward:
    """A file, and what has to come of it.

    `refused`: words of the sentence it is refused with, empty where it trains. Where it trains: `warned` are
    words of a warning, `used` the columns that are learnt from where that matters, `left` those that are not,
    `file` what the report says of the file, `task` the kind of target.
    """

    content: bytes
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    used: frozenset[str] | None = None
    left: frozenset[str] = frozenset()
    file: tuple[tuple[str, Any], ...] = ()
    target: str | None = None
    task: str = "classification"


def _random() -> np.random.Generator:
    return np.random.default_rng(7)


def _rows(count: int = ROWS) -> Table:
    """Two measurements, a colour, and whether the first is large."""
    random = _random()
    large, small = random.normal(50, 10, count).round(2), random.normal(0, 1, count).round(3)
    colours = random.choice(["red", "green", "blue"], count)
    return [
        [f"{a}", f"{b}", str(colour), "yes" if a > 50 else "no"]
        for a, b, colour in zip(large, small, colours, strict=True)
    ]


HEADER = ["large", "small", "colour", "target"]


def _csv(rows: Sequence[Sequence[str]], header: Sequence[str] | None = HEADER, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([header, *rows] if header else rows)
    return out.getvalue()


def _with(change: Callable[[int, list[str]], None], count: int = ROWS) -> Table:
    rows = _rows(count)
    for at, row in enumerate(rows):
        change(at, row)
    return rows


def _column(values: Callable[[int], str], name: str) -> str:
    """The usual table with one more column before the target."""
    rows = [[*row[:-1], values(at), row[-1]] for at, row in enumerate(_rows())]
    return _csv(rows, [*HEADER[:-1], name, "target"])


def _plain(text: str, **expected: Any) -> Awkward:
    return Awkward(text.encode(), **expected)


def _set(at: int, value: Callable[[int, str], str]) -> Table:
    def change(number: int, row: list[str]) -> None:
        row[at] = value(number, row[at])

    return _with(change)


def _measured() -> str:
    random = _random()
    size = random.uniform(20, 200, ROWS).round(1)
    price = (size * 3000 + random.normal(0, 20000, ROWS)).round(-1)
    rows = [
        [f"{one}".replace(".", ","), f"{two:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")]
        for one, two in zip(size, price, strict=True)
    ]
    return _csv(rows, ["size", "price"], ";")


def _wide() -> str:
    random = _random()
    values = random.normal(size=(60, 2000)).round(3)
    rows = [[*(f"{one}" for one in row), "a" if row[7] > 0 else "b"] for row in values]
    return _csv(rows, [*(f"x{at}" for at in range(2000)), "target"])


def _dates() -> str:
    days = (np.datetime64("2023-01-01") + np.arange(ROWS) * 3).astype(str)
    return _column(lambda at: f"{days[at]} {at % 24:02}:30:00", "signed up")


def _ragged() -> str:
    lines = _csv(_rows()).splitlines()
    lines[9] = lines[9].rpartition(",")[0]
    return "\n".join(lines) + "\n"


ODD = (
    "😀👍🏽",
    "line\nends\r\nand\ttabs",
    'quotes " and "" commas, ; semicolons',
    "<b>bold &amp; brave</b>",
    "=1+1",
    "\u05e9\u05dc\u05d5\u05dd",
    "cafe\u0301",
    "İSTANBUL",
    "100 % 1,5 €",
)


def _told(at: int) -> str:
    return f"the customer with number {at} called and was {'un' * (at % 2)}happy "


def _three_decimals() -> str:
    """Between semicolons, a number that with its comma could be a thousand, and no other with a comma."""

    def change(at: int, row: list[str]) -> None:
        row[:2] = [f"{float(row[0]) / 10:.3f}".replace(".", ","), str(at % 7)]

    return _csv(_with(change), delimiter=";")


def _no_header() -> str:
    return _csv([[row[0], row[1], row[3]] for row in _rows()], None)


def _empty_cells() -> str:
    return _csv(_with(lambda at, row: row.__setitem__(0, "") if at % 4 == 0 else None))


def awkward_files() -> dict[str, Awkward]:
    """All of them, by what is awkward."""
    plain = _csv(_rows())
    return {
        "semicolons": _plain(_csv(_rows(), delimiter=";"), file=(("delimiter", ";"),)),
        "tabs": _plain(_csv(_rows(), delimiter="\t"), file=(("delimiter", "\t"),)),
        "bars": _plain(_csv(_rows(), delimiter="|"), file=(("delimiter", "|"),)),
        "Excel's sep line": _plain("sep=;\n" + _csv(_rows(), delimiter=";"), file=(("delimiter", ";"),)),
        "a byte order mark": Awkward(b"\xef\xbb\xbf" + plain.encode(), used=frozenset(HEADER)),
        "UTF-16": Awkward(plain.encode("utf-16"), file=(("encoding", "utf-16"),)),
        "Latin-1": Awkward(
            plain.replace("blue", "bläulich").encode("latin-1"),
            warned=("Latin-1",),
            file=(("encoding", "cp1252"),),
        ),
        "Windows line ends": _plain(plain.replace("\n", "\r\n")),
        "no line end at the end": _plain(plain.rstrip("\n")),
        "empty lines": _plain(plain.replace("\n", "\n\n", 40)),
        "everything quoted": _plain(
            "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in plain.splitlines())
        ),
        "delimiters and line ends in cells": _plain(
            _csv(_set(2, lambda at, colour: f'{colour}, "quite"\nso')), used=frozenset(HEADER)
        ),
        "decimal commas and thousands": _plain(_measured(), file=(("decimal", ","),), task="regression"),
        "three decimals after a comma": _plain(
            _three_decimals(), file=(("decimal", ","), ("delimiter", ";")), used=frozenset(HEADER)
        ),
        "thousands with commas": _plain(
            _csv(_set(0, lambda at, text: f"{float(text) * 1000:,.0f}")), used=frozenset(HEADER)
        ),
        "percent signs": _plain(_csv(_set(0, lambda at, text: f"{text} %")), used=frozenset(HEADER)),
        "no header": _plain(_no_header(), warned=("column_1",), file=(("header", False),)),
        "a name twice": _plain(
            _csv(_rows(), ["large", "large", "colour", "target"]), warned=("twice", "large_2")
        ),
        "names left empty": _plain(
            _csv(_rows(), ["", "small", "", "target"]), warned=("no name", "column_1")
        ),
        "emoji in the header": _plain(
            _csv(_rows(), ["📏 length", "🌡️", "🎨", "🎯"]), used=frozenset(["📏 length", "🌡️", "🎨", "🎯"])
        ),
        "one column": _plain(
            _csv([[row[3]] for row in _rows()], ["target"]), refused=("one column", "target")
        ),
        "one class": _plain(
            _csv(_set(3, lambda at, text: "yes")), refused=("same value of target", "'yes'", "another class")
        ),
        "all missing": _plain(
            _csv([["", "", "", row[3]] for row in _rows()]), refused=("No column is left", "empty")
        ),
        "a target that is all missing": _plain(
            _csv(_set(3, lambda at, text: "")), refused=("0 rows", "target")
        ),
        "too few rows": _plain(_csv(_rows(12)), refused=("12 rows", "at least 20")),
        "too few rows of a class": _plain(
            _csv(_set(3, lambda at, text: f"class {at // 3}")), refused=("at least 5 rows", "class 0")
        ),
        "a class with a typo": _plain(
            _csv(_set(3, lambda at, text: "yess" if at == 30 else text)),
            warned=("yess", "'yes' is meant", "row 32"),
        ),
        "2,000 columns": _plain(_wide()),
        "dates": _plain(_dates(), used=frozenset([*HEADER, "signed up"])),
        "half of the rows twice": _plain(_csv([*_rows(), *_rows()]), warned=("more than once", "50%")),
        "row numbers and names": _plain(
            _csv(
                [[str(at + 1), f"P{at:05}", *row] for at, row in enumerate(_rows())],
                ["", "passenger", *HEADER],
            ),
            left=frozenset(["column_1", "passenger"]),
        ),
        "a constant, an empty and a nearly empty column": _plain(
            _csv(
                [["1", "", "x" if at == 5 else "", *row] for at, row in enumerate(_rows())],
                ["same", "nothing", "once", *HEADER],
            ),
            left=frozenset(["same", "nothing", "once"]),
        ),
        "free text": _plain(
            _column(
                lambda at: f"the customer with number {at} called and was {'un' * (at % 2)}happy", "told"
            ),
            used=frozenset([*HEADER, "told"]),
        ),
        "nothing but free text": _plain(
            _csv([[_told(at), row[3]] for at, row in enumerate(_rows())], ["told", "target"]),
            used=frozenset(["told", "target"]),
        ),
        "free text of all kinds": _plain(
            _column(lambda at: f"{ODD[at % len(ODD)]} {_told(at)}" if at % 9 else "", "told"),
            used=frozenset([*HEADER, "told"]),
        ),
        "free text that is very long": _plain(
            _column(lambda at: _told(at) * (1 + at % 2 * 300), "told"),
            used=frozenset([*HEADER, "told"]),
            warned=("60 texts of told are longer than 10,000",),
        ),
        "free text in which no word comes again": _plain(
            _column(lambda at: f"a{at}b c{at}d e{at}f", "told"), left=frozenset(["told"])
        ),
        "a column that gives the target away": _plain(
            _csv(
                [[*row[:-1], {"yes": "7", "no": "9"}[row[3]], row[3]] for row in _rows()],
                [*HEADER[:-1], "code", "target"],
            ),
            warned=("code alone tells target",),
        ),
        "missing values": _plain(_empty_cells(), used=frozenset(HEADER)),
        "a word among the numbers": _plain(
            _csv(_set(0, lambda at, text: "forty" if at == 50 else text)),
            warned=("large", "'forty'", "row 52"),
        ),
        "leading zeros": _plain(
            _column(lambda at: f"{at % 7:05}", "area"), used=frozenset([*HEADER, "area"])
        ),
        "true and false": _plain(_csv(_set(3, lambda at, text: {"yes": "TRUE", "no": "FALSE"}[text]))),
        "a row too short": _plain(_ragged(), refused=("Row 10 has 3 cells", "4 belong", "target")),
        "a row too long": _plain(
            plain.replace("\n", ",9,9\n", 7).replace(",9,9\n", "\n", 6), refused=("Row 7 has 6",)
        ),
        "a NUL byte": Awkward(plain.replace("red", "r\0d", 1).encode(), refused=("NUL",)),
        "a misspelt target": _plain(plain, target="targt", refused=("'targt'", "nearest", "target")),
        "nothing at all": Awkward(b"", refused=("empty",)),
        "a header only": _plain("a,b,target\n", refused=("no rows",)),
        "a web page": _plain("<!DOCTYPE html><html><body>Not found</body></html>", refused=("web page",)),
        "an Excel workbook": Awkward(b"PK\x03\x04" + b"\0" * 100, refused=("Excel",)),
    }
