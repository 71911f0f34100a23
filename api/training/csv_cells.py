"""What the cells of a CSV file say: numbers however they are written, dates, truth values, nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Texts that stand for a missing value in any column.
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "Null", "#N/A", "?", "<NA>")
# And those that do so among numbers and dates only; in a column of texts they may mean something.
_NO_NUMBER = frozenset(
    ("-", "--", ".", "none", "n.a.", "unknown", "missing", "na", "#div/0!", "#value!", "#ref!", "inf", "-inf")
)
_MISSING = frozenset(MISSING)
# The largest magnitude that a model takes: trees compare in single precision.
LARGEST = float(np.finfo(np.float32).max)

_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+([eE][-+]?\d+)?|[-+]?\d{1,3}(\.\d{3}){2,}|[-+]?\d+")
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?|[-+]?(\d+\.?\d*|\.\d+)")
_SPACED = re.compile(r"[-+]?\d{1,3}([ '\u00a0\u202f\u2019]\d{3})+([.,]\d*)?|[-+]?\d+([.,]\d*)?")
_SIGNS = re.compile(r"^\s*[$€£¥]\s*|\s*([$€£¥%]|EUR|USD|GBP|CHF)\s*$")
_LEADING_ZERO = re.compile(r"0\d+")

# The least share of a column's cells that have to be of a kind for the others to be taken for mistakes.
NEARLY_ALL = 0.95

_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d %b %Y",
    "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d.%m.%y", "%m/%d/%y",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M %p")
_LOOKS_LIKE_A_DATE = re.compile(
    r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{4}|[A-Za-z]{3,9} \d{1,2}, \d{4}).{0,18}"
)


@dataclass(frozen=True, slots=True)
class Numerals:
    """How a column's numbers are written: `decimal` and `grouping` marks; `sign` is a unit such as % or €."""

    decimal: str = "."
    grouping: str = ""
    sign: str = ""

    @property
    def plain(self) -> bool:
        """Whether they are written as programs write them."""
        return self == Numerals()


def is_missing(text: str) -> bool:
    """Whether a cell stands for a missing value."""
    return text.strip() in _MISSING


def is_number(text: str) -> bool:
    """Whether a cell is a number, plainly written or with a decimal comma."""
    bare = text.strip()
    return bool(_PLAIN.fullmatch(bare) or _COMMA.fullmatch(bare))


def numerals_of(texts: Sequence[str], counts: NDArray[np.int64], comma: bool = False) -> Numerals | None:
    """How the numbers in `texts` are written, None where nearly all of them would have to be and are not.

    `counts` says how often each text occurs; `comma` that other columns of the file have a decimal comma.
    """
    known = np.array([text.lower() not in _NO_NUMBER for text in texts], dtype=bool)
    total = int(counts[known].sum())
    if not total:
        return None
    some = [text for text, keep in zip(texts[:200], known[:200], strict=False) if keep]
    if sum(any(ch.isdigit() for ch in text) for text in some) < len(some) / 2:
        return None
    signs = {found.group().strip() for text in some if (found := _SIGNS.search(text))}
    sign = signs.pop() if len(signs) == 1 else ""
    bare = [_SIGNS.sub("", text) if sign else text for text in texts]
    for numerals, pattern in _ways(bare, comma):
        fits = np.array([bool(pattern.fullmatch(text)) for text in bare], dtype=bool) & known
        if int(counts[fits].sum()) >= NEARLY_ALL * total:
            return Numerals(numerals.decimal, numerals.grouping, sign)
    return None


def _ways(texts: Sequence[str], comma: bool) -> list[tuple[Numerals, re.Pattern[str]]]:
    plain = (Numerals(), _PLAIN)
    decimal_comma = (Numerals(",", "."), _COMMA)
    grouped = (Numerals(".", ","), _GROUPED)
    spaced = (Numerals("," if any("," in one for one in texts) else ".", " '\u00a0\u202f\u2019"), _SPACED)
    # "1,234" is a thousand where every comma has three digits after it, unless the file is known otherwise.
    return [plain, decimal_comma, grouped, spaced] if comma else [plain, grouped, decimal_comma, spaced]


def numbers_of(texts: Sequence[str], numerals: Numerals) -> NDArray[np.float64]:
    """The numbers that texts stand for, NaN where they stand for none or for one that no model takes."""
    values = np.full(len(texts), np.nan)
    for at, text in enumerate(texts):
        bare = text
        if not numerals.plain:
            if numerals.sign:
                bare = _SIGNS.sub("", bare)
            for mark in numerals.grouping:
                bare = bare.replace(mark, "")
            bare = bare.replace(numerals.decimal, ".")
        try:
            value = float(bare)
        except ValueError:
            continue
        # float() also reads "1_000" and "nan", which no number in a file is written as.
        if abs(value) <= LARGEST and "_" not in bare:
            values[at] = value
    return values


def stands_for_nothing(text: str) -> bool:
    """Whether a text among numbers or dates means that there is none."""
    return text.lower() in _NO_NUMBER or text in _MISSING


def is_code(texts: Sequence[str]) -> bool:
    """Whether texts of digits are names and not numbers: 00123, or more digits than a number holds."""
    return any(_LEADING_ZERO.fullmatch(text) or (len(text) > 17 and text.isdigit()) for text in texts[:5000])


def truth_of(texts: Sequence[str]) -> bool:
    """Whether texts are nothing but true and false."""
    return bool(texts) and {text.lower() for text in texts} <= {"true", "false"}


def date_format(texts: Sequence[str], counts: NDArray[np.int64]) -> tuple[str, bool] | None:
    """The format of dates, and whether another would do (day and month); None where they are none."""
    known = [at for at, text in enumerate(texts) if not stands_for_nothing(text)]
    some = [texts[at] for at in known[:: max(1, len(known) // 500)]]
    if not some or sum(bool(_LOOKS_LIKE_A_DATE.fullmatch(one)) for one in some) < NEARLY_ALL * len(some):
        return None
    fits = []
    for day in _DATES:
        for clock in _TIMES:
            for zone in ("", "Z"):
                form = day + clock + zone
                if not np.isnan(dates_of(some[:20], form)).all():
                    share = 1 - float(np.isnan(dates_of(some, form)).mean())
                    if share >= NEARLY_ALL:
                        fits.append(form)
    if not fits:
        return None
    return fits[0], len({form[:2] for form in fits}) > 1


def dates_of(texts: Sequence[str], form: str) -> NDArray[np.float64]:
    """Seconds since 1970, UTC, NaN where a text is no date of that format."""
    return _seconds(
        pd.to_datetime(pd.Series(list(texts), dtype=object), format=form, errors="coerce", utc=True)
    )


def _seconds(read: pd.Series) -> NDArray[np.float64]:
    apart = (read - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds()
    seconds: NDArray[np.float64] = np.floor(apart.to_numpy(dtype=np.float64, na_value=np.nan))
    return seconds
