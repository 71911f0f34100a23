"""Of what kind each column of a CSV file is, by its first rows: which reader it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.training.csv_cells import date_format, is_code, numerals_of, truth_of
from api.training.csv_columns_read import BOOLEAN, DATE, EXAMPLES, NUMBER, TEXT, Reader, different_texts

# From so many rows on, a column of texts most of which occur once is told apart while it is read.
_ENOUGH_ROWS = 2000
_MOSTLY_DIFFERENT = 0.5


@dataclass(frozen=True)
class Wanted:
    """What is known of some columns before they are read.

    Those in `keep` are kept whatever they hold, `leave` says why some are not; those in `texts` are known to
    be no numbers.
    """

    keep: frozenset[str]
    leave: Mapping[str, str]
    texts: frozenset[str] = frozenset()


def readers_of(chunk: pd.DataFrame, wanted: Wanted, delimiter: str) -> list[Reader]:
    """A reader for each column of the first rows, all of which were read as texts."""
    comma = _has_decimal_comma(chunk, delimiter)
    return [_reader(name, chunk[name], wanted, comma) for name in chunk.columns]


def _has_decimal_comma(chunk: pd.DataFrame, delimiter: str) -> bool:
    """Whether numbers have a decimal comma.

    They do where some column can only be such numbers. Between semicolons, which are used because of it, they
    also do where every number of a column has one comma ("1,500"), and none of the file has a point.
    """
    one_comma = point = False
    for name in list(chunk.columns)[:200]:
        texts, counts, _ = _parts_of(chunk[name])
        some = texts[:500]
        numerals = numerals_of(some, counts[:500]) if some else None
        if numerals and numerals.decimal == ",":
            return True
        if numerals:
            one_comma |= all(text.count(",") == 1 for text in some if any(map(str.isdigit, text)))
            point |= any("." in text for text in some)
    return delimiter == ";" and one_comma and not point


def _parts_of(column: pd.Series) -> tuple[list[str], NDArray[np.int64], int]:
    """The different texts of a column, how often each occurs, and how many cells are empty."""
    codes = column.cat.codes.to_numpy()
    texts = [str(one).strip() for one in column.cat.categories]
    counts = np.bincount(codes[codes >= 0], minlength=len(texts)).astype(np.int64)
    return texts, counts, int((codes < 0).sum())


def _reader(name: str, column: pd.Series, wanted: Wanted, comma: bool) -> Reader:
    texts, counts, missing = _parts_of(column)
    made = Reader(name, TEXT)
    if name not in wanted.texts:
        made = _of_kind(name, texts, counts, comma)
    if name in wanted.leave:
        kind = "category" if made.how == TEXT else made.how
        made.how, made.left = "left", (kind, wanted.leave[name], len(texts))
    elif made.how == TEXT and name not in wanted.keep:
        _tell_apart(made, texts, counts)
    made.note_examples([texts[int(at)] for at in _first_codes(column)], missing if not made.is_kept else 0)
    return made


def _first_codes(column: pd.Series) -> list[int]:
    codes = column.cat.codes.to_numpy()[:1000]
    return list(dict.fromkeys(int(one) for one in codes if one >= 0))[: 2 * EXAMPLES]


def _of_kind(name: str, texts: list[str], counts: NDArray[np.int64], comma: bool) -> Reader:
    if truth_of(texts):
        return Reader(name, BOOLEAN)
    if texts and not is_code(texts):
        numerals = numerals_of(texts, counts, comma)
        if numerals:
            made = Reader(name, NUMBER)
            made.numerals = numerals
            made.look_at_digits(texts[:2000])
            return made
    form = date_format(texts, counts) if texts else None
    if form:
        made = Reader(name, DATE)
        made.form, made.either_way = form
        return made
    return Reader(name, TEXT)


def _tell_apart(reader: Reader, texts: list[str], counts: NDArray[np.int64]) -> None:
    """Leave a column of texts out where nearly every row has its own, unless it says something in words."""
    known = int(counts.sum())
    if known < _ENOUGH_ROWS or len(texts) < _MOSTLY_DIFFERENT * known:
        return
    kind, why = different_texts(texts, known)
    if not why:
        reader.is_free = True
    else:
        reader.how, reader.left = "left", (kind, why, len(texts))
