"""What cells say: numbers and dates however they are written."""

from __future__ import annotations

import numpy as np
import pytest

from api.training.csv_cells import date_format, dates_of, is_code, numbers_of, numerals_of
from api.training.date_parts import date_part


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "-2.5", "3e2", ".5"], [1, -2.5, 300, 0.5]),
        (["1,5", "2,25", "-3"], [1.5, 2.25, -3]),
        (["1.234,50", "12,25", "7"], [1234.5, 12.25, 7]),
        (["1,234", "5,678.5", "9"], [1234, 5678.5, 9]),
        (["1 234,5", "12 000", "7"], [1234.5, 12000, 7]),
        (["1'234.5", "12'000", "7"], [1234.5, 12000, 7]),
        (["$5", "$1,200", "$7.25"], [5, 1200, 7.25]),
        (["12 %", "7.5 %", "100 %"], [12, 7.5, 100]),
        (["3,5 €", "1.200,00 €"], [3.5, 1200]),
    ],
)
def test_numbers_are_read_as_they_are_written(texts: list[str], numbers: list[float]) -> None:
    """With points, commas, marks between thousands, a currency or a percent sign."""
    numerals = numerals_of(texts, np.ones(len(texts), dtype=np.int64))
    assert numerals is not None
    np.testing.assert_array_equal(numbers_of(texts, numerals), numbers)


@pytest.mark.parametrize(
    "texts", [["red", "green"], ["A1", "B2"], ["12a", "3"], ["1-2", "3-4"], ["2023-01-01"], ["1_000", "x"]]
)
def test_other_texts_are_no_numbers(texts: list[str]) -> None:
    """Names, codes, ranges and dates stay what they are."""
    assert numerals_of(texts, np.ones(len(texts), dtype=np.int64)) is None


def test_a_number_that_no_model_takes_is_missing() -> None:
    """Trees compare in single precision, which ends at 3.4e38."""
    numerals = numerals_of(["1", "1e300"], np.ones(2, dtype=np.int64))
    assert numerals is not None
    assert np.isnan(numbers_of(["1e300", "nan"], numerals)).all()


def test_digits_with_zeros_in_front_are_names() -> None:
    """A postal code is no quantity."""
    assert is_code(["00123", "04567"])
    assert not is_code(["0", "0.5", "10"])


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["2024-02-29", "2023-12-31"], "2024-02-29"),
        (["29.02.2024", "31.12.2023"], "2024-02-29"),
        (["02/29/2024", "12/31/2023"], "2024-02-29"),
        (["29 Feb 2024", "31 Dec 2023"], "2024-02-29"),
        (["2024-02-29T13:45:00Z", "2023-12-31T00:00:00Z"], "2024-02-29T13:45:00"),
        (["2024-02-29 13:45", "2023-12-31 00:00"], "2024-02-29T13:45"),
    ],
)
def test_dates_are_read_as_they_are_written(texts: list[str], day: str) -> None:
    """Seconds since 1970, whatever the order and whether or not there is a time."""
    found = date_format(texts, np.ones(len(texts), dtype=np.int64))
    assert found is not None
    assert dates_of(texts, found[0])[0] == np.datetime64(day, "s").astype(np.int64)


def test_the_parts_of_a_date() -> None:
    """The last day of February 2024 was a Thursday; before 1970 the parts are right too."""
    moments = np.array(["2024-02-29T13:45:10", "1969-07-20T20:17:40"], dtype="datetime64[s]").astype(float)
    parts = {name: date_part(name, moments).tolist() for name in ("year", "month", "day", "weekday", "hour")}
    assert parts == {
        "year": [2024, 1969], "month": [2, 7], "day": [29, 20], "weekday": [4, 7], "hour": [13, 20]
    }  # fmt: skip
    assert np.isnan(date_part("year", np.array([np.nan]))).all()
