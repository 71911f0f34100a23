"""What a fitted estimator reveals of the columns it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import impute, preprocessing
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from api.errors import UnreadableModel

_ENCODERS = (preprocessing.OneHotEncoder, preprocessing.OrdinalEncoder, preprocessing.TargetEncoder)
# Attributes in which one estimator holds others that take the same columns.
_HOLDERS = ("best_estimator_", "regressor_", "classifier_", "estimator", "estimator_")


@dataclass
class ColumnFacts:
    """What is known of one column.

    `used`: whether it reaches anything. `categories`: what an encoder learnt, without missing ones, None
    where there is no encoder. `refuses_others`: an encoder fails on other categories. `fills_missing`: an
    imputer or an encoder was made for missing values. `none`: a missing text is None to the encoder.
    """

    name: str
    used: bool = False
    categories: list[Any] | None = None
    refuses_others: bool = False
    fills_missing: bool = False
    none: bool = False


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The columns an estimator takes, in order; `named` is whether it was fitted to a table with names."""

    columns: list[ColumnFacts]
    named: bool


def dissect(estimator: Any, sampled: Sequence[str] | None) -> Anatomy:
    """What `estimator` reveals.

    Some estimators do not say how many columns they take: those of the sample, `sampled`, are taken then.
    Raises UnreadableModel where there is no sample either.
    """
    names = getattr(estimator, "feature_names_in_", None)
    count = getattr(estimator, "n_features_in_", None)
    if names is None and count is None:
        names = sampled
    if names is None and count is None:
        raise UnreadableModel("it does not say which columns it takes: give a sample of its data (--data).")
    given = [f"x{at + 1}" for at in range(count or 0)] if names is None else [str(name) for name in names]
    columns = [ColumnFacts(name) for name in given]
    _walk_predictor(estimator, columns)
    return Anatomy(columns, names is not None)


def _walk_predictor(estimator: Any, columns: Sequence[ColumnFacts]) -> None:
    if isinstance(estimator, Pipeline):
        left: Sequence[ColumnFacts] | None = columns
        for _, step in estimator.steps[:-1]:
            left = _walk_transformer(step, left)
            if left is None:
                return
        _walk_predictor(estimator.steps[-1][1], left or [])
        return
    inner = _inner(estimator)
    for one in inner:
        _walk_predictor(one, columns)
    encoder = getattr(estimator, "_preprocessor", None)
    if encoder is not None:
        _walk_transformer(encoder, columns)
    if not inner:
        _use(columns)


def _inner(estimator: Any) -> list[Any]:
    """The fitted estimators inside a wrapper that take the same columns as it does."""
    for name in _HOLDERS:
        held = getattr(estimator, name, None)
        if hasattr(held, "fit") and hasattr(held, "n_features_in_"):
            return [held]
    folds = getattr(estimator, "calibrated_classifiers_", [])
    if folds:
        return [fold.estimator for fold in folds]
    if type(estimator).__name__.startswith(("Voting", "Stacking")):
        return [one for one in estimator.estimators_ if hasattr(one, "fit")]
    return []


def _walk_transformer(step: Any, columns: Sequence[ColumnFacts] | None) -> Sequence[ColumnFacts] | None:
    """Note what `step` reveals; returns the columns that come out unchanged in order, None where none do."""
    if columns is None or step is None or isinstance(step, str):
        return columns
    if isinstance(step, Pipeline):
        for _, inner in step.steps:
            columns = _walk_transformer(inner, columns)
        return columns
    if isinstance(step, impute.SimpleImputer):
        return _imputed(step, columns)
    if isinstance(step, ColumnTransformer | FeatureUnion):
        _walk_parts(step, columns)
    elif isinstance(step, _ENCODERS):
        for column, categories in zip(columns, step.categories_, strict=True):
            _encoded(column, categories, getattr(step, "handle_unknown", "ignore") == "error")
    else:
        _use(columns)
    return None


def _walk_parts(step: Any, columns: Sequence[ColumnFacts]) -> None:
    if isinstance(step, FeatureUnion):
        for _, part in step.transformer_list:
            _walk_part(part, columns)
        return
    for name, part, _ in step.transformers_:
        # scikit-learn keeps the columns it resolved by position, whatever they were chosen by.
        _walk_part(part, [columns[int(at)] for at in step._transformer_to_input_indices[name]])


def _walk_part(part: Any, columns: Sequence[ColumnFacts]) -> None:
    if isinstance(part, str) and part == "drop":
        return
    left = _walk_transformer(part, columns)
    if left is not None:
        _use(left)


def _use(columns: Sequence[ColumnFacts]) -> None:
    for column in columns:
        column.used = True


def _imputed(imputer: Any, columns: Sequence[ColumnFacts]) -> Sequence[ColumnFacts]:
    for column in columns:
        column.used = True
        column.fills_missing = True
        column.none = imputer.missing_values is None
    if imputer.strategy == "constant" or imputer.keep_empty_features:
        return columns
    kept = zip(columns, imputer.statistics_, strict=True)
    return [column for column, fill in kept if not (isinstance(fill, float) and math.isnan(fill))]


def _encoded(column: ColumnFacts, categories: NDArray[Any], refuses_others: bool) -> None:
    column.used = True
    learnt = [one.item() if isinstance(one, np.generic) else one for one in categories]
    missing = [one for one in learnt if one is None or (isinstance(one, float) and math.isnan(one))]
    column.categories = [one for one in learnt if one not in missing]
    column.refuses_others = column.refuses_others or refuses_others
    if missing:
        column.fills_missing = True
        column.none = missing[0] is None
