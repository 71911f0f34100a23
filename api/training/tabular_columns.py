"""Which columns of a table are learnt from, and as which fields; and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnfitData
from api.recipes.tabular_recipe import TabularRecipe
from api.schema.fields import Choice, Field, Kind, Observed
from api.training.csv_columns_read import different_texts
from api.training.csv_table import Column, LeftColumn, NumberColumn, Table, TextColumn
from api.training.date_parts import PARTS, date_part
from api.training.tabular_view import Feature, View
from api.training.words import listed, title_of, unit_of

_MOSTLY_MISSING = 0.95
_MOST_CHOICES = 100
# Choices that are kept have to cover this share of the rows; else the column is none of categories.
_LEAST_COVERED = 0.5
_MOSTLY_DIFFERENT = 0.5
_FEW = 20
_SIGNIFICANT = 4
# More rows than this are not looked at to count different values.
_LOOKED_AT = 300_000
_ID_NAME = re.compile(
    r"(.*[_ ])?(id|uuid|guid|index|rownum|row_number|nr|no)|.*[a-z]I[dD]|column_1|unnamed: 0", re.I
)


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of a column: its kind, whether it is used and why (not), what share is missing."""

    name: str
    kind: str
    used: bool
    why: str
    missing: float
    distinct: int
    examples: tuple[str, ...]


def features_of(
    table: Table, target: str, rows: NDArray[np.int64], recipe: TabularRecipe | None
) -> tuple[View, list[Account]]:
    """The fields to learn from in `rows` of the table, and an account of every column.

    Raises UnfitData where no column is left to learn from, or one is not what the recipe says.
    """
    if recipe and recipe.fields:
        features, accounts = _of_recipe(table, target, rows, recipe)
    else:
        features, accounts = [], []
        left = dict(recipe.leave_out) if recipe else {}
        taken = set(table.columns)
        for column in table.columns.values():
            if column.name == target:
                accounts.append(_account(column, rows, "target", True, "it is what is predicted"))
                continue
            made, account = _examined(column, rows, left, taken)
            features += made
            accounts.append(account)
    if not features:
        reasons = listed([f"{one.name} ({one.why})" for one in accounts if one.name != target], 5)
        raise UnfitData(f"No column is left to learn from: {reasons}.")
    return View(table, tuple(features)), accounts


def _of_recipe(
    table: Table, target: str, rows: NDArray[np.int64], recipe: TabularRecipe
) -> tuple[list[Feature], list[Account]]:
    features: list[Feature] = []
    for field in recipe.fields:
        found = _source(table, field, recipe)
        if found is None:
            continue
        feature = Feature(field, found[0], function=found[1])
        features.append(_filled(table, feature, rows))
    used = {one.column for one in features}
    accounts = []
    for column in table.columns.values():
        if column.name == target:
            accounts.append(_account(column, rows, "target", True, "it is what is predicted"))
        elif column.name in used:
            accounts.append(_account(column, rows, _kind_of(column), True, ""))
        else:
            why = recipe.leave_out.get(
                column.name, f"it is nothing that the recipe {recipe.name} learns from"
            )
            accounts.append(_account(column, rows, _kind_of(column), False, why))
    return features, accounts


def _source(table: Table, field: Field, recipe: TabularRecipe) -> tuple[str, Any] | None:
    if field.name in table.columns:
        return field.name, None
    for one in recipe.sources:
        if one.field == field.name and one.column in table.columns:
            return one.column, one.function
    return None


