"""Probe rows: where a compiled model would show that it differs from its estimator. For training only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.compiling.blocks import UNSEEN
from api.runtime.frame import Frame
from api.runtime.rows import Rows, stack
from api.runtime.split_points import at_split_points
from api.runtime.text_probe_values import TextMaker
from api.schema.fields import Field, Kind
from api.schema.schema import Schema

_SAMPLE = 2000
_NUDGED = 2000
_SPREAD = 2000
_MIDDLES = 500
_GAPS = 500
_AWKWARD = 200


@dataclass(frozen=True, slots=True)
class Probes:
    """`rows`: all of them. `calm`: those made up and away from thresholds, from which a canary is drawn."""

    rows: Rows
    calm: Rows


def probe_rows(estimator: Any, frame: Frame, sample: Rows, seed: int = 0) -> Probes:
    """Thousands of rows for an estimator whose data looks like `sample`.

    They are the sample's rows; those rows nudged; rows far outside them; rows halfway between two of them,
    where neighbours tie; rows on, just below and just above the split points of its trees; rows with
    missing values and with unseen categories, where the schema allows them; rows with awkward texts.
    """
    make = _Maker(frame.schema, sample, np.random.default_rng(seed))
    nudged, spread = make.nudged(_NUDGED), make.spread(_SPREAD)
    rows = [make.drawn(min(_SAMPLE, len(sample))), nudged, spread, make.middles(_MIDDLES)]
    rows += [make.gaps(_GAPS), make.unseen(_GAPS), *make.awkward(_AWKWARD)]
    rows += [make.tidied(one) for one in at_split_points(estimator, frame, stack([nudged, spread]))]
    return Probes(stack(rows), stack([nudged, spread]))


def invented_rows(schema: Schema, seed: int = 0) -> Rows:
    """Rows for a model that was brought without any: numbers around its observed ranges, or of all sizes."""
    random = np.random.default_rng(seed)
    numbers = np.empty((_SAMPLE, len(schema.number_positions)))
    sizes = np.repeat([1.0, 10.0, 100.0, 1000.0], _SAMPLE // 4)
    for column, at in enumerate(schema.number_positions):
        seen = schema.fields[at].observed
        if seen:
            numbers[:, column] = random.uniform(seen.minimum, seen.maximum, _SAMPLE)
        else:
            numbers[:, column] = random.normal(0, 1, _SAMPLE) * sizes
    texts = np.empty((_SAMPLE, len(schema.text_positions)), dtype=np.object_)
    make = _Maker(schema, Rows(numbers, texts), random)
    make.choose(texts)
    return make.tidied(Rows(numbers, texts))


class _Maker:
    """Makes rows that a schema allows, out of a sample's rows."""

    def __init__(self, schema: Schema, sample: Rows, random: np.random.Generator) -> None:
        self._sample, self._random = sample, random
        self._number_fields = [schema.fields[at] for at in schema.number_positions]
        self._text_fields = [schema.fields[at] for at in schema.text_positions]
        known = np.where(np.isnan(sample.numbers).all(axis=0), 0.0, sample.numbers)
        self._low, self._high = np.nanmin(known, axis=0), np.nanmax(known, axis=0)
        self._width = np.where(self._high > self._low, self._high - self._low, 1.0)
        self._texts = {
            column: TextMaker(sample.texts[:_SAMPLE, column], random)
            for column, field in enumerate(self._text_fields)
            if field.kind is Kind.TEXT
        }

    def drawn(self, count: int) -> Rows:
        """Rows of the sample, each at most once if there are enough."""
        replace = count > len(self._sample)
        return self._sample[self._random.choice(len(self._sample), count, replace=replace)]

    def nudged(self, count: int) -> Rows:
        """Rows of the sample with every number moved a little, and some choices made anew."""
        rows = self.drawn(count)
        moved = rows.numbers + self._random.normal(0, 0.05, rows.numbers.shape) * self._width
        texts = rows.texts.copy()
        self.choose(texts, share=0.2)
        return self.tidied(Rows(moved, texts))

    def spread(self, count: int) -> Rows:
        """Rows with any choices, and numbers from twice the sample's range on either side."""
        shape = (count, len(self._number_fields))
        low, high = self._low - 2 * self._width, self._high + 2 * self._width
        rows = self.drawn(count)
        texts = rows.texts.copy()
        self.choose(texts)
        return self.tidied(Rows(self._random.uniform(low, high, shape), texts))

    def middles(self, count: int) -> Rows:
        """Rows halfway between two of the sample: the same distance from both."""
        first, second = self.drawn(count), self.drawn(count)
        return self.tidied(Rows((first.numbers + second.numbers) / 2, first.texts))

    def gaps(self, count: int) -> Rows:
        """Rows with values missing, in every field that allows it; none where no field does."""
        rows = self.drawn(count)
        numbers, texts = rows.numbers.copy(), rows.texts.copy()
        for values, fields, missing in (
            (numbers, self._number_fields, np.nan),
            (texts, self._text_fields, None),
        ):
            for column, field in enumerate(fields):
                if field.missing_allowed:
                    values[self._random.random(count) < 0.3, column] = missing
        return self.tidied(Rows(numbers, texts))

    def unseen(self, count: int) -> Rows:
        """Rows with categories that the model has not seen, in every field that allows them."""
        rows = self.drawn(count)
        texts = rows.texts.copy()
        for column, field in enumerate(self._text_fields):
            if field.others_allowed:
                texts[self._random.random(count) < 0.5, column] = UNSEEN
        return Rows(rows.numbers, texts)

    def awkward(self, count: int) -> list[Rows]:
        """Rows with texts as awkward as people's are; none where no field takes free text."""
        if not self._texts:
            return []
        rows = self.drawn(count)
        texts = rows.texts.copy()
        for column, make in self._texts.items():
            texts[:, column] = self._random.permutation(np.array(make.awkward(count), dtype=np.object_))
        return [Rows(rows.numbers, texts)]

    def choose(self, texts: NDArray[np.object_], share: float = 1.0) -> None:
        """Put any of its choices into a share of each choice field's texts, and free texts made up anew."""
        for column, field in enumerate(self._text_fields):
            chosen = self._random.random(len(texts)) < share
            if field.choices:
                values = np.array([choice.value for choice in field.choices], dtype=object)
                texts[chosen, column] = self._random.choice(values, int(chosen.sum()))
            if column in self._texts:
                # Whatever the share: these rows are kept as a canary, where nobody's text belongs.
                texts[:, column] = self._texts[column].made(len(texts))

    def tidied(self, rows: Rows) -> Rows:
        """The rows with whole numbers whole, booleans 1 or 0, and nothing missing that may not be."""
        numbers = rows.numbers.copy()
        for column, field in enumerate(self._number_fields):
            numbers[:, column] = self._tidy(field, numbers[:, column], column)
        return Rows(numbers, rows.texts)

    def _tidy(self, field: Field, values: NDArray[np.float64], column: int) -> NDArray[np.float64]:
        missing = np.isnan(values)
        if not field.missing_allowed:
            values = np.where(missing, self._low[column], values)
            missing = np.zeros(len(values), dtype=bool)
        if field.kind is Kind.INTEGER:
            values = np.round(values)
        if field.kind is Kind.BOOLEAN:
            values = np.where(missing, np.nan, self._random.integers(0, 2, len(values)))
        return values
