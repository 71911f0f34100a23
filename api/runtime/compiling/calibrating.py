"""CalibratedClassifierCV: by sigmoids, by steps, or by a temperature."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.graph import INT64
from api.runtime.compiling.wrappers import average, need


def calibrated(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """CalibratedClassifierCV: the mean over its folds, each calibrated in one way."""
    folds = [_fold(c, one, blocks) for one in estimator.calibrated_classifiers_]
    probabilities = average(c, folds, None)
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
        return need(outputs.decision, estimator)
    probabilities = need(outputs.probabilities, estimator)
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
