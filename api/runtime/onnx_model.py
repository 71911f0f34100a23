"""A compiled model, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from api.runtime.answers import Answers, ClassAnswers, OneAnswer, ValueAnswers, choose, choose_one, join
from api.runtime.bound_run import BoundRun
from api.runtime.choice_codes import choice_codes_from
from api.runtime.rows import Rows
from api.runtime.word_inputs import word_inputs_from

# What a compiled model's inputs and outputs are called; it has those it needs. Choices are numbers too;
# models that were compiled before that was so take them as texts.
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

    Of a choice goes in its code; of a text of many words go in the numbers that the words in it stand for.
    Raises onnxruntime's own errors from the constructor where
    `content` is no model it can run, and ValueError where its outputs or its words are not those of a model.
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
        metadata = self._session.get_modelmeta().custom_metadata_map
        self._rows_at_once = max(1, min(MOST_ROWS, int(metadata.get(ROWS_AT_ONCE, MOST_ROWS))))
        self._codes = choice_codes_from(metadata)
        self._words = word_inputs_from(metadata)
        self._outputs = [one.name for one in self._session.get_outputs()]
        if not {CLASSES, PROBABILITIES, VALUES}.intersection(self._outputs):
            raise ValueError(f"its outputs are {', '.join(self._outputs)}")
        at = {name: place for place, name in enumerate(self._outputs)}
        self._classes_at, self._probabilities_at = at.get(CLASSES), at.get(PROBABILITIES)
        self._values_at = at.get(VALUES)
        self._bound = self._bind()

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch, in chunks that bound the memory it takes."""
        most = self._rows_at_once
        if len(rows) <= most:
            return self._run(rows)
        return join([self._run(rows[start : start + most]) for start in range(0, len(rows), most)])

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer:
        """The answer for one row, as `predict` gives it for a batch; a missing text is an empty one."""
        if self._bound is not None:
            codes = self._codes
            results = self._bound.run(numbers if codes is None else codes.of_one(numbers, texts))
        elif self._words or self._codes:
            row = Rows(np.array([numbers], dtype=np.float64), np.array([texts], dtype=np.object_))
            results = [one.tolist() for one in self._session.run(self._outputs, self._inputs(row))]
        else:
            inputs: dict[str, NDArray[Any]] = {}
            if self._takes_numbers:
                inputs[NUMBERS] = np.array([numbers], dtype=self._precision)
            if self._takes_texts:
                inputs[TEXTS] = np.array([texts], dtype=np.object_)
            results = [one.tolist() for one in self._session.run(self._outputs, inputs)]
        if self._values_at is not None:
            return None, results[self._values_at]
        probabilities = [] if self._probabilities_at is None else results[self._probabilities_at][0]
        chosen = choose_one(probabilities) if self._classes_at is None else results[self._classes_at][0]
        return chosen, probabilities

    def _bind(self) -> BoundRun | None:
        """What runs one row of numbers in the least time; None for a model that it cannot run."""
        inputs = self._session.get_inputs()
        columns = inputs[0].shape[1] if len(inputs) == 1 and self._takes_numbers else None
        if not isinstance(columns, int):
            return None
        try:
            return BoundRun(self._session, np.zeros((1, columns), dtype=self._precision))
        # ONNX Runtime raises a family of errors that has no common root; a model may refuse a row of zeros.
        except Exception:
            return None

    def _run(self, rows: Rows) -> Answers:
        results = self._session.run(self._outputs, self._inputs(rows))
        return self._answers(dict(zip(self._outputs, results, strict=True)))

    def _inputs(self, rows: Rows) -> dict[str, NDArray[Any]]:
        inputs: dict[str, NDArray[Any]] = {}
        if self._takes_numbers:
            numbers = rows.numbers if self._codes is None else self._codes.of(rows)
            # A magnitude beyond single precision would become infinite here; the schema refuses it before.
            inputs[NUMBERS] = numbers.astype(self._precision, copy=False)
        if self._takes_texts:
            texts = rows.texts[:, self._words.choices] if self._words else rows.texts
            inputs[TEXTS] = np.where(texts == None, "", texts)  # noqa: E711 (of each element, which "is" cannot be)
        if self._words:
            inputs |= self._words.of(rows)
        return inputs

    def _answers(self, outputs: dict[str, NDArray[Any]]) -> Answers:
        if VALUES in outputs:
            return ValueAnswers(outputs[VALUES].astype(np.float64, copy=False))
        probabilities = outputs.get(PROBABILITIES)
        if probabilities is not None:
            probabilities = probabilities.astype(np.float64, copy=False)
            if CLASSES not in outputs:
                return choose(probabilities)
        return ClassAnswers(outputs[CLASSES], probabilities)
