"""The answer to a request to infer: a batch's answers as tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.predictions.prediction import Batch
from api.registry.card import Card
from api.runtime.answers import ValueAnswers
from api.web.open_inference.datatypes import BYTES, FP64
from api.web.open_inference.infer_request import InferRequest, Json, WantedOutput
from api.web.open_inference.misfit import misfit, shown
from api.web.open_inference.tensors import packed

PREDICT = "predict"
PREDICT_PROBA = "predict_proba"


@dataclass(frozen=True, slots=True)
class _Output:
    """An output tensor: `values` in row-major order, texts of BYTES and numbers of FP64.

    Texts are the indices of `labels`, which are few.
    """

    name: str
    datatype: str
    shape: list[int]
    values: NDArray[Any]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InferResponse:
    """The JSON of an answer, and the binary tensors that follow it, empty where all are in the JSON."""

    json: Json
    binary: bytes


def output_names(card: Card) -> list[str]:
    """The outputs that a model gives."""
    gives_probabilities = card.target.classes and card.target.probabilities
    return [PREDICT, PREDICT_PROBA] if gives_probabilities else [PREDICT]


def check_outputs(card: Card, request: InferRequest) -> None:
    """Raise InvalidInput where the caller named an output that the model has not."""
    for wanted in request.outputs or []:
        if wanted.name not in output_names(card):
            known = " and ".join(output_names(card))
            sentence = f"There is no output {shown(wanted.name)}; {card.name} has {known}."
            raise misfit(wanted.name, sentence, known)


def infer_response(batch: Batch, request: InferRequest) -> InferResponse:
    """The answer with the outputs that were asked for, and the caller's id where there was one."""
    outputs = {one.name: one for one in _outputs(batch)}
    wanted = request.outputs or [WantedOutput(name, request.binary) for name in outputs]
    written, parts = [], []
    for one in wanted:
        tensor, part = _written(outputs[one.name], one.binary)
        written.append(tensor)
        parts.append(part)
    answer = {
        "model_name": batch.card.name,
        "model_version": batch.card.version,
        "id": batch.id if request.id is None else request.id,
        "outputs": written,
    }
    return InferResponse(answer, b"".join(parts))


def _outputs(batch: Batch) -> list[_Output]:
    answers, rows = batch.answers, len(batch.answers)
    if isinstance(answers, ValueAnswers):
        return [_Output(PREDICT, FP64, [rows], answers.values)]
    labels = tuple(one.label for one in batch.card.target.classes)
    predict = _Output(PREDICT, BYTES, [rows], answers.classes, labels)
    if answers.probabilities is None:
        return [predict]
    shape = list(answers.probabilities.shape)
    return [predict, _Output(PREDICT_PROBA, FP64, shape, answers.probabilities)]


def _written(output: _Output, binary: bool) -> tuple[Json, bytes]:
    tensor: Json = {"name": output.name, "datatype": output.datatype, "shape": output.shape}
    if not binary:
        return tensor | {"data": _data(output)}, b""
    if output.datatype == BYTES:
        texts = [packed([label]) for label in output.labels]
        content = b"".join([texts[index] for index in output.values.tolist()])
    else:
        content = output.values.astype("<f8").tobytes()
    return tensor | {"parameters": {"binary_data_size": len(content)}}, content


def _data(output: _Output) -> NDArray[np.float64] | list[str]:
    if output.datatype != BYTES:
        return np.ascontiguousarray(output.values, dtype=np.float64).reshape(-1)
    return [output.labels[index] for index in output.values.tolist()]
