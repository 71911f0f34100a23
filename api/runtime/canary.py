"""The canary: rows and the estimator's own answers, replayed each time a version is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.runtime.rows import Rows

FILE = "canary.json"

# Other processors add up in another order, so a loaded model may differ by this much from its canary.
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Canary:
    """Some rows and what the estimator answered for them when it was trained."""

    rows: Rows
    answers: Answers

    def to_bytes(self) -> bytes:
        """The content of `canary.json`; numbers keep every digit, and null is a missing value."""
        numbers = self.rows.numbers.astype(object)
        numbers[np.isnan(self.rows.numbers)] = None
        content = {"numbers": numbers.tolist(), "texts": self.rows.texts.tolist()}
        return json.dumps(content | _answers_to_json(self.answers), allow_nan=False).encode()

    def difference(self, answers: Answers) -> str | None:
        """How `answers` differ from the ones kept, as a phrase; None where they are equal.

        Probabilities may differ by 1e-5, values by 1e-5 of the spread of the values kept.
        """
        kept = self.answers
        if isinstance(kept, ValueAnswers) and isinstance(answers, ValueAnswers):
            scale = float(np.ptp(kept.values)) or 1.0
            largest = float(np.abs(answers.values - kept.values).max()) / scale
            return _too_far(largest, "value differs by {:.3g} of their spread")
        if not isinstance(kept, ClassAnswers) or not isinstance(answers, ClassAnswers):
            return "it answers with another kind of thing"
        changed = int((answers.classes != kept.classes).sum())
        if changed:
            return f"{changed} of {len(kept)} canary rows get another class"
        if kept.probabilities is None or answers.probabilities is None:
            same = kept.probabilities is answers.probabilities
            return None if same else "it gives probabilities where it gave none, or none where it gave some"
        largest = float(np.abs(answers.probabilities - kept.probabilities).max())
        return _too_far(largest, "probability differs by {:.3g}")


def canary_from_bytes(content: bytes) -> Canary:
    """The canary that `to_bytes` wrote; raises KeyError, TypeError or ValueError where it is none."""
    data = json.loads(content)
    # reshape, because a schema without texts (or numbers) has as many empty lists as rows.
    numbers = np.asarray(data["numbers"], dtype=np.float64).reshape(len(data["numbers"]), -1)
    texts = np.array(data["texts"], dtype=np.object_).reshape(len(numbers), -1)
    return Canary(Rows(numbers, texts), _answers_from_json(data))


def _too_far(largest: float, phrase: str) -> str | None:
    return None if largest <= _TOLERANCE else "a canary row's " + phrase.format(largest)


def _answers_to_json(answers: Answers) -> dict[str, Any]:
    if isinstance(answers, ValueAnswers):
        return {"values": answers.values.tolist()}
    probabilities = None if answers.probabilities is None else answers.probabilities.tolist()
    return {"classes": answers.classes.tolist(), "probabilities": probabilities}


def _answers_from_json(data: dict[str, Any]) -> Answers:
    if "values" in data:
        return ValueAnswers(np.asarray(data["values"], dtype=np.float64))
    probabilities = data["probabilities"]
    return ClassAnswers(
        np.asarray(data["classes"], dtype=np.int64),
        None if probabilities is None else np.asarray(probabilities, dtype=np.float64),
    )
