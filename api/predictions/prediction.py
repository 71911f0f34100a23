"""A prediction: one row's answer, and which version of which model gave it."""

from __future__ import annotations

from dataclasses import dataclass

from api.runtime.answers import Answers, ValueAnswers
from api.schema.observed import RangeWarning
from api.schema.target import Target

# A compiled model may answer in single precision, which holds seven digits.
_DECIMALS = 7

# The answer as callers see it: "predicted_<target>" and, of a classifier, "prob_<class>" for each class.
Response = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One answer; `id` is unique to it."""

    id: str
    model: str
    version: str
    response: Response
    warnings: tuple[RangeWarning, ...]


def respond(target: Target, answers: Answers, row: int) -> Response:
    """The answer for one of the rows, in the target's own words."""
    if isinstance(answers, ValueAnswers):
        return {f"predicted_{target.name}": float(answers.values[row])}
    chosen = target.classes[int(answers.classes[row])]
    response: Response = {f"predicted_{target.name}": chosen.label}
    if answers.probabilities is None:
        return response
    for one, probability in zip(target.classes, answers.probabilities[row].tolist(), strict=True):
        response[f"prob_{one.key}"] = round(probability, _DECIMALS)
    return response
