"""The parts of a date that a model can learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Part:
    """One part, and what a caller has to know to fill it in."""

    name: str
    description: str


PARTS = (
    Part("year", "The year, in four digits."),
    Part("month", "The month, 1 to 12."),
    Part("day", "The day of the month, 1 to 31."),
    Part("weekday", "The day of the week: 1 is Monday, 7 is Sunday."),
    Part("hour", "The hour, 0 to 23."),
    Part("minute", "The minute, 0 to 59."),
)


def date_part(name: str, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """A part of dates given as seconds since 1970, UTC; NaN where the date is missing."""
    known = ~np.isnan(seconds)
    moments = np.where(known, seconds, 0.0).astype("datetime64[s]")
    days = moments.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    if name == "year":
        found = days.astype("datetime64[Y]").astype(np.int64) + 1970
    elif name == "month":
        found = months.astype(np.int64) % 12 + 1
    elif name == "day":
        found = (days - months).astype(np.int64) + 1
    elif name == "weekday":
        # The first of January 1970 was a Thursday.
        found = (days.astype(np.int64) + 3) % 7 + 1
    elif name == "hour":
        found = (moments - days).astype(np.int64) // 3600
    else:
        found = (moments - days).astype(np.int64) // 60 % 60
    return np.where(known, found.astype(np.float64), np.nan)
