"""Linear models: a product and an intercept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Block, Blocks, Looked, runs
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.graph import INT64


def regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """Any regressor whose answer is `x · coef_ + intercept_`."""
    return Outputs(values=c.graph.flat(_product(c, estimator, blocks)))


def exponential(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """The generalised linear models with a logarithmic link: Poisson, gamma, Tweedie."""
    values = c.graph.flat(_product(c, estimator, blocks))
    link = type(estimator._base_loss.link).__name__ if hasattr(estimator, "_base_loss") else "LogLink"
    if link not in ("IdentityLink", "LogLink"):
        raise CannotCompile(f"its link is {link}")
    return Outputs(values=values if link == "IdentityLink" else c.graph.add("Exp", values))


def stochastic(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """SGDClassifier: without probabilities, or with those of a logistic loss."""
    if estimator.loss != "log_loss":
        if hasattr(estimator, "predict_proba"):
            raise CannotCompile(f"its loss is {estimator.loss!r}")
        return classifier(c, estimator, blocks)
    decision = _product(c, estimator, blocks)
    each = c.graph.add("Sigmoid", decision)
    count = len(estimator.classes_)
    probabilities = two_classes(c, each) if count == 2 else _shares(c, each, count)
    return Outputs(classes=decide(c, decision, count), probabilities=probabilities, decision=decision)


def _shares(c: Compilation, each: str, classes: int) -> str:
    """Each class against the rest, divided by all of them; where none has anything, all have the same."""
    total = c.graph.total(each, axis=1)
    nothing = c.graph.add("Equal", total, c.graph.doubles(0.0))
    alike = c.graph.doubles(1.0 / classes)
    return c.graph.add("Where", nothing, alike, c.graph.add("Div", each, total))


def classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """Any classifier that decides by `x · coef_ + intercept_`, without probabilities."""
    decision = _product(c, estimator, blocks)
    return Outputs(classes=decide(c, decision, len(estimator.classes_)), decision=decision)


def logistic(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """LogisticRegression and LinearDiscriminantAnalysis: a sigmoid for two classes, a softmax for more."""
    decision = _product(c, estimator, blocks)
    if len(estimator.classes_) == 2:
        probabilities = two_classes(c, c.graph.add("Sigmoid", decision))
    else:
        probabilities = c.graph.add("Softmax", decision, axis=1)
    return Outputs(
        classes=decide(c, decision, len(estimator.classes_)), probabilities=probabilities, decision=decision
    )


def decide(c: Compilation, decision: str, classes: int) -> str:
    """The class that a decision of shape (rows, 1 or classes) falls on."""
    if classes > 2:
        return c.graph.first_largest(decision)
    above = c.graph.add("Greater", decision, c.graph.doubles(0.0))
    return c.graph.flat(c.graph.add("Cast", above, to=INT64))


def two_classes(c: Compilation, second: str) -> str:
    """(rows, 1), the probability of the second of two classes, to (rows, 2)."""
    return c.graph.beside([c.graph.add("Sub", c.graph.doubles(1.0), second), second])


def _product(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    coefficients = np.atleast_2d(estimator.coef_)
    if hasattr(estimator, "classes_") and len(estimator.classes_) < 2:
        raise CannotCompile("it knows a single class")
    if not hasattr(estimator, "classes_") and len(coefficients) > 1:
        raise CannotCompile("it predicts several targets at once")
    narrow, weights = _summed(blocks, coefficients.T)
    product = c.graph.add("MatMul", c.dense(narrow), c.graph.doubles(weights))
    return c.graph.add("Add", product, c.graph.doubles(np.ravel(estimator.intercept_)))


def _summed(blocks: Blocks, weights: NDArray[np.float64]) -> tuple[Blocks, NDArray[np.float64]]:
    """Blocks and weights (columns, outputs) of the same product, with as few columns as there can be.

    What a category adds to each output is looked up at once, instead of the many columns it is encoded in.
    """
    outputs, at = weights.shape[1], 0
    narrow: list[Block] = []
    own: list[NDArray[np.float64]] = []
    for block in runs(blocks):
        part = weights[at : at + block.width]
        at += block.width
        if isinstance(block, Looked) and block.width > outputs:
            narrow.append(Looked(block.codes, block.table @ part))
            own.append(np.eye(outputs))
        else:
            narrow.append(block)
            own.append(part)
    return narrow, np.vstack(own)
