"""What wraps other predictors: calibration, voting, searches, frozen estimators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.preprocessing import StandardScaler

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks, single_columns
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.graph import INT64


def search(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """GridSearchCV and its kin: the best estimator they found."""
    return c.predict(estimator.best_estimator_, blocks)


def frozen(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """FrozenEstimator: what it holds."""
    return c.predict(estimator.estimator, blocks)


def bagging_regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """BaggingRegressor: the mean of its members, each on its own columns."""
    return Outputs(
        values=_average(c, [_need(one.values, estimator) for one in _bag(c, estimator, blocks)], None)
    )


def bagging_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """BaggingClassifier: the mean of its members' probabilities, each on its own columns."""
    if any(len(one.classes_) != len(estimator.classes_) for one in estimator.estimators_):
        raise CannotCompile("its estimators know different classes")
    given = [_need(one.probabilities, estimator) for one in _bag(c, estimator, blocks)]
    probabilities = _average(c, given, None)
    return Outputs(classes=c.graph.first_largest(probabilities), probabilities=probabilities)


def _bag(c: Compilation, estimator: Any, blocks: Blocks) -> list[Outputs]:
    columns = single_columns(blocks)
    members = zip(estimator.estimators_, estimator.estimators_features_, strict=True)
    return [c.predict(one, [columns[int(at)] for at in picks]) for one, picks in members]


