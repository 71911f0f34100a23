"""The estimators that compete for a table: a linear model, a forest, boosted histograms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from api.recipes.tabular_recipe import TabularRecipe, Transformer
from api.runtime.terms import LONGEST_TEXT
from api.runtime.words import Words
from api.schema.fields import Kind
from api.schema.schema import Schema
from api.training.tabular_target import Truth

DOUBLES, SINGLES, BINS = "doubles", "singles", "bins"

# A class with a smaller share of the rows than this is rare, and counts for more.
RARE = 0.1
# Of a class as rare as this, boosting without weights learns next to nothing, or goes astray.
VERY_RARE = 0.02
# Each tree of a forest sees at most so many rows, which bounds its time and its size.
_ROWS_OF_A_TREE = 100_000
_LEAVES = 1000
_TREES = 100
_ROUNDS = 100
# A linear model learns nothing from more numbers than this that it has not learnt before.
_MOST_NUMBERS = 40_000_000
# Of each field of free text so many terms: a linear model adds up what every word says, and its numbers are
# kept sparse; a tree asks for one at a time, and gets those that tell most.
_TERMS, _TELLING_TERMS = 4000, 300
# Rows times columns of terms to fit to at most: single bytes, single precision, and numbers of a sparse
# matrix that are not 0.
_MOST_OF_TERMS = {BINS: 200_000_000, SINGLES: 60_000_000, DOUBLES: 20_000_000}


# The choices of each choice field, ordered by the target: by position in the schema.
Orders = dict[int, list[str]]
Prepare = Callable[[Schema, Orders], Transformer | None]


def width(schema: Schema) -> int:
    """About how many columns trees get of the schema's fields: each text is as many as it has terms."""
    return sum(_TELLING_TERMS if one.kind is Kind.TEXT else 1 for one in schema.fields)


def most_numbers(candidate: Candidate, schema: Schema) -> int | None:
    """How many rows times columns a candidate is fitted to at most, None for no limit."""
    if not has_texts(schema):
        return candidate.most_numbers
    return _MOST_OF_TERMS[candidate.takes]


