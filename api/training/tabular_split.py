"""Which rows are learnt from and which are held out: decided by what is in a row, not by its place.

So identical rows are on one side, and a row that was held out once is held out again when more rows came:
a new model and the one that answers can be compared on rows that neither has learnt from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.training.csv_table import NumberColumn, TextColumn
from api.training.tabular_target import Truth
from api.training.tabular_view import View

_HOLD_OUT, _MOST_HELD_OUT = 0.2, 500_000
_VALIDATION, _MOST_VALIDATION = 0.1, 250_000
# With fewer rows the threshold is chosen on rows left out in cross-validation, so that none is lost.
_ENOUGH_TO_VALIDATE = 20_000
# More rows of a class than this are told apart by their hash alone, without sorting them.
_MANY = 20_000
_HASHED_AT_ONCE = 500_000
# With fewer different rows than this share, rows are alike because there are few ways to differ.
_FEW_WAYS = 0.1
_MOST_NUMBERS = 1_000_000

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Split:
    """Places in the truth's rows: what is learnt from, what the threshold is chosen on, what is held out.

    `validation` is empty where cross-validation does that. `by` says by what rows were told apart;
    `duplicates` how many rows are there a second time; `hashes` (rows,) are those of the truth's rows.
    """

    training: NDArray[np.int64]
    validation: NDArray[np.int64]
    hold_out: NDArray[np.int64]
    by: str
    duplicates: int
    hashes: Hashes


@dataclass(frozen=True)
class Ground:
    """What candidates are compared and fitted on: the fields, the truth, and which rows are for what."""

    view: View
    truth: Truth
    split: Split


def split(view: View, truth: Truth, told: Callable[[float], None]) -> Split:
    """Split the truth's rows: a fifth is held out, of each class alike."""
    hashes = _row_hashes(view, truth.rows, told)
    different = _count_different(hashes)
    duplicates = len(hashes) - different
    by = "what is in a row: identical rows are on one side"
    classes = [np.flatnonzero(truth.values == at) for at in range(len(truth.target.classes))] or [
        np.arange(len(hashes))
    ]
    few_ways = different < _FEW_WAYS * len(hashes)
    if few_ways or any(len(one) < _MANY and _count_different(hashes[one]) < 5 for one in classes):
        by = (
            "the place of a row in the file: there are too few different rows to keep identical ones together"
        )
        hashes = _mixed(np.arange(len(hashes), dtype=np.uint64))
    held = min(_HOLD_OUT, _most_held_out(truth) / len(hashes))
    checked = min(_VALIDATION, _MOST_VALIDATION / len(hashes)) if len(hashes) >= _ENOUGH_TO_VALIDATE else 0.0
    part = np.zeros(len(hashes), dtype=np.int8)
    for rows in classes:
        low, high = _limits(hashes[rows], held, held + checked)
        part[rows[hashes[rows] < high]] = 1
        part[rows[hashes[rows] < low]] = 2
    training, validation, hold_out = (np.flatnonzero(part == at) for at in (0, 1, 2))
    return Split(training, validation, hold_out, by, duplicates, hashes)


def folds(hashes: Hashes, values: NDArray[np.int64] | None, count: int) -> NDArray[np.int64]:
    """The fold (rows,) of each row, 0 to `count`: every class in every fold alike, identical rows in one.

    `values` are class indices, None for a regressor.
    """
    fold = np.zeros(len(hashes), dtype=np.int64)
    again = _mixed(hashes + np.uint64(1))
    groups = (
        [np.arange(len(hashes))]
        if values is None
        else [np.flatnonzero(values == at) for at in np.unique(values)]
    )
    for rows in groups:
        _, place = np.unique(again[rows], return_inverse=True)
        fold[rows] = place % count
    return fold


def _most_held_out(truth: Truth) -> int:
    # Each row held out takes a number for each class.
    return min(_MOST_HELD_OUT, max(_MANY, _MOST_NUMBERS // max(1, len(truth.target.classes))))


def _limits(hashes: Hashes, held: float, until: float) -> tuple[np.uint64, np.uint64]:
    """The hashes below which a row is held out, and below which it is at least in the validation rows."""
    if len(hashes) > _MANY:
        return np.uint64(held * 2.0**64), np.uint64(until * 2.0**64)
    different = np.unique(hashes)
    first = max(1, round(held * len(different)))
    second = max(first, round(until * len(different)))
    last = len(different) - 1
    return different[min(first, last)], different[min(second, last)]


def _count_different(hashes: Hashes) -> int:
    ordered = np.sort(hashes)
    return 1 + int((ordered[1:] != ordered[:-1]).sum()) if len(ordered) else 0


def _row_hashes(view: View, rows: NDArray[np.int64], told: Callable[[float], None]) -> Hashes:
    """A hash of what the fields are made of, for each row."""
    columns = [view.table.columns[name] for name in dict.fromkeys(one.column for one in view.features)]
    texts = {one.name: _text_hashes(one) for one in columns if isinstance(one, TextColumn)}
    made = np.zeros(len(rows), dtype=np.uint64)
    for start in range(0, len(rows), _HASHED_AT_ONCE):
        which = rows[start : start + _HASHED_AT_ONCE]
        part = np.zeros(len(which), dtype=np.uint64)
        for column in columns:
            if isinstance(column, TextColumn):
                part = _mixed(part * np.uint64(31) + texts[column.name][column.codes[which]])
            elif isinstance(column, NumberColumn):
                # Adding zero makes one zero of both; all missing values get the same bits.
                numbers = column.doubles(which) + 0.0
                numbers[np.isnan(numbers)] = np.nan
                part = _mixed(part * np.uint64(31) + numbers.view(np.uint64))
        made[start : start + len(which)] = part
        told((start + len(which)) / len(rows))
    return made


def _text_hashes(column: TextColumn) -> Hashes:
    known = [
        int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
        for text in column.texts
    ]
    return np.array([*known, 0], dtype=np.uint64)


def _mixed(bits: Hashes) -> Hashes:
    """Bits stirred so that every one of them depends on all (the finaliser of splitmix64)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    stirred: Hashes = bits ^ (bits >> np.uint64(31))
    return stirred
