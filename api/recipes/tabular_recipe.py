"""What is known beforehand of a kind of table: its columns, its target, and the features made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from api.schema.fields import Field
from api.schema.schema import Schema
from api.schema.target import Target

# An unfitted scikit-learn transformer; scikit-learn carries no types.
Transformer = Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's numbers come from in a file that has no column of its name: `function` of `column`.

    Without a function they are the column's own, which then is only called otherwise.
    """

    field: str
    column: str
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None


@dataclass(frozen=True, slots=True)
class TabularRecipe:
    """What training knows of a kind of table before it has read it; what is left empty is found out.

    `matches`: whether a file with this header is one of the kind.
    `fields`: what a caller sends, in order; choices and observed ranges are filled in from the rows where the
    field has none. A column of the file that is neither a field, nor a source, nor the target is left out.
    `sources`: other columns that a field may come from, tried in order.
    `leave_out`: columns that are known and not learnt from, each with the reason.
    `targets`: names that the column to predict may have, the first that is there is taken.
    `target`: its names; the `value` of its classes is what the rows call them (0, "yes"), the second of two
    classes is the positive one.
    `features`: makes an unfitted transformer, from the table that `natural_frame` makes of the schema (a
    DataFrame with a column a field; a plain array where all are numbers) to an array of numbers (rows, k)
    that the estimators take. Every part of it needs a converter in `api/runtime/compiling`. Without it the
    features are the fields themselves.
    `notes`: sentences for the card of every model that is made with it.
    `explains`: answers come with their reasons unasked, measured against rows of the first class.
    """

    name: str
    title: str
    description: str
    matches: Callable[[Sequence[str]], bool]
    fields: tuple[Field, ...] = ()
    sources: tuple[Source, ...] = ()
    leave_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    targets: tuple[str, ...] = ()
    target: Target | None = None
    features: Callable[[Schema], Transformer] | None = None
    notes: tuple[str, ...] = ()
    explains: bool = False


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A model that comes with the house although nobody's rows do: it learns from rows that are made up.

    `write` writes them as a CSV; `note` is the sentence for its card that says so.
    """

    recipe: TabularRecipe
    write: Callable[[IO[str]], None]
    note: str