def has_texts(schema: Schema) -> bool:
    """Whether it has fields of free text, which become many columns."""
    return any(one.kind is Kind.TEXT for one in schema.fields)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the estimators to choose from.

    `prepare` makes an unfitted transformer of the schema's rows, None where the estimator takes their
    numbers as they are; `estimator` an unfitted estimator for so many rows. `most_numbers` bounds rows times
    columns of what it is fitted to. `note` says what is particular about it. `takes` is the form of numbers
    that it works on: given those, it makes no copy of them.
    """

    name: str
    prepare: Prepare
    estimator: Callable[[int], Any]
    most_numbers: int | None = None
    note: str = ""
    takes: str = DOUBLES


def candidates(truth: Truth, recipe: TabularRecipe | None) -> list[Candidate]:
    """The candidates for a truth, in the order in which they are tried."""
    features = recipe.features if recipe else None

    def linear(schema: Schema, orders: Orders) -> Transformer:
        if features:
            filled = [("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())]
            return Pipeline([("features", features(schema)), *filled])
        return _scaled_and_one_hot(schema)

    def trees(schema: Schema, orders: Orders) -> Transformer | None:
        return features(schema) if features else _ordered(schema, orders)

    return _classifiers(truth, linear, trees) if truth.classifies else _regressors(linear, trees)


def _regressors(linear: Prepare, trees: Prepare) -> list[Candidate]:
    def forest(rows: int) -> Any:
        return RandomForestRegressor(**_forest(rows, 1))

    def boosting(rows: int) -> Any:
        return HistGradientBoostingRegressor(**_boosting(1))

    return [
        Candidate("linear", linear, lambda rows: Ridge(alpha=1.0), _MOST_NUMBERS),
        Candidate("forest", trees, forest, takes=SINGLES),
        Candidate("boosting", trees, boosting, takes=BINS),
    ]


def _classifiers(truth: Truth, linear: Prepare, trees: Prepare) -> list[Candidate]:
    classes = len(truth.target.classes)
    share = min(truth.counts) / sum(truth.counts) * classes / 2
    rare = share < RARE
    weight, note = ("balanced", "rare classes count for more") if rare else (None, "")

    def logistic(rows: int) -> Any:
        return LogisticRegression(C=1.0, max_iter=500, class_weight=weight)

    def forest(rows: int) -> Any:
        return RandomForestClassifier(**_forest(rows, classes), class_weight=weight)

    def boosting(rows: int) -> Any:
        return HistGradientBoostingClassifier(**_boosting(classes))

    def weighted(rows: int) -> Any:
        return HistGradientBoostingClassifier(**_boosting(classes), class_weight=_mild_weights(truth))

    made = [
        Candidate("linear", linear, logistic, _MOST_NUMBERS, note),
        Candidate("forest", trees, forest, None, note, SINGLES),
    ]
    if share >= VERY_RARE:
        made.append(Candidate("boosting", trees, boosting, takes=BINS))
    if rare:
        made.append(Candidate("boosting, weighted", trees, weighted, None, note, BINS))
    return made


def _mild_weights(truth: Truth) -> dict[int, float]:
    """The square root of what would balance the classes: boosting goes astray with weights of hundreds."""
    total, classes = sum(truth.counts), len(truth.counts)
    return {at: float(np.sqrt(total / (classes * count))) for at, count in enumerate(truth.counts)}


def _forest(rows: int, classes: int) -> dict[str, Any]:
    return {
        "n_estimators": _TREES,
        "max_leaf_nodes": max(50, min(_LEAVES, 5 * _LEAVES // classes)),
        "max_samples": None if rows <= _ROWS_OF_A_TREE else _ROWS_OF_A_TREE,
        "n_jobs": -1,
        "random_state": 0,
    }


def _boosting(classes: int) -> dict[str, Any]:
    rounds = _ROUNDS if classes <= 10 else max(20, 1000 // classes)
    return {"max_iter": rounds, "early_stopping": False, "random_state": 0}


def _places(schema: Schema) -> tuple[list[int], list[int]]:
    """The places of the numbers and of the choices among the fields."""
    choices = [at for at, field in enumerate(schema.fields) if field.kind is Kind.CHOICE]
    return list(schema.number_positions), choices


def _words(schema: Schema, **options: Any) -> list[Any]:
    """A part of a ColumnTransformer for each free text."""
    return [
        (f"words_{at}", Words(longest=field.longest or LONGEST_TEXT, **options), [at])
        for at, field in enumerate(schema.fields)
        if field.kind is Kind.TEXT
    ]


def _scaled_and_one_hot(schema: Schema) -> Transformer:
    numbers, choices = _places(schema)
    missing = any(schema.fields[at].missing_allowed for at in numbers)
    scaled: Any = StandardScaler()
    if missing:
        scaled = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    words = _words(schema, most=_TERMS)
    if not choices and not words:
        return scaled
    parts: list[Any] = [("numbers", scaled, numbers)] if numbers else []
    if choices:
        values = [[choice.value for choice in schema.fields[at].choices] for at in choices]
        one_hot = OneHotEncoder(categories=values, handle_unknown="ignore", sparse_output=False)
        parts.append(("choices", one_hot, choices))
    # Terms are nearly all 0: the whole is kept sparse, where there are any.
    return ColumnTransformer([*parts, *words], sparse_threshold=1.0 if words else 0.3)


def _ordered(schema: Schema, orders: Orders) -> Transformer | None:
    """Choices as numbers in the order of the target, so that a tree parts them with one split."""
    numbers, choices = _places(schema)
    words = _words(schema, most=_TELLING_TERMS, telling=True, dense=True)
    if not choices and not words:
        return None
    parts: list[Any] = [("numbers", "passthrough", numbers)] if numbers else []
    if choices:
        encoder = OrdinalEncoder(
            categories=[orders[at] for at in choices],
            handle_unknown="use_encoded_value",
            unknown_value=np.nan,
            encoded_missing_value=np.nan,
        )
        parts.append(("choices", encoder, choices))
    return ColumnTransformer([*parts, *words])


def target_orders(schema: Schema, texts: NDArray[np.object_], values: NDArray[Any], classes: int) -> Orders:
    """The choices of each choice field by the mean of the target in rows (rows, text fields) that have them.

    Of more than two classes it is the share of the commonest one. Means of few rows are drawn to that of all.
    """
    if classes > 2:
        truth = (values == np.bincount(values).argmax()).astype(np.float64)
    else:
        truth = values.astype(np.float64)
    overall, made = float(truth.mean()), {}
    for place, at in enumerate(schema.text_positions):
        if schema.fields[at].kind is not Kind.CHOICE:
            continue
        column = texts[:, place]
        means = {}
        for choice in schema.fields[at].choices:
            rows = column == choice.value
            means[choice.value] = (float(truth[rows].sum()) + 10 * overall) / (int(rows.sum()) + 10)
        made[at] = sorted(means, key=lambda text: (means[text], text))
    return made
