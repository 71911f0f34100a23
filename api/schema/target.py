"""A target: what a model predicts, and the names its answers go by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetClass:
    """One of the classes a classifier chooses from.

    `label` is what an answer says ("Iris-Setosa"); `key` names its probability ("prob_setosa");
    `value` is what the estimator and its data call it (0), None where that is the label.
    """

    key: str
    label: str
    value: str | int | float | bool | None = None


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a regressor's target was spread in the rows it learnt from.

    `counts[i]` rows lay from `edges[i]` to `edges[i + 1]`, in the target's unit.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a model predicts.

    `classes` are a classifier's, in the order of the estimator's `classes_`; a regressor has none, and a
    `distribution` where its target's values are known. `probabilities` is False for a classifier that
    chooses a class and gives no probabilities. `threshold` is of two classes only: the answer is the second
    one where its probability is at or above it; None leaves the choice to the estimator.
    """

    name: str
    title: str
    classes: tuple[TargetClass, ...] = ()
    distribution: Distribution | None = None
    probabilities: bool = True
    threshold: float | None = None
