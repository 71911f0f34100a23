"""Specimens that take columns of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
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
from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

# Makes an estimator that has not been fitted, by title.
Makers = dict[str, Callable[[], Any]]


def classifiers() -> Makers:
    """Classifiers of numbers, for two classes or more."""
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


def two_class_only() -> Makers:
    """Classifiers for two classes only."""
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


def regressors() -> Makers:
    """Regressors of numbers."""
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


def with_gaps() -> Makers:
    """Classifiers that take missing numbers as they are."""
    return {
        "DecisionTreeClassifier": lambda: tree.DecisionTreeClassifier(random_state=0),
        "RandomForestClassifier": lambda: ensemble.RandomForestClassifier(10, random_state=0),
        "ExtraTreesClassifier": lambda: ensemble.ExtraTreesClassifier(10, random_state=0),
        "HistGradientBoostingClassifier": lambda: ensemble.HistGradientBoostingClassifier(max_iter=10),
    }
