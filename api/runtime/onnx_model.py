"""A compiled model, run by ONNX Runtime."""

from __future__ import annotations

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from api.runtime.answers import Answers, choose

INPUT = "rows"
OUTPUT = "probabilities"


class OnnxModel:
    """Runs one compiled classifier; safe to call from several threads.

    Raises onnxruntime's own errors from the constructor where `content` is no model it can run.
    """

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        # One row takes microseconds: handing it to a pool of threads costs more than it saves.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def predict(self, rows: NDArray[np.float64]) -> Answers:
        """Answers for `rows` of shape (rows, fields).

        The rows are rounded to single precision first, as scikit-learn's tree models do.
        """
        # A magnitude beyond single precision becomes infinite here, and is refused by the schema before.
        (probabilities,) = self._session.run([OUTPUT], {INPUT: rows.astype(np.float32)})
        return choose(probabilities.astype(np.float64))
