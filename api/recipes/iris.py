"""Iris: the species of an iris from four measurements of its flower.

Data: R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936, as it comes with
scikit-learn: 150 flowers, 50 of each of three species.
"""

from __future__ import annotations

from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier

from api.recipes.recipe import Dataset, Estimator, Recipe
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.schema.target import Target, TargetClass


def _measurement(name: str, title: str, description: str, example: float) -> Field:
    return Field(name, title, Kind.NUMBER, description, unit="cm", step=0.1, example=example)


def _load() -> Dataset:
    features, classes = load_iris(return_X_y=True)
    return Dataset(features, classes)


def _estimator() -> Estimator:
    return GradientBoostingClassifier(random_state=0)


IRIS = Recipe(
    name="iris",
    title="Iris species",
    description="Tells which of three species an iris belongs to from four measurements of its flower.",
    schema=Schema(
        (
            _measurement("sepal_length", "Sepal length", "From base to tip of an outer, drooping leaf.", 5.1),
            _measurement("sepal_width", "Sepal width", "Across the same leaf, at its widest.", 3.5),
            _measurement("petal_length", "Petal length", "From base to tip of an inner, upright leaf.", 1.4),
            _measurement("petal_width", "Petal width", "Across the same leaf, at its widest.", 0.2),
        )
    ),
    target=Target(
        name="species",
        title="Species",
        classes=(
            TargetClass("setosa", "Iris-Setosa"),
            TargetClass("versicolour", "Iris-Versicolour"),
            TargetClass("virginica", "Iris-Virginica"),
        ),
    ),
    load=_load,
    estimator=_estimator,
)