def _filled(table: Table, feature: Feature, rows: NDArray[np.int64]) -> Feature:
    """The feature with choices, range and allowances from the rows, where the recipe left them open."""
    field, column = feature.field, table.columns[feature.column]
    if isinstance(column, LeftColumn) or (
        isinstance(column, TextColumn) and field.kind not in (Kind.CHOICE, Kind.TEXT)
    ):
        shown = listed([repr(one) for one in column.seen.examples], 3)
        raise UnfitData(
            f"The column {column.name} holds {shown}, where {field.title} is to be a {field.kind.value}.",
            column=column.name,
            expected=f"a {field.kind.value}",
        )
    if field.kind is Kind.CHOICE and not field.choices:
        counted = _counted(View(table, (feature,)).values(feature, rows))
        return replace(
            feature, field=replace(field, choices=tuple(Choice(one, one) for one in sorted(counted)))
        )
    if field.kind in (Kind.NUMBER, Kind.INTEGER) and field.observed is None:
        values = View(table, (feature,)).values(feature, rows)
        known = values[~np.isnan(values)]
        seen = Observed(float(known.min()), float(known.max())) if len(known) else None
        missing = field.missing_allowed or len(known) < len(values)
        return replace(feature, field=replace(field, observed=seen, missing_allowed=missing))
    return feature


def _counted(texts: NDArray[np.object_]) -> Mapping[str, int]:
    known = texts[texts != None]  # noqa: E711 (of each element, which "is" cannot be)
    values, counts = np.unique(known.astype(str), return_counts=True)
    return {str(value): int(count) for value, count in zip(values, counts, strict=True)}


def _examined(
    column: Column, rows: NDArray[np.int64], left: Mapping[str, str], taken: set[str]
) -> tuple[list[Feature], Account]:
    """The fields that a column gives, none where it is left out, and what is said of it."""
    name = column.name
    if isinstance(column, LeftColumn):
        return [], _account(column, rows, column.kind, False, left.get(name, column.why))
    account = _account(column, rows, _kind_of(column), True, "")
    why = left.get(name) or _worthless(column, rows, account)
    if why:
        kinds = {0: "empty", 1: "constant"}
        return [], replace(account, used=False, why=why, kind=kinds.get(account.distinct, account.kind))
    if isinstance(column, TextColumn):
        return _category(column, rows, account)
    if column.written == "date":
        return _date(column, rows, account, taken)
    why = _names_rows(column, rows, account)
    if why:
        return [], replace(account, used=False, why=why, kind="identifier")
    return [Feature(_number_field(column, rows, account.missing > 0), name)], account


def _worthless(column: Column, rows: NDArray[np.int64], account: Account) -> str:
    if account.missing == 1:
        return "every cell of it is empty"
    if account.missing > _MOSTLY_MISSING:
        return f"{account.missing:.1%} of its cells are empty"
    if account.distinct == 1 and _distinct(column, rows, every=True) == 1:
        return (
            f"it is {account.examples[0]} in every row" if account.examples else "it is the same in every row"
        )
    return ""


def _names_rows(column: NumberColumn, rows: NDArray[np.int64], account: Account) -> str:
    """Why a column of numbers names rows, empty where it does not: 1, 2, 3… or customer_id."""
    if column.written != "whole" or account.missing or len(rows) < _FEW:
        return ""
    values = column.doubles(rows[:_LOOKED_AT])
    if bool((np.diff(values) == 1).all()):
        return "it counts the rows"
    if _ID_NAME.fullmatch(column.name) and account.distinct > 0.95 * len(values):
        return "it names rows: nearly every one has its own"
    return ""


def _category(column: TextColumn, rows: NDArray[np.int64], account: Account) -> tuple[list[Feature], Account]:
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0].astype(np.int64), minlength=len(column.texts))
    known, distinct = int(counts.sum()), int((counts > 0).sum())
    order = np.argsort(-counts, kind="stable")[:_MOST_CHOICES]
    # A text that is there once teaches nothing about the next row with it.
    kept = [int(at) for at in order if counts[at] >= 2]
    covered = int(counts[kept].sum())
    if distinct > _FEW and (distinct > _MOSTLY_DIFFERENT * known or covered < _LEAST_COVERED * known):
        texts = [column.texts[int(at)] for at in np.flatnonzero(counts)]
        kind, why = different_texts(texts, known)
        if why:
            return [], replace(account, used=False, why=why, kind=kind)
        field = _text_field(column, account.missing > 0)
        return [Feature(field, column.name)], replace(account, why="its words", kind=kind)
    if not kept:
        return [], replace(account, used=False, why="each of its texts is there once", kind="identifier")
    why = "" if len(kept) == distinct else f"its {len(kept)} most frequent texts; others count as unknown"
    field = Field(
        column.name,
        title_of(column.name),
        Kind.CHOICE,
        unit=unit_of(column.name),
        choices=tuple(Choice(text, text) for text in sorted(column.texts[at] for at in kept)),
        missing_allowed=account.missing > 0,
        others_allowed=True,
    )
    return [Feature(field, column.name)], replace(account, why=why)


