"""A compiled model, run by ONNX Runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from api.runtime.answers import Answers, ClassAnswers, ValueAnswers, choose, join
from api.runtime.rows import Rows

# What a compiled model's inputs and outputs are called; it has those it needs.
NUMBERS = "numbers"
TEXTS = "texts"
CLASSES = "classes"
PROBABILITIES = "probabilities"
VALUES = "values"

# How many rows are run at once, which bounds the memory it takes; a model may name a smaller number, because
# some hold a number for each row and each row they were fitted to.
MOST_ROWS = 2048
ROWS_AT_ONCE = "rows_at_once"


class OnnxModel:
    """Runs one compiled model; safe to call from several threads.

    A missing text goes in as an empty one. Raises onnxruntime's own errors from the constructor where
    `content` is no model it can run, and ValueError where its outputs are not those of a model.
    """

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        # One row takes microseconds: handing it to a pool of threads costs more than it saves.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        inputs = {one.name: one.type for one in self._session.get_inputs()}
        self._takes_texts = TEXTS in inputs
        self._takes_numbers = NUMBERS in inputs
        self._precision = np.float32 if inputs.get(NUMBERS) == "tensor(float)" else np.float64
        named = self._session.get_modelmeta().custom_metadata_map.get(ROWS_AT_ONCE, MOST_ROWS)
        self._rows_at_once = max(1, min(MOST_ROWS, int(named)))
        self._outputs = [one.name for one in self._session.get_outputs()]
        if not {CLASSES, PROBABILITIES, VALUES}.intersection(self._outputs):
            raise ValueError(f"its outputs are {', '.join(self._outputs)}")

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch, in chunks that bound the memory it takes."""
        most = self._rows_at_once
        if len(rows) <= most:
            return self._run(rows)
        return join([self._run(rows[start : start + most]) for start in range(0, len(rows), most)])

    def _run(self, rows: Rows) -> Answers:
        inputs: dict[str, NDArray[Any]] = {}
        if self._takes_numbers:
            # A magnitude beyond single precision would become infinite here; the schema refuses it before.
            inputs[NUMBERS] = rows.numbers.astype(self._precision, copy=False)
        if self._takes_texts:
            inputs[TEXTS] = np.where(rows.texts == None, "", rows.texts)  # noqa: E711 (elementwise)
        return self._answers(dict(zip(self._outputs, self._session.run(self._outputs, inputs), strict=True)))

    def _answers(self, outputs: dict[str, NDArray[Any]]) -> Answers:
        if VALUES in outputs:
            return ValueAnswers(outputs[VALUES].astype(np.float64, copy=False))
        probabilities = outputs.get(PROBABILITIES)
        if probabilities is not None:
            probabilities = probabilities.astype(np.float64, copy=False)
            if CLASSES not in outputs:
                return choose(probabilities)
        return ClassAnswers(outputs[CLASSES], probabilities)
