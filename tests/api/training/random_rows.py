"""Random rows that a schema allows, and scikit-learn's own answers to them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.schema.fields import Field, Kind, Value
from api.schema.schema import Row, Schema


def random_rows(schema: Schema, count: int, seed: int) -> list[Row]:
    """Rows from half the observed width around each range, with missing and unknown values where allowed."""
    random = np.random.default_rng(seed)
    return [tuple(_value(field, random) for field in schema.fields) for _ in range(count)]


def _value(field: Field, random: np.random.Generator) -> Value:
    if field.missing_allowed and random.random() < 0.1:
        return None
    if field.kind is Kind.BOOLEAN:
        return bool(random.random() < 0.5)
    if field.kind in (Kind.CHOICE, Kind.TEXT):
        if field.others_allowed and random.random() < 0.1:
            return "never seen"
        return str(random.choice([choice.value for choice in field.choices]))
    low, high = (field.observed.minimum, field.observed.maximum) if field.observed else (-1.0, 1.0)
    value = random.uniform(low - (high - low) / 2, high + (high - low) / 2)
    return round(value) if field.kind is Kind.INTEGER else value


def as_fitted(table: pd.DataFrame, schema: Schema, rows: list[Row], named: bool) -> Any:
    """The rows as somebody with the estimator in a notebook would give them to it."""
    given = pd.DataFrame(rows, columns=list(schema.names), dtype=object)
    for name in schema.names:
        if pd.api.types.is_bool_dtype(table[name].dtype):
            given[name] = given[name].astype(bool)
        elif pd.api.types.is_numeric_dtype(table[name].dtype):
            given[name] = pd.to_numeric(given[name])
        else:
            given[name] = given[name].where(given[name].notna(), np.nan)
    columns = [name for name in table.columns if name != "target"]
    # What the model ignores it still expects to be there.
    given = given.reindex(columns=columns)
    return given if named else given.to_numpy(dtype=np.float64)


def assert_same_answers(estimator: Any, given: Any, answers: Answers) -> None:
    """Every label is scikit-learn's own, and every probability or value is within 1e-6 of it."""
    with warnings.catch_warnings():
        # Encoders tell of unknown categories, which these rows hold on purpose.
        warnings.simplefilter("ignore", UserWarning)
        expected = estimator.predict(given)
        if isinstance(answers, ValueAnswers):
            assert np.abs(answers.values - expected).max() <= 1e-6 * np.ptp(expected)
            return
        assert isinstance(answers, ClassAnswers)
        same = estimator.classes_[answers.classes] == expected
        if not hasattr(estimator, "predict_proba"):
            assert answers.probabilities is None
            assert same.all()
            return
        probabilities = estimator.predict_proba(given)
        assert (same | _tied(probabilities)).all()
        assert answers.probabilities is not None
        assert np.abs(answers.probabilities - probabilities).max() <= 1e-6


def _tied(probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Rows whose two largest probabilities differ in the last bits only, where rounding chooses the label."""
    largest = np.sort(probabilities, axis=1)
    return np.asarray(largest[:, -1] - largest[:, -2] < 1e-14)
