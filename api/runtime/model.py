"""What runs a model: one shape for a compiled model and for an estimator."""

from __future__ import annotations

from typing import Protocol

from api.runtime.answers import Answers
from api.runtime.rows import Rows


class Model(Protocol):
    """Anything that answers for rows."""

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch, one for each row, in order."""
        ...
