"""A target: what a model predicts, and the names its answers go by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetClass:
    """One of the classes a classifier chooses from.

    `label` is what an answer says ("Iris-Setosa"); `key` names its probability ("prob_setosa").
    """

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a model predicts; `classes` are in the order of the estimator's `classes_`."""

    name: str
    title: str
    classes: tuple[TargetClass, ...] = ()
