"""Scoring a CSV: the same rows with answers beside them, in constant memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from api.errors import FieldProblem, NotACsv
from api.predictions.asking import Asking
from api.predictions.csv_chunks import Chunks
from api.predictions.csv_columns import Columns, find_columns
from api.predictions.predict import Predictor
from api.predictions.prediction import answer_columns, answer_names, answer_texts
from api.registry.card import Card
from api.runtime.rows import Rows
from api.schema.schema import Schema

CHUNK = 4000
MOST_PROBLEMS = 1000
PROBLEMS_COLUMN = "problems"
_DELIMITERS = ",;\t"


@dataclass
class Scoring:
    """What came of scoring a CSV: the card of the version that answered, how many rows, what did not fit.

    `problems` are the first `MOST_PROBLEMS`, a problem's row counting from 0; `beyond` counts the others.
    """

    card: Card
    rows: int = 0
    problems: list[FieldProblem] = field(default_factory=list)
    beyond: int = 0

    def note(self, found: list[FieldProblem]) -> None:
        """Keep what the rows of the chunk after `rows` have wrong, as far as there is room."""
        room = MOST_PROBLEMS - len(self.problems)
        kept = [replace(one, row=self.rows + (one.row or 0)) for one in found[:room]]
        self.problems += kept
        self.beyond += len(found) - len(kept)


class Asked:
    """The model that answers for a whole CSV, one version from the first row to the last.

    Raises UnknownModel or ModelUnavailable.
    """

    def __init__(self, predictor: Predictor, name: str, asking: Asking) -> None:
        self._predictor = predictor
        self._asking = asking
        self._loaded = predictor.model(name)
        self.card = self._loaded.card
        self.names = answer_names(self.card.target)

    def of(self, rows: Rows, numbers: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
        """The answer of each row as the cells to add; `numbers` (rows,) are the rows' in the CSV, from 0."""
        batch = self._predictor.answer(self._loaded, rows, self._asking, numbers)
        return zip(*answer_columns(self.card.target, batch.answers), strict=True)

    def texts(self, rows: Rows, numbers: NDArray[np.int64], delimiter: str) -> list[list[str]]:
        """The columns to add as a CSV has them."""
        batch = self._predictor.answer(self._loaded, rows, self._asking, numbers)
        return answer_texts(self.card.target, batch.answers, lambda label: _quoted(label, delimiter))


def score_csv(asked: Asked, lines: Iterable[str], out: TextIO, *, skip: bool) -> Scoring:
    """Read a CSV with a header from `lines` and write it to `out` with the answers beside it.

    With `skip`, rows that do not fit get no answer and say why in a last column; without it, they make
    what is in `out` worthless, and are all in the result. Raises InvalidInput for the header, NotACsv for
    what is none, and what asking raises.
    """
    first, rest = _first_line(iter(lines))
    delimiter = _delimiter(asked.card.schema, first)
    chunks = Chunks(first, rest, delimiter)
    columns = find_columns(asked.card.schema, chunks.header)
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*chunks.header, *_new_names(asked, chunks.header, skip)])
    scoring = Scoring(asked.card)
    while chunk := chunks.next(CHUNK):
        rows, found = chunk.rows(columns)
        scoring.note(found)
        numbers = np.arange(scoring.rows, scoring.rows + len(chunk))
        scoring.rows += len(chunk)
        if skip and found:
            writer.writerows(_scored_around(asked, columns, _Chunk(chunk.cells(), rows, numbers, found)))
        elif scoring.problems and not skip:
            continue
        elif chunk.lines is not None:
            out.write(_plainly_beside(chunk.lines, asked.texts(rows, numbers, delimiter), delimiter, skip))
        else:
            ending = ("",) if skip else ()
            writer.writerows(_beside(chunk.records, asked.of(rows, numbers), ending))
    if scoring.rows == 0:
        raise NotACsv("The CSV has a header and no rows.")
    return scoring


def _first_line(lines: Iterator[str]) -> tuple[str, Iterator[str]]:
    try:
        first = next(lines, "")
    except UnicodeDecodeError as error:
        raise NotACsv("The CSV is not text in UTF-8.") from error
    if not first.strip():
        raise NotACsv("The CSV is empty: it needs a header and at least one row.")
    return first, lines


def _delimiter(schema: Schema, header: str) -> str:
    """What separates the header's cells: that with which most of the schema's fields are found."""

    def found(delimiter: str) -> int:
        return len({cell.strip().strip('"') for cell in header.split(delimiter)} & set(schema.names))

    return max(_DELIMITERS, key=found)


def _new_names(asked: Asked, header: list[str], skip: bool) -> list[str]:
    names = [*asked.names, *([PROBLEMS_COLUMN] if skip else [])]
    taken = [name for name in names if name in header]
    if taken:
        raise NotACsv(f"The CSV has a column {taken[0]} already, which the answer would add: rename it.")
    return names


def _quoted(label: str, delimiter: str) -> str:
    """A label as a cell, in quotes if it needs them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow([label, ""])
    return out.getvalue().removesuffix(delimiter)


def _plainly_beside(lines: list[str], columns: list[list[str]], delimiter: str, skip: bool) -> str:
    """Lines with the cells of some columns after each, and an empty one with `skip`."""
    ending = f"{delimiter}\n" if skip else "\n"
    parts = ["", *[delimiter, ""] * len(columns), ending] * len(lines)
    width = 2 * len(columns) + 2
    for at, column in enumerate([lines, *columns]):
        parts[2 * at :: width] = column
    return "".join(parts)


def _beside(
    chunk: list[list[str]], answers: Iterator[tuple[Any, ...]], ending: Sequence[str]
) -> Iterator[list[Any]]:
    return ([*record, *answer, *ending] for record, answer in zip(chunk, answers, strict=True))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some records, their rows, the rows' numbers in the CSV, and what does not fit."""

    records: list[list[str]]
    rows: Rows
    numbers: NDArray[np.int64]
    found: list[FieldProblem]


def _scored_around(asked: Asked, columns: Columns, chunk: _Chunk) -> Iterator[list[Any]]:
    """Each record with its answer, or with empty cells and its problems where it has any."""
    reasons: dict[int, list[str]] = {}
    for one in chunk.found:
        reasons.setdefault(one.row or 0, []).append(one.detail)
    good = np.array([row not in reasons for row in range(len(chunk.records))])
    given = asked.of(chunk.rows[good], chunk.numbers[good]) if good.any() else iter(())
    blank = [""] * len(asked.names)
    for row, record in enumerate(chunk.records):
        if row in reasons:
            # A row of another width is brought to the header's, so that its reason stands in its column.
            cells = (record + [""] * columns.width)[: columns.width]
            yield [*cells, *blank, " ".join(reasons[row])]
        else:
            yield [*record, *next(given), ""]
