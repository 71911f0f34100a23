"""What the protocol says of the server and of a model."""

from __future__ import annotations

from api.registry.card import REGRESSION, Card
from api.web.open_inference.datatypes import BYTES, FP64, OF_KIND
from api.web.open_inference.infer_request import Json
from api.web.open_inference.infer_response import PREDICT, PREDICT_PROBA, output_names

SERVER_NAME = "bouquet"
EXTENSIONS = ["binary_tensor_data"]

_PROJECTS = {"onnx": "onnxruntime", "tl": "treelite", "skops": "sklearn"}


def server_metadata(version: str) -> Json:
    """The server's name and version, and what it does beyond the protocol."""
    return {"name": SERVER_NAME, "version": version, "extensions": EXTENSIONS}


def model_metadata(card: Card, versions: list[str]) -> Json:
    """What a model takes and gives; -1 stands for the number of rows."""
    inputs = [_tensor(one.name, OF_KIND[one.kind], [-1]) for one in card.schema.fields]
    outputs = [_tensor(PREDICT, FP64 if card.task == REGRESSION else BYTES, [-1])]
    if PREDICT_PROBA in output_names(card):
        outputs.append(_tensor(PREDICT_PROBA, FP64, [-1, len(card.target.classes)]))
    form = card.runtime.format
    return {
        "name": card.name,
        "versions": versions,
        "platform": f"{_PROJECTS.get(form, form)}_{form}",
        "inputs": inputs,
        "outputs": outputs,
    }


def _tensor(name: str, datatype: str, shape: list[int]) -> Json:
    return {"name": name, "datatype": datatype, "shape": shape}