def transformed_target(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """TransformedTargetRegressor, where the way back is a StandardScaler, exp or expm1."""
    graph, transformer = c.graph, estimator.transformer_
    values = _need(c.predict(estimator.regressor_, blocks).values, estimator)
    if isinstance(transformer, StandardScaler) and transformer.with_mean and transformer.with_std:
        scaled = graph.add("Mul", values, graph.doubles(transformer.scale_))
        return Outputs(values=graph.add("Add", scaled, graph.doubles(transformer.mean_)))
    way_back = getattr(transformer, "inverse_func", None)
    if way_back not in (np.exp, np.expm1):
        raise CannotCompile("its target goes back by a function of its own")
    grown = graph.add("Exp", values)
    return Outputs(values=grown if way_back is np.exp else graph.add("Sub", grown, graph.doubles(1.0)))


def voting_regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """VotingRegressor: the weighted mean."""
    answers = [_need(c.predict(one, blocks).values, one) for one in estimator.estimators_]
    return Outputs(values=_average(c, answers, estimator._weights_not_none))


def voting_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """VotingClassifier: the weighted mean of probabilities, or the class with the most votes."""
    inner = [(one, c.predict(one, blocks)) for one in estimator.estimators_]
    if any(len(one.classes_) != len(estimator.classes_) for one, _ in inner):
        raise CannotCompile("its estimators know different classes")
    weights = estimator._weights_not_none
    if estimator.voting == "soft":
        given = [_need(outputs.probabilities, one) for one, outputs in inner]
        probabilities = _average(c, given, weights)
        return Outputs(classes=c.graph.first_largest(probabilities), probabilities=probabilities)
    identity = c.graph.doubles(np.eye(len(estimator.classes_)))
    votes = [c.graph.add("Gather", identity, _need(outputs.classes, one), axis=0) for one, outputs in inner]
    return Outputs(classes=c.graph.first_largest(_sum(c, votes, weights)))


def calibrated(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """CalibratedClassifierCV: the mean over its folds, each calibrated by sigmoids or by steps."""
    folds = [_fold(c, one, blocks) for one in estimator.calibrated_classifiers_]
    probabilities = _average(c, folds, None)
    return Outputs(classes=c.graph.first_largest(probabilities), probabilities=probabilities)


def _fold(c: Compilation, fold: Any, blocks: Blocks) -> str:
    """(rows, classes): one calibrated classifier's probabilities."""
    graph, classes = c.graph, len(fold.classes)
    if len(fold.estimator.classes_) != classes:
        raise CannotCompile("a fold lacks a class")
    response = _response(c, fold.estimator, c.predict(fold.estimator, blocks))
    if fold.method == "temperature":
        return _temperature(c, fold, response)
    columns = [graph.columns(response, [at]) for at in range(len(fold.calibrators))]
    parts = [
        _sigmoid(c, calibrator, column) if fold.method == "sigmoid" else _steps(c, calibrator, column)
        for calibrator, column in zip(fold.calibrators, columns, strict=True)
    ]
    if classes == 2:
        return graph.beside([graph.add("Sub", graph.doubles(1.0), parts[0]), parts[0]])
    each = graph.beside(parts)
    total = graph.total(each, axis=1)
    nothing = graph.add("Equal", total, graph.doubles(0.0))
    safe = graph.add("Where", nothing, graph.doubles(1.0), total)
    return graph.add("Where", nothing, graph.doubles(1.0 / classes), graph.add("Div", each, safe))


def _response(c: Compilation, estimator: Any, outputs: Outputs) -> str:
    """What calibration looks at: the decision function if there is one, else the probabilities."""
    if hasattr(estimator, "decision_function"):
        return _need(outputs.decision, estimator)
    probabilities = _need(outputs.probabilities, estimator)
    return c.graph.columns(probabilities, [1]) if len(estimator.classes_) == 2 else probabilities


def _temperature(c: Compilation, fold: Any, response: str) -> str:
    """The softmax of logits times one factor; probabilities are made logits first."""
    graph = c.graph
    decides = hasattr(fold.estimator, "decision_function")
    if len(fold.classes) == 2:
        opposite = graph.add("Neg", response) if decides else graph.add("Sub", graph.doubles(1.0), response)
        response = graph.beside([opposite, response])
    if not decides:
        response = graph.add("Log", graph.add("Add", response, graph.doubles(1e-12)))
    factor = graph.doubles(float(fold.calibrators[0].beta_))
    return graph.add("Softmax", graph.add("Mul", response, factor), axis=1)


def _sigmoid(c: Compilation, calibrator: Any, column: str) -> str:
    graph = c.graph
    product = graph.add("Mul", column, graph.doubles(float(calibrator.a_)))
    return graph.add(
        "Sigmoid", graph.add("Neg", graph.add("Add", product, graph.doubles(float(calibrator.b_))))
    )


def _steps(c: Compilation, calibrator: Any, column: str) -> str:
    """IsotonicRegression: straight lines between its thresholds, flat beyond them."""
    x, y = (np.asarray(one, dtype=np.float64) for one in (calibrator.X_thresholds_, calibrator.y_thresholds_))
    graph = c.graph
    if calibrator.out_of_bounds != "clip":
        raise CannotCompile("its isotonic calibration has no answer beyond its thresholds")
    if len(x) == 1:
        return graph.add("Add", graph.add("Mul", column, graph.doubles(0.0)), graph.doubles(y[0]))
    clipped = graph.add("Clip", column, graph.doubles(x[0]), graph.doubles(x[-1]))
    # How many thresholds lie strictly below: the line that the value is on.
    below = graph.to_double(graph.add("Less", graph.doubles(x[1:-1]), clipped))
    line = graph.add("Cast", graph.total(below, axis=1), to=INT64)
    slopes = np.diff(y) / np.diff(x)
    start, value, slope = (
        graph.add("Gather", graph.doubles(table), line, axis=0) for table in (x[:-1], y[:-1], slopes)
    )
    return graph.add("Add", graph.add("Mul", slope, graph.add("Sub", clipped, start)), value)


def _average(c: Compilation, tensors: Sequence[str], weights: Sequence[float] | None) -> str:
    total = float(len(tensors)) if weights is None else float(np.sum(weights))
    return c.graph.add("Div", _sum(c, tensors, weights), c.graph.doubles(total))


def _sum(c: Compilation, tensors: Sequence[str], weights: Sequence[float] | None) -> str:
    if weights is not None:
        tensors = [
            c.graph.add("Mul", one, c.graph.doubles(float(weight)))
            for one, weight in zip(tensors, weights, strict=True)
        ]
    total = tensors[0]
    for one in tensors[1:]:
        total = c.graph.add("Add", total, one)
    return total


def _need(tensor: str | None, estimator: Any) -> str:
    if tensor is None:
        raise CannotCompile(f"{type(estimator).__name__} was not compiled with what its wrapper needs")
    return tensor
