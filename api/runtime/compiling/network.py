"""MLPClassifier and MLPRegressor: layers of products and activations."""

from __future__ import annotations

from typing import Any

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.graph import INT64
from api.runtime.compiling.linear import two_classes

_ACTIVATIONS = {"identity": None, "logistic": "Sigmoid", "tanh": "Tanh", "relu": "Relu"}


def regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """MLPRegressor with one target."""
    if estimator.n_outputs_ != 1 or estimator.out_activation_ != "identity":
        raise CannotCompile("it predicts several targets at once, or not by a plain sum")
    return Outputs(values=c.graph.flat(_layers(c, estimator, blocks)))


def classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """MLPClassifier."""
    graph = c.graph
    last = _layers(c, estimator, blocks)
    if estimator.out_activation_ == "softmax":
        probabilities = graph.add("Softmax", last, axis=1)
        return Outputs(classes=graph.first_largest(probabilities), probabilities=probabilities)
    if len(estimator.classes_) != 2:
        raise CannotCompile("it gives several classes at once")
    second = graph.add("Sigmoid", last)
    above = graph.add("Cast", graph.add("Greater", second, graph.doubles(0.5)), to=INT64)
    return Outputs(classes=graph.flat(above), probabilities=two_classes(c, second))


def _layers(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    """The last layer before its activation."""
    tensor = c.dense(blocks)
    activation = _ACTIVATIONS[estimator.activation]
    layers = list(zip(estimator.coefs_, estimator.intercepts_, strict=True))
    for at, (weights, intercepts) in enumerate(layers):
        product = c.graph.add("MatMul", tensor, c.graph.doubles(weights))
        tensor = c.graph.add("Add", product, c.graph.doubles(intercepts))
        if activation and at < len(layers) - 1:
            tensor = c.graph.add(activation, tensor)
    return tensor
