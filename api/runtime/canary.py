"""The canary: rows and the estimator's own answers, replayed each time a version is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.runtime.answers import Answers

FILE = "canary.json"


@dataclass(frozen=True, slots=True)
class Canary:
    """Some rows (rows, fields) and what the estimator answered for them when it was trained."""

    rows: NDArray[np.float64]
    answers: Answers

    def to_bytes(self) -> bytes:
        """The content of `canary.json`; numbers keep every digit."""
        content = {
            "rows": self.rows.tolist(),
            "classes": self.answers.classes.tolist(),
            "probabilities": self.answers.probabilities.tolist(),
        }
        return json.dumps(content).encode()

    def difference(self, answers: Answers) -> str | None:
        """How `answers` differ from the ones kept, as a phrase; None where they are equal.

        Probabilities may differ by 1e-5: other processors add up in another order.
        """
        changed = int((answers.classes != self.answers.classes).sum())
        if changed:
            return f"{changed} of {len(self.rows)} canary rows get another class"
        largest = float(np.abs(answers.probabilities - self.answers.probabilities).max())
        if not largest <= 1e-5:
            return f"a canary row's probability differs by {largest:.3g}"
        return None


def canary_from_bytes(content: bytes) -> Canary:
    """The canary that `to_bytes` wrote; raises KeyError, TypeError or ValueError where it is none."""
    data = json.loads(content)
    answers = Answers(
        np.asarray(data["classes"], dtype=np.int64), np.asarray(data["probabilities"], dtype=np.float64)
    )
    return Canary(np.asarray(data["rows"], dtype=np.float64), answers)
