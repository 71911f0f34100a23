"""The figures of a model: how good its answers were on rows whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Figures:
    """The six figures of a classifier: ratios from 0 to 1, and seconds to train.

    Where `average` is "macro", precision, recall, F1 and AUC are unweighted means over the classes (AUC: one
    class against the rest); else it is the label of the class, of two, whose own they are.
    `auc` is None where the model gives no probabilities; `seconds` where it was trained elsewhere.
    """

    precision: float
    recall: float
    accuracy: float
    auc: float | None
    f1: float
    seconds: float | None
    average: str = MACRO


@dataclass(frozen=True, slots=True)
class RegressionFigures:
    """The figures of a regressor.

    `r2` is the share of the target's variance that is explained, 1 at best; the errors are in the target's
    unit; `seconds` to train, None where it was trained elsewhere.
    """

    r2: float
    mean_absolute_error: float
    root_mean_squared_error: float
    median_absolute_error: float
    seconds: float | None


AnyFigures = Figures | RegressionFigures


def figures_from_json(regression: bool, data: dict[str, Any] | None) -> AnyFigures | None:
    """The figures of a card's JSON; raises TypeError where a member is missing or unknown."""
    if data is None:
        return None
    return RegressionFigures(**data) if regression else Figures(**data)
