"""A sample of the data a model was made for: a CSV file, read as texts, and what its columns look like."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.errors import UnreadableModel

# As texts, like everything else in a sample.
_BOOLEANS = {"true": "1", "false": "0"}


@dataclass(frozen=True)
class Sample:
    """A table of texts; an empty cell, or one that pandas takes for missing, is NaN."""

    table: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The columns' names, in order."""
        return list(self.table.columns)

    def texts(self, name: str) -> NDArray[np.object_]:
        """A column as `str`, None where missing."""
        column = self.table[name].astype(object)
        texts: NDArray[np.object_] = column.where(column.notna(), None).to_numpy(dtype=object)
        return texts

    def numbers(self, name: str) -> NDArray[np.float64] | None:
        """A column as numbers, NaN where missing; None where some text is neither number nor boolean."""
        column = self.table[name]
        lower = column.str.lower()
        read = pd.to_numeric(column.mask(lower.isin(_BOOLEANS.keys()), lower.map(_BOOLEANS)), errors="coerce")
        if (read.isna() & column.notna()).any():
            return None
        numbers: NDArray[np.float64] = read.to_numpy(dtype=np.float64, copy=True)
        numbers[np.isinf(numbers)] = np.nan
        return numbers

    def is_boolean(self, name: str) -> bool:
        """Whether a column holds nothing but true and false."""
        texts = {text.lower() for text in self.texts(name) if text is not None}
        return bool(texts) and texts <= _BOOLEANS.keys()

    def is_whole(self, name: str) -> bool:
        """Whether a column's numbers are whole, and written so.

        A whole number with a point is a measurement, unless missing values made pandas write it so.
        """
        texts = [text for text in self.texts(name) if text is not None]
        written = all("." not in text and "e" not in text.lower() for text in texts)
        numbers = self.numbers(name)
        if numbers is None or not texts:
            return False
        known = numbers[~np.isnan(numbers)]
        return bool((known == np.round(known)).all()) and (written or len(known) < len(numbers))

    def decimals(self, name: str) -> int:
        """How many digits after the point a column is written with, at most."""
        parts = [text.partition(".")[2] for text in self.texts(name) if text is not None]
        return max((len(part.rstrip("0")) for part in parts), default=0)


def read_sample(path: Path) -> Sample:
    """Read a CSV file with a header; raises UnreadableModel with a sentence where it is none."""
    try:
        table = pd.read_csv(path, dtype=str, skipinitialspace=True)
    except (ValueError, UnicodeDecodeError) as error:
        raise UnreadableModel(f"the sample {path.name} is no CSV file that can be read ({error}).") from error
    if table.empty:
        raise UnreadableModel(f"the sample {path.name} has no rows.")
    return _tidied(table)


def sample_of(table: pd.DataFrame) -> Sample:
    """The sample that a table would be, had it been written to a CSV file."""
    return _tidied(pd.read_csv(StringIO(table.to_csv(index=False)), dtype=str))


def _tidied(table: pd.DataFrame) -> Sample:
    table.columns = [str(name).strip() for name in table.columns]
    # An index that was written along has no name, and pandas calls it so.
    return Sample(table.loc[:, [not name.startswith("Unnamed: ") for name in table.columns]])