def _text_field(column: TextColumn, missing: bool) -> Field:
    return Field(
        column.name, title_of(column.name), Kind.TEXT, missing_allowed=missing, longest=column.longest
    )


def _number_field(column: NumberColumn, rows: NDArray[np.int64], missing: bool) -> Field:
    field = Field(column.name, title_of(column.name), Kind.NUMBER, missing_allowed=missing)
    if column.written == "boolean":
        return replace(field, kind=Kind.BOOLEAN)
    values = column.values(rows)
    seen = Observed(float(np.nanmin(values)), float(np.nanmax(values)))
    unit = unit_of(column.name) or column.unit or None
    if column.written == "whole":
        return replace(field, kind=Kind.INTEGER, observed=seen, step=1.0, unit=unit)
    step = float(f"1e-{column.decimals}") if 0 < column.decimals <= _SIGNIFICANT else None
    return replace(field, observed=seen, step=step, unit=unit)


def _date(
    column: NumberColumn, rows: NDArray[np.int64], account: Account, taken: set[str]
) -> tuple[list[Feature], Account]:
    """A field for each part of a date that is not the same in every row."""
    seconds, features = column.doubles(rows), []
    for part in PARTS:
        values = date_part(part.name, seconds)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if low == high:
            continue
        name = f"{column.name}_{part.name}"
        while name in taken:
            name += "_"
        taken.add(name)
        field = Field(
            name,
            f"{title_of(column.name)}: {part.name}",
            Kind.INTEGER,
            part.description,
            observed=Observed(low, high),
            step=1.0,
            missing_allowed=account.missing > 0,
        )
        features.append(Feature(field, column.name, part.name))
    named = listed([one.field.name for one in features])
    return features, replace(account, why=f"taken apart into {named}")


def _kind_of(column: Column) -> str:
    if isinstance(column, LeftColumn):
        return column.kind
    if isinstance(column, TextColumn):
        return "category"
    return {"whole": "integer"}.get(column.written, column.written)


def _account(column: Column, rows: NDArray[np.int64], kind: str, used: bool, why: str) -> Account:
    missing = _missing(column, rows)
    examples = column.seen.examples[:3]
    return Account(column.name, kind, used, why, missing, _distinct(column, rows), examples)


def _missing(column: Column, rows: NDArray[np.int64]) -> float:
    if isinstance(column, LeftColumn):
        return 0.0
    if isinstance(column, TextColumn):
        return round(float((column.codes[rows] < 0).mean()), 4)
    values = column.values(rows)
    share = float(np.isnan(values).mean()) if values.dtype.kind == "f" else 0.0
    # Never rounded to none or all where it is not.
    return round(share, 4) if 0.0001 < share < 0.9999 else share


def _distinct(column: Column, rows: NDArray[np.int64], every: bool = False) -> int:
    if isinstance(column, LeftColumn):
        return column.distinct
    which = rows if every else rows[:: max(1, len(rows) // _LOOKED_AT)]
    values = column.codes[which] if isinstance(column, TextColumn) else column.values(which)
    known = values[values >= 0] if isinstance(column, TextColumn) else values
    if known.dtype.kind == "f":
        known = known[~np.isnan(known)]
    return len(np.unique(known))
