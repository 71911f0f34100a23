"""Numbers are kept in little room, and come back to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from api.training.csv_dialect import find_dialect
from api.training.csv_kinds import Wanted
from api.training.csv_read import read_table
from api.training.csv_table import NumberColumn, from_hundredths, in_hundredths

ROWS = 60_000


def test_amounts_come_back_to_the_last_bit() -> None:
    """Every amount of two decimals is the double that it was, missing ones are missing, in half the room."""
    amounts = np.random.default_rng(0).integers(-(10**9), 10**9, 10_000) / 100
    amounts[::7] = np.nan
    kept = in_hundredths(amounts)
    assert kept is not None
    assert kept.nbytes * 2 == amounts.nbytes
    np.testing.assert_array_equal(from_hundredths(kept), amounts)


def test_what_would_lose_something_is_kept_as_it_is() -> None:
    """Three decimals, and amounts too large for 32 bits, are no hundredths."""
    assert in_hundredths(np.array([1.25, 0.001])) is None
    assert in_hundredths(np.array([1.25, 3e7])) is None
    assert in_hundredths(np.array([1.25, -np.inf])) is None


def test_a_column_that_turns_out_otherwise_far_down(tmp_path: Path) -> None:
    """A column of hundredths, in whose last piece a number has more decimals, holds every number exactly."""
    numbers = np.random.default_rng(0).integers(0, 10**6, (ROWS, 2)) / 100
    numbers[-1, 0] = 0.12345
    file = tmp_path / "amounts.csv"
    file.write_text("a,b\n" + "".join(f"{one!r},{two!r}\n" for one, two in numbers.tolist()))
    table, _ = read_table(file, find_dialect(file), Wanted(frozenset(), {}), lambda share: None)
    columns = list(table.columns.values())
    for at, column in enumerate(columns):
        assert isinstance(column, NumberColumn)
        np.testing.assert_array_equal(column.doubles(), numbers[:, at])
    assert [one.hundredths for one in columns if isinstance(one, NumberColumn)] == [False, True]
