"""A table as a model sees it: its fields, and where the values of each come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.rows import Rows
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.training.csv_table import NumberColumn, Table, TextColumn
from api.training.date_parts import date_part
from api.training.words import spelled


@dataclass(frozen=True, slots=True)
class Feature:
    """A field, and the column that its values come from: as they are, or a `part` of a date."""

    field: Field
    column: str
    part: str = ""
    function: Any = None


@dataclass(frozen=True)
class View:
    """The fields that a model learns from, and the rows of a table as it takes them."""

    table: Table
    features: tuple[Feature, ...]

    @property
    def schema(self) -> Schema:
        """The fields, in order."""
        return Schema(tuple(one.field for one in self.features))

    def values(self, feature: Feature, which: Any) -> NDArray[Any]:
        """The values of a field in the rows chosen: doubles, or texts with None where missing."""
        column = self.table.columns[feature.column]
        if isinstance(column, TextColumn):
            return column.objects(which)
        if not isinstance(column, NumberColumn):
            raise TypeError(f"{column.name} was not kept")
        numbers = column.doubles(which)
        if feature.field.kind is Kind.CHOICE:
            return np.array([None if np.isnan(one) else spelled(one) for one in numbers], dtype=np.object_)
        if feature.function is not None:
            numbers = np.asarray(feature.function(numbers), dtype=np.float64)
        return date_part(feature.part, numbers) if feature.part else numbers

    def rows(self, which: Any) -> Rows:
        """The rows that a slice, a mask or indices choose, as a model takes them."""
        schema = self.schema
        count = len(np.arange(self.table.rows)[which])
        numbers = np.empty((count, len(schema.number_positions)), dtype=np.float64)
        texts = np.empty((count, len(schema.text_positions)), dtype=np.object_)
        for block, positions in ((numbers, schema.number_positions), (texts, schema.text_positions)):
            for place, at in enumerate(positions):
                block[:, place] = self.values(self.features[at], which)
        return Rows(numbers, texts)
