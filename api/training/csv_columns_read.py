"""The columns of a CSV file while it is read: of what kind each is, and its values so far."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.runtime.terms import LONGEST_TEXT
from api.runtime.text_features import words
from api.training.csv_cells import (
    LARGEST,
    NEARLY_ALL,
    Numerals,
    dates_of,
    numbers_of,
    stands_for_nothing,
)
from api.training.csv_table import (
    Column,
    LeftColumn,
    NumberColumn,
    Seen,
    TextColumn,
    from_hundredths,
    in_hundredths,
    joined,
    smallest,
)

NUMBER, BOOLEAN, DATE, TEXT, IDENTIFIER, FREE_TEXT = "number", "boolean", "date", "text", "identifier", "text"
# A column with more different texts than this is none of categories.
_MOST_TEXTS = 100_000
# What is kept of free texts: so many different ones, and so much memory; they are shortened to fit, not below
# so many characters.
_MOST_FREE_TEXTS = 1_000_000
_MOST_MEMORY = 300 << 20
_SHORTEST = 100
# Texts of so many words on average say something; shorter ones are names.
_SEVERAL = 3
EXAMPLES = 5
_LONG = 100
_MOST_DECIMALS = 6


class Reader:
    """One column as it is read; `how` is "number", "boolean", "date", "text", or "left" for none of them.

    A column of texts `is_free` where they are none of a few: then long ones are not kept to their end.
    """

    def __init__(self, name: str, how: str) -> None:
        self.name, self.how = name, how
        self.numerals = Numerals()
        self.form = ""
        self.is_of_texts = False
        self.either_way = False
        self.is_free = False
        self.left = ("", "", 0)
        self._parts: list[NDArray[Any]] = []
        self._hundredths = False
        self._codes: dict[str, int] = {}
        self._longest, self._memory = LONGEST_TEXT, 0
        self._examples: dict[str, None] = {}
        self._rows = self._missing = self._odd = 0
        self._odd_row: int | None = None
        self._odd_text = ""
        self._whole = True
        self._decimals = 0

    @property
    def is_kept(self) -> bool:
        """Whether its values are kept."""
        return self.how != "left"

    @property
    def reads_texts(self) -> bool:
        """Whether it is to be read as texts, and not as the numbers that pandas makes of it."""
        return (
            self.how != NUMBER
            or bool(self.numerals.grouping and self.numerals.decimal != ",")
            or bool(self.numerals.sign)
        )

    def note_examples(self, texts: Collection[str], missing: int) -> None:
        """Keep the first few texts to show, and how many cells are empty."""
        for text in texts:
            if len(self._examples) >= EXAMPLES:
                break
            self._examples[text if len(text) <= _LONG else text[:_LONG] + "…"] = None
        self._missing += missing

    def add(self, given: pd.Series, row: int) -> None:
        """Take the next values; `row` is the number of the first of them."""
        self._rows += len(given)
        if isinstance(given.dtype, pd.CategoricalDtype):
            self._add_texts(
                given.cat.codes.to_numpy(), [str(one).strip() for one in given.cat.categories], row
            )
        elif given.dtype.kind in "iuf":
            values = given.to_numpy()
            if given.dtype.kind == "f":
                values = np.where(np.abs(values) <= LARGEST, values, np.nan)
                self._missing += int(np.isnan(values).sum())
            self._keep(values)
        else:
            texts = given.astype("category")
            self._add_texts(
                texts.cat.codes.to_numpy(), [str(one).strip() for one in texts.cat.categories], row
            )

    def _add_texts(self, codes: NDArray[Any], texts: list[str], row: int) -> None:
        if self.how == TEXT:
            self._add_categories(codes, texts)
            return
        empty = int((codes < 0).sum())
        values = self._values(texts)
        strange = np.array([not stands_for_nothing(one) for one in texts], dtype=bool) & np.isnan(values)
        if strange.any():
            at = np.flatnonzero(np.append(strange, False)[codes])
            self._odd += len(at)
            if self._odd_row is None and len(at):
                self._odd_row, self._odd_text = row + int(at[0]), texts[int(codes[at[0]])][:_LONG]
            if self._odd > (1 - NEARLY_ALL) * (self._rows - self._missing - empty) + 1:
                self.is_of_texts = True
        # The missing one is last, which is where -1 points.
        numbers = np.append(values, np.nan)[codes]
        self._missing += int(np.isnan(numbers).sum())
        self._keep(numbers)

    def _keep(self, values: NDArray[Any]) -> None:
        """Keep numbers in little room: whole, single, or hundredths as long as all of them are."""
        amounts = None
        if values.dtype.kind == "f" and (self._hundredths or not self._parts):
            amounts = in_hundredths(values)
        if self._hundredths and amounts is None:
            self._parts = [smallest(from_hundredths(one)) for one in self._parts]
        self._hundredths = amounts is not None
        self._parts.append(smallest(values) if amounts is None else amounts)

    def _values(self, texts: list[str]) -> NDArray[np.float64]:
        if self.how == BOOLEAN:
            known = {"true": 1.0, "false": 0.0}
            return np.array([known.get(one.lower(), np.nan) for one in texts], dtype=np.float64)
        return dates_of(texts, self.form) if self.how == DATE else numbers_of(texts, self.numerals)

    def look_at_digits(self, texts: Collection[str]) -> None:
        """Find out how precisely its numbers are written."""
        for text in texts:
            after = text.partition(self.numerals.decimal)[2]
            digits = len(after.rstrip("0")) if after.isdigit() else 0
            self._decimals = max(self._decimals, min(digits, _MOST_DECIMALS))
            if after or "e" in text.lower():
                self._whole = False

    def _add_categories(self, codes: NDArray[Any], texts: list[str]) -> None:
        table = self._numbered(texts)
        self._missing += int((codes < 0).sum())
        self._parts.append(smallest(table[codes]))
        count = len(self._codes)
        if count > _MOST_TEXTS and not self.is_free:
            kind, why = different_texts(list(self._codes), count)
            self.is_free = not why
            if why:
                self._leave(kind, f"it has more than {_MOST_TEXTS:,} different texts")
        if self.is_free and count > _MOST_FREE_TEXTS:
            self._leave(FREE_TEXT, f"it has more than {_MOST_FREE_TEXTS:,} different texts")
        while self.is_free and self._memory > _MOST_MEMORY and self._longest > _SHORTEST:
            self._longest //= 2
            self._shorten()

    def _numbered(self, texts: Collection[str]) -> NDArray[np.int32]:
        """The code of each text; -1 is last, which is where -1 points."""
        table = np.full(len(texts) + 1, -1, dtype=np.int32)
        # One character more than counts shows that there were more.
        most = self._longest + 1 if self.is_free else None
        for at, text in enumerate(texts):
            kept = text[:most]
            code = self._codes.get(kept)
            if code is None:
                code = self._codes[kept] = len(self._codes)
                self._memory += sys.getsizeof(kept)
            table[at] = code
        return table

    def _shorten(self) -> None:
        """Keep less of each text, of those that were read too."""
        before, self._codes, self._memory = self._codes, {}, 0
        table = self._numbered(before)
        self._parts = [smallest(table[one]) for one in self._parts]

    def _leave(self, kind: str, why: str) -> None:
        """Keep nothing of it from here on."""
        self.how, self.left, self.is_free = "left", (kind, why, len(self._codes)), False
        self._parts.clear()
        self._codes.clear()

    def column(self) -> Column:
        """The column with all of its values; the reader has none of them any more."""
        seen = Seen(self._missing, tuple(self._examples), self._odd, self._odd_row, self._odd_text)
        if self.how == "left":
            kind, why, distinct = self.left
            return LeftColumn(self.name, kind, why, distinct, seen)
        values = joined(self._parts)
        if self.how == TEXT:
            longer = np.array([*(len(one) > self._longest for one in self._codes), False], dtype=bool)
            cut = int(longer[values].sum())
            return TextColumn(self.name, values, tuple(self._codes), seen, self._longest, cut)
        column = NumberColumn(
            self.name, values, self.how, seen, self._decimals, self.numerals.sign, self._hundredths
        )
        whole = self.how == NUMBER and self._whole_numbers(column)
        return replace(column, written="whole") if whole else column

    def _whole_numbers(self, column: NumberColumn) -> bool:
        """Whether all numbers are whole: written so, or with a point only because some are missing."""
        if column.kept.dtype.kind in "iu" and not column.hundredths:
            return self._whole
        if self._decimals or not (self._whole or self._missing):
            return False
        values = column.values()
        known = values[~np.isnan(values)]
        return bool(len(known)) and bool((known == np.floor(known)).all())


def different_texts(texts: Sequence[str], rows: int) -> tuple[str, str]:
    """The kind of a column in which most texts differ, and why it is left out where it names rows.

    Free texts are several words on average, and some of those words come again in other texts.
    """
    some = texts[:: max(1, len(texts) // 500)]
    if float(np.mean([len(one.split()) for one in some])) >= _SEVERAL:
        counts = Counter(word for one in some for word in set(words(one[:LONGEST_TEXT])))
        if any(count > 1 for count in counts.values()):
            return FREE_TEXT, ""
        return FREE_TEXT, "no word of it comes again"
    return IDENTIFIER, f"it names rows: {len(texts):,} different texts in {rows:,} rows"
