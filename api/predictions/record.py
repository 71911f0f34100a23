"""Recording predictions: what is kept of an answer, as a line of the spool.

A line of one row has four parts between tabs: a JSON list of what is known of the request, and the texts that
the database keeps as they are: inputs, answers and, where there are any, probabilities. Many rows are packed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from api.predictions.asking import Asking
from api.predictions.pack import model_part, packed
from api.predictions.prediction import Batch, rounded
from api.predictions.spool import Spool
from api.predictions.unpack import number_column
from api.registry.card import Card
from api.runtime.answers import ValueAnswers
from api.runtime.rows import Rows
from api.schema.fields import Kind

# A line holds at most so many values, so that nothing that reads it needs much memory.
_MOST_VALUES = 40_000

_json = json.JSONEncoder(separators=(",", ":")).encode


class _Lines(Protocol):
    """Where lines are kept."""

    def append(self, lines: bytes) -> None: ...


class Recorder:
    """Records answers before they are given; any thread may use it. Everything raises NotRecorded."""

    def __init__(self, spool: Spool, lines: _Lines | None = None) -> None:
        self._spool = spool
        self._lines: _Lines = spool if lines is None else lines
        # The templates of each model that was asked last, by name and version.
        self._templates: dict[tuple[str, str], _Templates] = {}
        # What packed lines say of a model, by the same.
        self._told: dict[tuple[str, str], tuple[Card, str]] = {}

    def record(
        self, asking: Asking, batch: Batch, rows: Rows, numbers: NDArray[np.int64] | None = None
    ) -> None:
        """Record a model's answers to `rows`.

        `numbers` (rows,) are the rows' in the request where they do not count from 0 on.
        """
        if len(rows) == 1:
            number = 0 if numbers is None else int(numbers[0])
            self._lines.append(self._one_row(asking, batch, rows, number))
            return
        card, answers = batch.card, batch.answers
        columns = len(card.schema.fields) + len(card.target.classes) + 1
        told = self._told.get((card.name, card.version))
        if told is None or told[0] is not card:
            told = self._told[(card.name, card.version)] = (card, model_part(card))
        for part, first in _parts(len(rows), max(1, _MOST_VALUES // columns), numbers):
            head = _head(asking, card, (first, part.stop - part.start), batch.seconds)
            self._lines.append(packed(head, told[1], rows[part], answers[part]))

    def record_shares(
        self,
        asking: Asking,
        card: Card,
        inputs: Mapping[str, Any],
        shares: Sequence[tuple[str, float]],
        seconds: float,
    ) -> None:
        """Record one answer of a recipe's own route, whose inputs are not the fields of the model's schema.

        `shares` are the classes with their probabilities, that of the answer first.
        """
        texts = (
            _head(asking, card, (0, 1), seconds),
            _json({name: [value] for name, value in inputs.items()}),
            _json([shares[0][0]]),
            _json({label: [share] for label, share in shares}),
        )
        self._lines.append("\t".join(texts).encode() + b"\n")

    def record_plain(self, id: str, at: int, took: int, who: str, texts: str) -> None:
        """Record one answer whose `texts` (inputs, answers, probabilities, between tabs) have been written.

        `at` is when it came, in nanoseconds by the clock, `took` how many the model needed, `who` as
        `head_end` has it.
        """
        # JSON reads digits with an exponent as the number that it is, and they are quickly written.
        self._lines.append(f'["{id}",0,1,{at}e-9,{took}e-9,{who}]\t{texts}\n'.encode())

    @contextmanager
    def holding(self) -> Iterator[HeldRecorder]:
        """A recorder for an answer that is not certain yet: nothing is recorded unless it is told to keep."""
        with self._spool.hold() as held:
            yield HeldRecorder(self._spool, held, held.keep)

    def _one_row(self, asking: Asking, batch: Batch, rows: Rows, number: int) -> bytes:
        """The line of one row: of the usual model, which takes numbers, in a few microseconds."""
        card, answers = batch.card, batch.answers
        templates = self._templates.get((card.name, card.version))
        if templates is None or templates.card is not card:
            templates = self._templates[(card.name, card.version)] = _templates(card)
        numbers = rows.numbers[0].tolist()
        # A missing value is a NaN.
        if templates.inputs is not None and not any(map(math.isnan, numbers)):
            inputs = templates.inputs % tuple(numbers)
        else:
            inputs = _json(inputs_of(card, rows))
        if isinstance(answers, ValueAnswers):
            given, probabilities = f"[{answers.values[0].item()!r}]", ""
        else:
            given, probabilities = templates.labels[answers.classes[0]], ""
            if answers.probabilities is not None:
                shares = rounded(answers.probabilities[0].tolist())
                probabilities = templates.probabilities % tuple(shares)
        head = _head(asking, card, (number, 1), batch.seconds)
        return f"{head}\t{inputs}\t{given}\t{probabilities}\n".encode()


class HeldRecorder(Recorder):
    """A recorder whose records count only once they are kept."""

    def __init__(self, spool: Spool, lines: _Lines, keep: Any) -> None:
        super().__init__(spool, lines)
        self.keep = keep


@dataclass(frozen=True, slots=True)
class _Templates:
    """The texts of a model's one-row records but for their values, for `%`.

    `inputs` is None where a field is anything but a number: then it takes more than its digits to write it.
    """

    card: Card
    inputs: str | None
    labels: list[str]
    probabilities: str


def _templates(card: Card) -> _Templates:
    def template(names: Sequence[str]) -> str:
        return "{" + ",".join(_json(name).replace("%", "%%") + ":[%r]" for name in names) + "}"

    plain = all(one.kind is Kind.NUMBER for one in card.schema.fields)
    labels = [one.label for one in card.target.classes]
    return _Templates(
        card,
        template(card.schema.names) if plain else None,
        [_json([label]) for label in labels],
        template(labels),
    )


@lru_cache(maxsize=1024)
def head_end(user: str, route: str, model: str, version: str) -> str:
    """What the head of a record ends with, as members of its list."""
    return _json([user, route, model, version])[1:-1]


def _head(asking: Asking, card: Card, rows: tuple[int, int], seconds: float) -> str:
    first, count = rows
    # An id is hexadecimal digits and dashes: it needs no quoting but its own.
    who = head_end(asking.user, asking.route, card.name, card.version)
    return f'["{asking.id}",{first},{count},{asking.at!r},{seconds!r},{who}]'


def _parts(rows: int, most: int, numbers: NDArray[np.int64] | None) -> Iterator[tuple[slice, int]]:
    """The rows in slices of at most `most`, in each of which the numbers follow each other, and its first."""
    ends = [] if numbers is None else (np.flatnonzero(np.diff(numbers) != 1) + 1).tolist()
    start = 0
    for end in [*ends, rows]:
        while start < end:
            stop = min(start + most, end)
            yield slice(start, stop), start if numbers is None else int(numbers[start])
            start = stop


def inputs_of(card: Card, rows: Rows) -> dict[str, list[Any]]:
    """The columns of some rows by field, in the schema's order."""
    schema = card.schema
    columns: dict[int, list[Any]] = {}
    for column, at in enumerate(schema.number_positions):
        columns[at] = number_column(schema.fields[at].kind, rows.numbers[:, column])
    for column, at in enumerate(schema.text_positions):
        columns[at] = rows.texts[:, column].tolist()
    return {name: columns[at] for at, name in enumerate(schema.names)}
