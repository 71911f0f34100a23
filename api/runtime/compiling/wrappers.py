"""What wraps other predictors: voting, bagging, stacking, searches, transformed targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.preprocessing import StandardScaler
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from api.errors import CannotCompile
from api.runtime.compiling import forests
from api.runtime.compiling.blocks import Blocks, single_columns, whole
from api.runtime.compiling.compilation import Compilation, Outputs
from api.runtime.compiling.trees import tree_of

_TREES = (DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor)


def search(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """GridSearchCV and its kin: the best estimator they found."""
    return c.predict(estimator.best_estimator_, blocks)


def frozen(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """FrozenEstimator: what it holds."""
    return c.predict(estimator.estimator, blocks)


def bagging_regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """BaggingRegressor: the mean of its members, each on its own columns."""
    if _is_forest(estimator):
        return Outputs(values=c.graph.flat(_forest(c, estimator, blocks)))
    return Outputs(
        values=average(c, [need(one.values, estimator) for one in _bag(c, estimator, blocks)], None)
    )


def bagging_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """BaggingClassifier: the mean of its members' probabilities, each on its own columns."""
    if any(len(one.classes_) != len(estimator.classes_) for one in estimator.estimators_):
        raise CannotCompile("its estimators know different classes")
    if _is_forest(estimator):
        probabilities = _forest(c, estimator, blocks)
    else:
        given = [need(one.probabilities, estimator) for one in _bag(c, estimator, blocks)]
        probabilities = average(c, given, None)
    return Outputs(classes=c.graph.first_largest(probabilities), probabilities=probabilities)


def _bag(c: Compilation, estimator: Any, blocks: Blocks) -> list[Outputs]:
    columns = single_columns(blocks)
    members = zip(estimator.estimators_, estimator.estimators_features_, strict=True)
    return [c.predict(one, [columns[int(at)] for at in picks]) for one, picks in members]


def _is_forest(estimator: Any) -> bool:
    return all(type(one) in _TREES and one.n_outputs_ == 1 for one in estimator.estimators_)


def _forest(c: Compilation, estimator: Any, blocks: Blocks) -> str:
    """The mean of bagged trees, which are faster together: (rows, outputs)."""
    trees = []
    for one, picks in zip(estimator.estimators_, estimator.estimators_features_, strict=True):
        tree = tree_of(one)
        trees.append(replace(tree, feature=picks[np.where(tree.is_leaf, 0, tree.feature)]))
    return forests.mean_of(c, c.dense(blocks), trees)


def stacking_regressor(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """StackingRegressor: the last estimator on the values of the others."""
    given = [need(c.predict(one, blocks).values, one) for one in estimator.estimators_]
    columns = [c.graph.add("Unsqueeze", one, c.graph.integers([1])) for one in given]
    return c.predict(estimator.final_estimator_, _stacked(c, estimator, columns, blocks))


def stacking_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """StackingClassifier: the last estimator on the probabilities or decisions of the others."""
    columns = []
    for one, method in zip(estimator.estimators_, estimator.stack_method_, strict=True):
        outputs = c.predict(one, blocks)
        if method == "predict_proba":
            tensor = need(outputs.probabilities, one)
            # Of two classes the first probability says nothing that the second does not.
            columns.append(c.graph.columns(tensor, [1]) if len(one.classes_) == 2 else tensor)
        elif method == "decision_function":
            columns.append(need(outputs.decision, one))
        else:
            raise CannotCompile("it stacks labels")
    return c.predict(estimator.final_estimator_, _stacked(c, estimator, columns, blocks))


def _stacked(c: Compilation, estimator: Any, columns: Sequence[str], blocks: Blocks) -> Blocks:
    tensor = c.graph.beside([*columns, c.dense(blocks)] if estimator.passthrough else columns)
    return [whole(tensor, estimator.final_estimator_.n_features_in_)]


def transformed_target(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """TransformedTargetRegressor, where the way back is a StandardScaler, exp or expm1."""
    graph, transformer = c.graph, estimator.transformer_
    values = need(c.predict(estimator.regressor_, blocks).values, estimator)
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
    answers = [need(c.predict(one, blocks).values, one) for one in estimator.estimators_]
    return Outputs(values=average(c, answers, estimator._weights_not_none))


def voting_classifier(c: Compilation, estimator: Any, blocks: Blocks) -> Outputs:
    """VotingClassifier: the weighted mean of probabilities, or the class with the most votes."""
    inner = [(one, c.predict(one, blocks)) for one in estimator.estimators_]
    if any(len(one.classes_) != len(estimator.classes_) for one, _ in inner):
        raise CannotCompile("its estimators know different classes")
    weights = estimator._weights_not_none
    if estimator.voting == "soft":
        given = [need(outputs.probabilities, one) for one, outputs in inner]
        probabilities = average(c, given, weights)
        return Outputs(classes=c.graph.first_largest(probabilities), probabilities=probabilities)
    identity = c.graph.doubles(np.eye(len(estimator.classes_)))
    votes = [c.graph.add("Gather", identity, need(outputs.classes, one), axis=0) for one, outputs in inner]
    return Outputs(classes=c.graph.first_largest(_sum(c, votes, weights)))


def average(c: Compilation, tensors: Sequence[str], weights: Sequence[float] | None) -> str:
    """The mean of some tensors of one shape, or their weighted mean."""
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


def need(tensor: str | None, estimator: Any) -> str:
    """The tensor, which an inner estimator should have given; raises CannotCompile where it has not."""
    if tensor is None:
        raise CannotCompile(f"{type(estimator).__name__} was not compiled with what its wrapper needs")
    return tensor
