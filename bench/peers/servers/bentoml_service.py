"""A BentoML service with one pipeline; with BATCHING, it gathers what comes at the same time."""

from __future__ import annotations

import os
from pathlib import Path

import bentoml
import joblib
import numpy as np
import pandas

_PROCESSES = int(os.environ["PROCESSES"])
_BATCHING = "BATCHING" in os.environ
_FILE = Path(os.environ["MODELS"]) / os.environ["SERVED"] / "model.joblib"


@bentoml.service(workers=_PROCESSES)
class Classifier:
    """Probabilities of rows."""

    def __init__(self) -> None:
        self._model = joblib.load(_FILE)

    @bentoml.api(batchable=_BATCHING)
    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Of an array."""
        return np.asarray(self._model.predict_proba(rows))

    @bentoml.api(batchable=_BATCHING)
    def predict_frame(self, rows: pandas.DataFrame) -> np.ndarray:
        """Of a data frame."""
        return np.asarray(self._model.predict_proba(rows.astype({"age": float, "income": float})))
