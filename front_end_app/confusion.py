"""How often each class was taken for each other, as a table with shading. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .reports import Report

SHADES = 5
MOST_CLASSES = 30
"""Of more classes, the table says only what was most often confused."""
MOST_CONFUSED = 12


@dataclass(frozen=True)
class Cell:
    """How many rows; `shade` from 0 to SHADES by their share of the row; whether they were right."""

    count: str
    shade: int
    right: bool


@dataclass(frozen=True)
class Confusion:
    """Rows are what was true, columns what was answered; of many classes `pairs` instead of rows:
    (true, answered, rows), the most frequent first."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    pairs: tuple[tuple[str, str, str], ...]
    words: str


def confusion(report: Report) -> Confusion | None:
    """The table of a report, None where it has none that fits its labels."""
    labels, counts = report.labels, report.counts
    if not labels or len(counts) != len(labels) or any(len(row) != len(labels) for row in counts):
        return None
    right = sum(counts[place][place] for place in range(len(labels)))
    words = f"{grouped(right)} of {grouped(sum(map(sum, counts)))} rows were answered rightly."
    if len(labels) > MOST_CLASSES:
        return Confusion(labels, (), _pairs(labels, counts), words)
    rows = tuple(
        (label, _cells(row, place)) for place, (label, row) in enumerate(zip(labels, counts, strict=True))
    )
    return Confusion(labels, rows, (), words)


def grouped(count: int) -> str:
    """A whole number with its thousands apart."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if abs(count) >= 10_000 else str(count)


def _cells(row: tuple[int, ...], place: int) -> tuple[Cell, ...]:
    total = sum(row) or 1
    return tuple(
        Cell(grouped(count), _shade(count / total), answered == place) for answered, count in enumerate(row)
    )


def _shade(share: float) -> int:
    # What is there is seen, however rare it is.
    return max(1, round(share * SHADES)) if share > 0 else 0


def _pairs(labels: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> tuple[tuple[str, str, str], ...]:
    wrong = [
        (count, labels[true], labels[answered])
        for true, row in enumerate(counts)
        for answered, count in enumerate(row)
        if count and true != answered
    ]
    wrong.sort(key=lambda one: -one[0])
    return tuple((true, answered, grouped(count)) for count, true, answered in wrong[:MOST_CONFUSED])
