"""What a CSV file turns out to hold: read, profiled, and with its truth found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnfitData
from api.recipes.catalogue import tabular_recipe
from api.recipes.tabular_recipe import TabularRecipe
from api.schema.fields import Field
from api.training.csv_dialect import Dialect, find_dialect
from api.training.csv_kinds import Wanted
from api.training.csv_read import read_table
from api.training.csv_table import NumberColumn, Table, TextColumn
from api.training.examples import with_examples
from api.training.memory import give_back, resident_mb
from api.training.request import METRICS, TrainingRequest
from api.training.tabular_columns import Account, features_of
from api.training.tabular_split import Split
from api.training.tabular_target import Truth, find_target, truth_in
from api.training.tabular_view import View
from api.training.watch import Watch

# Rows that the compiled model is compared on; probes are made of them too.
_ROWS_TO_PROVE = 20_000
_MANY_TEXTS = 1000


class Clock:
    """How long each step took, and what the process weighed after it."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._spent: dict[str, float] = {}
        self._memory = {"start": resident_mb()}

    def note(self, step: str) -> None:
        """What went by since the last note was for this step."""
        here = time.perf_counter()
        self._spent[step] = round(here - self._last, 2)
        self._last = here
        self._memory[step] = resident_mb()

    def memory(self) -> dict[str, int | None]:
        """The resident size after each step in megabytes; `start` is before the first."""
        return dict(self._memory)

    def told(self) -> dict[str, float]:
        """Seconds by step, and altogether."""
        return self._spent | {"total": round(time.perf_counter() - self._began, 2)}


@dataclass(frozen=True)
class Known:
    """How a file is written, its rows and fields, the truth, and an account of each column."""

    file: Path
    dialect: Dialect
    recipe: TabularRecipe | None
    view: View
    truth: Truth
    accounts: tuple[Account, ...]
    rows: int


@dataclass(frozen=True)
class Kept:
    """What is kept of a file once the winner has its rows: those that something is measured on.

    The other members are places in the truth of `known`: rows to choose a threshold on, rows held out, and
    some of those learnt from.
    """

    known: Known
    validation: NDArray[np.int64]
    hold_out: NDArray[np.int64]
    sample: NDArray[np.int64]


def read_csv(request: TrainingRequest, file: Path, watch: Watch, clock: Clock) -> Known:
    """Read a file and find out what it holds; raises UnfitData where nothing can be learnt from it."""
    watch.step("read", 0.0, "finding out how the file is written")
    dialect = find_dialect(file)
    recipe = tabular_recipe(request.model, dialect.names)
    target, why = find_target(dialect.names, request.target, recipe)
    watch.step("read", 0.0, "reading rows")
    wanted = Wanted(frozenset({target}), _left(dialect.names, target, recipe))
    table, dialect = read_table(file, dialect, wanted, lambda share: watch.step("read", share))
    give_back()
    clock.note("read")
    watch.step("profile", 0.0, f"looking at {len(table.columns)} columns of {table.rows:,} rows")
    truth = truth_in(table.columns[target], table.rows, why, request.task, recipe)
    if request.metric and request.metric not in METRICS[truth.task]:
        allowed = ", ".join(METRICS[truth.task])
        raise UnfitData(
            f"{request.metric} is no metric of {truth.task}, which is what {target} calls for; "
            f"{allowed} are.",
            expected=allowed,
        )
    view, accounts = features_of(table, target, truth.rows, recipe)
    give_back()
    clock.note("profile")
    return Known(file, dialect, recipe, view, truth, tuple(accounts), table.rows)


def _left(names: Sequence[str], target: str, recipe: TabularRecipe | None) -> dict[str, str]:
    """The columns that need not be kept, with the reason."""
    if recipe is None:
        return {}
    left = {name: why for name, why in recipe.leave_out.items() if name != target}
    if recipe.fields:
        known = {one.name for one in recipe.fields} | {one.column for one in recipe.sources} | {target}
        others = [name for name in names if name not in known]
        left |= {name: left.get(name, f"the recipe {recipe.name} does not learn from it") for name in others}
    return left


def kept_of(known: Known, parts: Split) -> Kept:
    """The part of a file that is needed once the winner has the rows it is fitted to."""
    sample = parts.training
    if len(sample) > _ROWS_TO_PROVE:
        sample = np.sort(np.random.default_rng(0).choice(sample, _ROWS_TO_PROVE, replace=False))
    places = np.concatenate([parts.validation, parts.hold_out, sample])
    rows = known.truth.rows[places]
    columns = {name: _part(column, rows) for name, column in known.view.table.columns.items()}
    view = View(Table(columns, len(places)), known.view.features)
    schema = with_examples(view.schema, view.rows(np.arange(len(places) - len(sample), len(places))))
    features = tuple(
        replace(feature, field=_with_own_example(field, feature.field))
        for feature, field in zip(view.features, schema.fields, strict=True)
    )
    truth = replace(known.truth, rows=np.arange(len(places)), values=known.truth.values[places])
    first, second = len(parts.validation), len(parts.validation) + len(parts.hold_out)
    return Kept(
        replace(known, view=View(view.table, features), truth=truth),
        np.arange(first),
        np.arange(first, second),
        np.arange(second, len(places)),
    )


def _with_own_example(field: Field, given: Field) -> Field:
    """The field with the example that a recipe gave, which belongs to those of the other fields."""
    return field if given.example is None else replace(field, example=given.example)


def _part(column: Any, rows: NDArray[np.int64]) -> Any:
    if isinstance(column, NumberColumn):
        return replace(column, kept=column.kept[rows])
    return _part_of_texts(column, rows) if isinstance(column, TextColumn) else column


def _part_of_texts(column: TextColumn, rows: NDArray[np.int64]) -> TextColumn:
    """The texts of some rows: of many different ones those that are there, because they take memory."""
    codes = column.codes[rows]
    if len(column.texts) < _MANY_TEXTS:
        return replace(column, codes=codes)
    used, codes = np.unique(codes, return_inverse=True)
    missing = int((used == -1).sum())
    texts = tuple(column.texts[int(at)] for at in used[missing:])
    return replace(column, codes=codes - missing, texts=texts)
