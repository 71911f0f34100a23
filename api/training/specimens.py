"""Every kind of estimator and pipeline that Bouquet says something about, small enough to fit in a moment.

The table in `docs/compilers.md` is made by running them, and the tests hold each to scikit-learn's answers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn import (
    calibration,
    discriminant_analysis,
    ensemble,
    linear_model,
    model_selection,
    naive_bayes,
    neighbors,
    neural_network,
    svm,
    tree,
)
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_selection import SelectKBest
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from api.training import specimen_data as data


@dataclass(frozen=True, slots=True)
class Specimen:
    """An estimator to fit to a table, whose column `target` it is to predict.

    `named` says whether it is fitted to the table itself, or to a plain array without names.
    """

    title: str
    data: str
    table: Callable[[], pd.DataFrame]
    estimator: Callable[[], Any]
    named: bool = True

    def fitted(self) -> tuple[Any, pd.DataFrame]:
        """The fitted estimator, and the table with its target."""
        table = self.table()
        features = table.drop(columns="target")
        given = features if self.named else features.to_numpy()
        with warnings.catch_warnings():
            # They are small to be quick, and some stop before they converge.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return self.estimator().fit(given, table["target"].to_numpy()), table


def specimens() -> Iterator[Specimen]:
    """All of them, in the order of the table."""
    for title, estimator in _classifiers().items():
        yield Specimen(title, "3 classes", data.three_classes, estimator)
    for title, estimator in (_classifiers() | _two_class_only()).items():
        yield Specimen(title, "2 classes", data.two_classes, estimator, named=False)
    for title, estimator in _regressors().items():
        yield Specimen(title, "a number", data.a_number, estimator)
    for title, estimator in _pipelines().items():
        yield Specimen(title, "mixed columns", data.mixed, estimator)
    for title, estimator in _mixed_regressors().items():
        yield Specimen(title, "mixed, a number", data.mixed_number, estimator)
    for title, estimator in _with_gaps().items():
        yield Specimen(title, "numbers with gaps", data.gaps, estimator)


_Makers = dict[str, Callable[[], Any]]


def _classifiers() -> _Makers:
    return {
        "LogisticRegression": lambda: linear_model.LogisticRegression(max_iter=50, tol=0.1),
        "StandardScaler, LogisticRegression": lambda: make_pipeline(
            StandardScaler(), linear_model.LogisticRegression()
        ),
        "LinearSVC": lambda: make_pipeline(MinMaxScaler(), svm.LinearSVC()),
        "RidgeClassifier": linear_model.RidgeClassifier,
        "GaussianNB": naive_bayes.GaussianNB,
        "SVC": lambda: make_pipeline(StandardScaler(), svm.SVC()),
        "SVC, polynomial, one against one": lambda: make_pipeline(
            RobustScaler(), svm.SVC(kernel="poly", decision_function_shape="ovo")
        ),
        "SVC, linear, ties broken": lambda: make_pipeline(
            MaxAbsScaler(), svm.SVC(kernel="linear", break_ties=True)
        ),
        "KNeighborsClassifier": lambda: make_pipeline(StandardScaler(), neighbors.KNeighborsClassifier()),
        "MLPClassifier": lambda: make_pipeline(
            StandardScaler(), neural_network.MLPClassifier((8,), max_iter=300, random_state=0, tol=0.1)
        ),
        "DecisionTreeClassifier": lambda: tree.DecisionTreeClassifier(random_state=0),
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(20, random_state=0),
        "StandardScaler, RandomForestClassifier": lambda: make_pipeline(
            StandardScaler(), ensemble.RandomForestClassifier(20, random_state=0)
        ),
        "ExtraTreesClassifier": lambda: ensemble.ExtraTreesClassifier(20, random_state=0),
        "GradientBoostingClassifier": lambda: ensemble.GradientBoostingClassifier(
            n_estimators=10, random_state=0
        ),
        "HistGradientBoostingClassifier": lambda: ensemble.HistGradientBoostingClassifier(max_iter=10),
        "CalibratedClassifierCV, sigmoid, of LinearSVC": lambda: calibration.CalibratedClassifierCV(
            make_pipeline(StandardScaler(), svm.LinearSVC()), cv=3
        ),
        "CalibratedClassifierCV, isotonic, of a forest": lambda: calibration.CalibratedClassifierCV(
            ensemble.RandomForestClassifier(8, random_state=0), method="isotonic", cv=3
        ),
        "CalibratedClassifierCV, temperature": lambda: calibration.CalibratedClassifierCV(
            naive_bayes.GaussianNB(), method="temperature", cv=3
        ),
        "VotingClassifier, soft": lambda: _voting("soft"),
        "VotingClassifier, hard": lambda: _voting("hard"),
        "GridSearchCV of a tree": lambda: model_selection.GridSearchCV(
            tree.DecisionTreeClassifier(random_state=0), {"max_depth": [2, 4]}, cv=3
        ),
        "SGDClassifier, logistic": lambda: make_pipeline(
            StandardScaler(), linear_model.SGDClassifier(loss="log_loss", alpha=1.0, random_state=0)
        ),
        "SelectKBest, GaussianNB": lambda: make_pipeline(SelectKBest(k=3), naive_bayes.GaussianNB()),
        "AdaBoostClassifier": lambda: ensemble.AdaBoostClassifier(n_estimators=8, random_state=0),
        "BaggingClassifier": lambda: ensemble.BaggingClassifier(n_estimators=5, random_state=0),
        "StackingClassifier": lambda: ensemble.StackingClassifier(
            [("nb", naive_bayes.GaussianNB()), ("tree", tree.DecisionTreeClassifier(max_depth=3))], cv=2
        ),
        "LinearDiscriminantAnalysis": discriminant_analysis.LinearDiscriminantAnalysis,
        "PCA, LogisticRegression": lambda: make_pipeline(
            StandardScaler(), PCA(3), linear_model.LogisticRegression()
        ),
    }


def _two_class_only() -> _Makers:
    return {
        "GradientBoostingClassifier, exponential": lambda: ensemble.GradientBoostingClassifier(
            loss="exponential", n_estimators=10, random_state=0
        )
    }


def _voting(kind: str) -> Any:
    members = [
        ("nb", naive_bayes.GaussianNB()),
        ("forest", ensemble.RandomForestClassifier(8, random_state=0)),
        ("tree", tree.DecisionTreeClassifier(max_depth=3, random_state=0)),
    ]
    return ensemble.VotingClassifier(members, voting=kind, weights=[1, 2, 1])


def _regressors() -> _Makers:
    return {
        "LinearRegression": linear_model.LinearRegression,
        "Ridge": linear_model.Ridge,
        "Lasso": linear_model.Lasso,
        "ElasticNet": linear_model.ElasticNet,
        "SVR": lambda: make_pipeline(StandardScaler(), svm.SVR(C=10)),
        "KNeighborsRegressor, by distance": lambda: make_pipeline(
            StandardScaler(), neighbors.KNeighborsRegressor(weights="distance")
        ),
        "MLPRegressor": lambda: make_pipeline(
            StandardScaler(),
            neural_network.MLPRegressor(hidden_layer_sizes=(8,), max_iter=300, tol=1e3, random_state=0),
        ),
        "PoissonRegressor": lambda: make_pipeline(StandardScaler(), linear_model.PoissonRegressor()),
        "absolute values, LinearRegression": lambda: make_pipeline(
            FunctionTransformer(np.abs), linear_model.LinearRegression()
        ),
        "DecisionTreeRegressor": lambda: tree.DecisionTreeRegressor(random_state=0),
        "RandomForestRegressor": lambda: ensemble.RandomForestRegressor(20, random_state=0),
        "ExtraTreesRegressor": lambda: ensemble.ExtraTreesRegressor(20, random_state=0),
        "GradientBoostingRegressor": lambda: ensemble.GradientBoostingRegressor(n_estimators=10),
        "HistGradientBoostingRegressor": lambda: ensemble.HistGradientBoostingRegressor(max_iter=10),
        "HistGradientBoostingRegressor, Poisson": lambda: ensemble.HistGradientBoostingRegressor(
            loss="poisson", max_iter=10
        ),
        "VotingRegressor": lambda: ensemble.VotingRegressor(
            [("ridge", linear_model.Ridge()), ("tree", tree.DecisionTreeRegressor(max_depth=4))]
        ),
        "TransformedTargetRegressor": lambda: TransformedTargetRegressor(
            linear_model.Ridge(), transformer=StandardScaler()
        ),
        "PolynomialFeatures, LinearRegression": lambda: make_pipeline(
            StandardScaler(), PolynomialFeatures(2), linear_model.LinearRegression()
        ),
    }


def _columns(categories: Any, numbers: Any = None, remainder: Any = "drop") -> ColumnTransformer:
    """A transformer of the mixed table: `numbers` for amount and age, `categories` for colour and size."""
    numbers = numbers or make_pipeline(SimpleImputer(), StandardScaler())
    return ColumnTransformer(
        [("numbers", numbers, ["amount", "age"]), ("categories", categories, ["colour", "size"])],
        remainder=remainder,
    )


def _pipelines() -> _Makers:
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


def _mixed_regressors() -> _Makers:
    encoder = OneHotEncoder(handle_unknown="ignore")
    return {
        "impute, scale, one-hot; Ridge": lambda: make_pipeline(_columns(encoder), linear_model.Ridge()),
        "impute, scale, one-hot; RandomForestRegressor": lambda: make_pipeline(
            _columns(encoder), ensemble.RandomForestRegressor(10, random_state=0)
        ),
    }


def _with_gaps() -> _Makers:
    return {
        "DecisionTreeClassifier": lambda: tree.DecisionTreeClassifier(random_state=0),
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(10, random_state=0),
        "ExtraTreesClassifier": lambda: ensemble.ExtraTreesClassifier(10, random_state=0),
        "HistGradientBoostingClassifier": lambda: ensemble.HistGradientBoostingClassifier(max_iter=10),
    }
