"""A schema, inferred from a fitted estimator and a sample of its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnreadableModel
from api.runtime.compiling.blocks import UNSEEN
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import BOOLEAN, FLOAT, INTEGER, TEXT, Column, Frame
from api.runtime.rows import Rows, rows_from
from api.schema.fields import Choice, Field, Kind, Observed, Value
from api.schema.schema import Schema
from api.training.anatomy import Anatomy, ColumnFacts, dissect
from api.training.examples import with_examples
from api.training.sample import Sample
from api.training.sample_rows import sample_rows
from api.training.words import listed, spelled, title_of, unit_of

# Above this many different texts, a column without an encoder is free text and not a choice.
_MOST_CHOICES = 50
_SIGNIFICANT = 4


@dataclass(frozen=True)
class Inferred:
    """What an estimator takes: its schema, the frame it wants it in, and the sample's rows that fit it.

    `fits` says for each row of the sample whether it is among `rows`; both are None without a sample.
    `notes` say what is not known.
    """

    schema: Schema
    frame: Frame
    rows: Rows | None
    fits: NDArray[np.bool_] | None
    notes: tuple[str, ...]


def infer(estimator: Any, sample: Sample | None, target: str | None) -> Inferred:
    """Infer what `estimator` takes; `target` is the sample's column that it predicts.

    Raises UnreadableModel where the sample does not have the columns that the estimator takes.
    """
    sampled = None if sample is None else [name for name in sample.names if name != target]
    anatomy = dissect(estimator, sampled)
    if sample is not None:
        anatomy = _with_sample_names(anatomy, sample, target)
    used = [facts for facts in anatomy.columns if facts.used]
    fields, types = [], {}
    for facts in used:
        made, types[facts.name] = _field(facts, sample)
        fields.append(made)
    columns = tuple(
        Column(facts.name, types.get(facts.name, FLOAT), facts.name if facts.used else None, facts.none)
        for facts in anatomy.columns
    )
    schema = Schema(tuple(fields))
    frame = Frame(schema, columns, anatomy.named)
    schema = _allowances(estimator, frame, used, sample)
    frame = replace(frame, schema=schema)
    notes = () if sample else (_unknown_without_sample(used),)
    rows, fits, left_out = sample_rows(schema, sample)
    if rows is not None:
        schema = with_examples(schema, rows)
        frame = replace(frame, schema=schema)
    return Inferred(schema, frame, rows, fits, (*notes, *left_out))


def target_column(estimator: Any, sample: Sample, asked: str | None) -> str | None:
    """The sample's column that the estimator predicts: the one asked for, or one that it does not take."""
    if asked is not None:
        if asked not in sample.names:
            raise UnreadableModel(f"the sample has no column {asked!r}; it has {listed(sample.names)}.")
        return asked
    names = getattr(estimator, "feature_names_in_", None)
    if names is not None:
        others = [name for name in sample.names if name not in set(names)]
        return "target" if "target" in others else others[0] if len(others) == 1 else None
    count = getattr(estimator, "n_features_in_", len(sample.names) - 1)
    if len(sample.names) != count + 1:
        return None
    return "target" if "target" in sample.names else sample.names[-1]


def _with_sample_names(anatomy: Anatomy, sample: Sample, target: str | None) -> Anatomy:
    """Check that the sample has the columns, and take its names where the estimator has none."""
    if anatomy.named:
        missing = [one.name for one in anatomy.columns if one.used and one.name not in sample.names]
        if missing:
            raise UnreadableModel(f"the sample lacks columns that the model takes: {listed(missing)}.")
        return anatomy
    names = [name for name in sample.names if name != target]
    if len(names) != len(anatomy.columns):
        raise UnreadableModel(
            f"the model takes {len(anatomy.columns)} columns, and the sample has {len(names)} beside its "
            f"target; say with --target which column it predicts."
        )
    for facts, name in zip(anatomy.columns, names, strict=True):
        facts.name = name
    return anatomy


def _field(facts: ColumnFacts, sample: Sample | None) -> tuple[Field, str]:
    """The field of a column, and the type its values have for the estimator."""
    field = Field(facts.name, title_of(facts.name), Kind.NUMBER, unit=unit_of(facts.name))
    if facts.categories is not None:
        return _field_of_categories(field, facts, sample)
    if sample is None:
        return field, FLOAT
    return _field_of_sample(field, sample)


