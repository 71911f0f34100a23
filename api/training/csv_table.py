"""A table in memory, a column an array, each as small as its values allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# What stands for a missing value among whole hundredths.
_MISSING = int(np.iinfo(np.int32).min)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a column while it was read.

    `missing`: empty cells, and cells that are not of its kind, of which there are `odd`; `odd_row` and
    `odd_text` are the first of those, its row counted as a spreadsheet does. `examples`: some of its texts.
    """

    missing: int
    examples: tuple[str, ...]
    odd: int = 0
    odd_row: int | None = None
    odd_text: str = ""


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column of numbers, truth values (0 and 1) or dates (seconds since 1970).

    `kept` (rows,) is of any type that holds them exactly, NaN is missing; or, where `hundredths`, what
    `in_hundredths` makes of them. `written`: "number", "whole", "boolean" or "date"; `decimals`: the most
    digits after the point; `unit`: a sign such as %.
    """

    name: str
    kept: NDArray[Any]
    written: str
    seen: Seen
    decimals: int = 0
    unit: str = ""
    hundredths: bool = False

    def values(self, which: Any = slice(None)) -> NDArray[Any]:
        """The values that a slice, a mask or indices choose, of any type that holds them exactly."""
        chosen: NDArray[Any] = self.kept[which]
        return from_hundredths(chosen) if self.hundredths else chosen

    def doubles(self, which: Any = slice(None)) -> NDArray[np.float64]:
        """The values that a slice, a mask or indices choose, in double precision."""
        return self.values(which).astype(np.float64)


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts: `codes` (rows,) are indices into `texts`, -1 is missing.

    Of a free text no more than `longest` characters are kept; `cut` of them were longer.
    """

    name: str
    codes: NDArray[Any]
    texts: tuple[str, ...]
    seen: Seen
    longest: int | None = None
    cut: int = 0

    def objects(self, which: Any = slice(None)) -> NDArray[np.object_]:
        """The texts that a slice, a mask or indices choose, None where missing."""
        # The missing one is last, which is where -1 points.
        known = np.array([*self.texts, None], dtype=np.object_)
        chosen: NDArray[np.object_] = known[self.codes[which]]
        return chosen

    def counts(self) -> NDArray[np.int64]:
        """How often each of `texts` occurs."""
        return np.bincount(self.codes[self.codes >= 0].astype(np.int64), minlength=len(self.texts))


@dataclass(frozen=True, slots=True)
class LeftColumn:
    """A column that was not kept: `kind` and `why` say so; `distinct` is of the rows that were looked at."""

    name: str
    kind: str
    why: str
    distinct: int
    seen: Seen


Column = NumberColumn | TextColumn | LeftColumn


@dataclass(frozen=True)
class Table:
    """The columns of a file, in its order, all with `rows` values."""

    columns: Mapping[str, Column]
    rows: int


def smallest(values: NDArray[Any]) -> NDArray[Any]:
    """Numbers as the smallest type that holds each of them exactly; NaN where missing."""
    if values.dtype.kind in "iu":
        return _whole(values)
    values = values.astype(np.float64, copy=False)
    single = values.astype(np.float32)
    same = (single == values) | np.isnan(values)
    return single if bool(same.all()) else values


def in_hundredths(values: NDArray[Any]) -> NDArray[np.int32] | None:
    """Amounts as whole hundredths, which take half of a double; None where that would lose anything."""
    hundredths = np.rint(values * 100.0)
    missing = np.isnan(values)
    exact = (hundredths / 100.0 == values) & (np.abs(hundredths) < -_MISSING)
    if not bool((exact | missing).all()):
        return None
    return np.where(missing, _MISSING, hundredths).astype(np.int32)


def from_hundredths(kept: NDArray[np.int32]) -> NDArray[np.float64]:
    """The values that `in_hundredths` was given."""
    values: NDArray[np.float64] = kept / 100.0
    values[kept == _MISSING] = np.nan
    return values


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    if not len(values):
        return values.astype(np.int8)
    low, high = int(values.min()), int(values.max())
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    if max(abs(low), abs(high)) > 2**53:
        return values.astype(np.float64)
    return values.astype(np.int64)


def joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """The parts of a column as one array; they are let go one by one, so that not all is there twice."""
    kind = np.result_type(*{one.dtype for one in parts}) if parts else np.dtype(np.float32)
    # A whole number of 32 bits and a single-precision number are both exact in double precision only.
    made = np.empty(sum(len(one) for one in parts), dtype=kind)
    at = 0
    parts.reverse()
    while parts:
        part = parts.pop()
        made[at : at + len(part)] = part
        at += len(part)
    return made
