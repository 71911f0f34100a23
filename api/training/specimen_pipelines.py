"""Specimens that take columns of several kinds, some with gaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sklearn import (
    calibration,
    ensemble,
    linear_model,
    model_selection,
    svm,
)
from sklearn.compose import ColumnTransformer
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

# Makes an estimator that has not been fitted, by title.
Makers = dict[str, Callable[[], Any]]


def _columns(categories: Any, numbers: Any = None, remainder: Any = "drop") -> ColumnTransformer:
    """A transformer of the mixed table: `numbers` for amount and age, `categories` for colour and size."""
    numbers = numbers or make_pipeline(SimpleImputer(), StandardScaler())
    return ColumnTransformer(
        [("numbers", numbers, ["amount", "age"]), ("categories", categories, ["colour", "size"])],
        remainder=remainder,
    )


def pipelines() -> Makers:
    """Pipelines of mixed columns that end in a classifier."""
    logistic, forest = linear_model.LogisticRegression, ensemble.RandomForestClassifier
    filled = SimpleImputer(strategy="most_frequent")
    return {
        "impute, scale, one-hot; LogisticRegression": lambda: make_pipeline(
            _columns(make_pipeline(filled, OneHotEncoder(handle_unknown="ignore"))), logistic()
        ),
        "one-hot, first dropped; forest; rest passed": lambda: make_pipeline(
            _columns(OneHotEncoder(drop="first"), SimpleImputer(strategy="median"), "passthrough"),
            forest(10, random_state=0),
        ),
        "one-hot, rare ones together": lambda: make_pipeline(
            _columns(OneHotEncoder(min_frequency=40, handle_unknown="infrequent_if_exist")), logistic()
        ),
        "ordinal; boosted histogram": lambda: make_pipeline(
            _columns(OrdinalEncoder(), "passthrough", "passthrough"),
            ensemble.HistGradientBoostingClassifier(max_iter=10),
        ),
        "ordinal, unknown -1, missing -2; GradientBoosting": lambda: make_pipeline(
            _columns(
                OrdinalEncoder(
                    handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2
                ),
                SimpleImputer(strategy="constant", fill_value=-1.0, add_indicator=True),
            ),
            ensemble.GradientBoostingClassifier(n_estimators=10),
        ),
        "boosted histogram on categories": lambda: make_pipeline(
            ColumnTransformer(
                [
                    (
                        "codes",
                        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=float("nan")),
                        [2, 3],
                    )
                ],
                remainder="passthrough",
            ),
            ensemble.HistGradientBoostingClassifier(max_iter=10, categorical_features=[0, 1]),
        ),
        "target encoder; LogisticRegression": lambda: make_pipeline(
            _columns(TargetEncoder(cv=model_selection.KFold(2))), logistic()
        ),
        "union of scalers, one-hot; SVC": lambda: make_pipeline(
            _columns(
                make_pipeline(SimpleImputer(strategy="constant", fill_value="none"), OneHotEncoder()),
                make_pipeline(
                    SimpleImputer(strategy="most_frequent"),
                    FeatureUnion([("a", MinMaxScaler(clip=True)), ("b", RobustScaler())]),
                ),
            ),
            svm.SVC(),
        ),
        "one-hot, sparse; SVC": lambda: make_pipeline(
            ColumnTransformer(
                [("one", OneHotEncoder(handle_unknown="ignore"), ["colour", "size", "grade"])],
                sparse_threshold=1.0,
            ),
            svm.SVC(),
        ),
        "numbers as categories; LogisticRegression": lambda: make_pipeline(
            ColumnTransformer([("grades", OneHotEncoder(), ["grade", "member"])], remainder="drop"),
            logistic(),
        ),
        "calibrated forest of mixed columns": lambda: calibration.CalibratedClassifierCV(
            make_pipeline(_columns(OneHotEncoder(handle_unknown="ignore")), forest(5, random_state=0)), cv=2
        ),
        "k nearest fill the gaps": lambda: make_pipeline(
            _columns(OneHotEncoder(handle_unknown="ignore"), KNNImputer()), logistic()
        ),
    }


def mixed_regressors() -> Makers:
    """Pipelines of mixed columns that end in a regressor."""
    encoder = OneHotEncoder(handle_unknown="ignore")
    return {
        "impute, scale, one-hot; Ridge": lambda: make_pipeline(_columns(encoder), linear_model.Ridge()),
        "impute, scale, one-hot; RandomForestRegressor": lambda: make_pipeline(
            _columns(encoder), ensemble.RandomForestRegressor(10, random_state=0)
        ),
    }