def _field_of_categories(field: Field, facts: ColumnFacts, sample: Sample | None) -> tuple[Field, str]:
    categories = facts.categories or []
    if categories and all(isinstance(one, bool) for one in categories):
        return replace(field, kind=Kind.BOOLEAN, unit=None), BOOLEAN
    numeric = all(isinstance(one, int | float) for one in categories)
    if numeric and not facts.refuses_others:
        whole = all(float(one).is_integer() for one in categories)
        kind = Kind.INTEGER if whole else Kind.NUMBER
        observed = Observed(float(min(categories)), float(max(categories)))
        return replace(field, kind=kind, observed=observed, step=1.0 if whole else None), FLOAT
    texts = [spelled(one) for one in categories]
    choices = tuple(Choice(text, text) for text in texts)
    return replace(field, kind=Kind.CHOICE, unit=None, choices=choices), FLOAT if numeric else TEXT


def _field_of_sample(field: Field, sample: Sample) -> tuple[Field, str]:
    if sample.is_boolean(field.name):
        return replace(field, kind=Kind.BOOLEAN, unit=None), BOOLEAN
    numbers = sample.numbers(field.name)
    if numbers is None:
        texts = sorted({text for text in sample.texts(field.name) if text is not None})
        if len(texts) > _MOST_CHOICES:
            return replace(field, kind=Kind.TEXT, unit=None), TEXT
        choices = tuple(Choice(text, text) for text in texts)
        return replace(field, kind=Kind.CHOICE, unit=None, choices=choices), TEXT
    known = numbers[~np.isnan(numbers)]
    if not known.size:
        return field, FLOAT
    observed = Observed(float(known.min()), float(known.max()))
    if sample.is_whole(field.name):
        return replace(field, kind=Kind.INTEGER, observed=observed, step=1.0), INTEGER
    decimals = sample.decimals(field.name)
    step = float(f"1e-{decimals}") if decimals <= _SIGNIFICANT else None
    return replace(field, observed=observed, step=step), FLOAT


def _allowances(estimator: Any, frame: Frame, used: Sequence[ColumnFacts], sample: Sample | None) -> Schema:
    """The schema with what may be missing and which choices may be others, found out by asking.

    A value may be missing where the estimator answers without it, and either was made to or the sample
    lacks it somewhere: an estimator that happens to answer is no reason to take incomplete data.
    """
    model = EstimatorModel(estimator, frame)
    base = _made_up(frame.schema)
    fields = []
    for at, (field, facts) in enumerate(zip(frame.schema.fields, used, strict=True)):
        lacks = sample is not None and any(text is None for text in sample.texts(field.name))
        missing = (facts.fills_missing or lacks) and _answers(model, frame.schema, base, at, None)
        others = field.kind is Kind.CHOICE and _answers(model, frame.schema, base, at, UNSEEN)
        fields.append(replace(field, missing_allowed=missing, others_allowed=others))
    return Schema(tuple(fields))


def _answers(model: EstimatorModel, schema: Schema, base: list[Value], at: int, value: Value) -> bool:
    """Whether the estimator answers with one value of a row replaced."""
    row = [*base[:at], value, *base[at + 1 :]]
    try:
        model.predict(rows_from(schema, [tuple(row)]))
    # Estimators refuse in many ways: all that matters is that they do.
    except Exception:
        return False
    return True


def _made_up(schema: Schema) -> list[Value]:
    """A row that any estimator of this schema can answer."""
    values: list[Value] = []
    for field in schema.fields:
        if field.kind is Kind.CHOICE:
            values.append(field.choices[0].value)
        elif field.kind is Kind.TEXT:
            values.append("text")
        else:
            values.append(field.observed.minimum if field.observed else 0.0)
    return values


def _unknown_without_sample(used: Sequence[ColumnFacts]) -> str:
    names = listed([facts.name for facts in used if facts.categories is None])
    return (
        "There was no sample of the data (--data): ranges, examples and what else may be missing are not "
        f"known, and these fields are taken to be numbers: {names or 'none'}."
    )
