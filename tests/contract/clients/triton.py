"""The conversation of tritonclient, with binary tensors as it prefers them and with JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

IRIS = [[5.1, 3.5, 1.4, 0.2], [6.0, 3.0, 5.0, 2.0]]


def tensor(name: str, values: Any, datatype: str, *, binary: bool) -> triton.InferInput:
    """An input as the client makes it from an array."""
    one = triton.InferInput(name, list(values.shape), datatype)
    one.set_data_from_numpy(values, binary_data=binary)
    return one


def iris(datatype: str, layout: str, *, binary: bool) -> list[triton.InferInput]:
    """Two irises as one tensor."""
    return [tensor("input-0", np.array(IRIS, layout), datatype, binary=binary)]


def meadow(*, binary: bool) -> list[triton.InferInput]:
    """Three plants, a tensor for each field; it is not known how much rain the second one got."""
    soils = np.array(["clay", "sand", "moon"], dtype=object)
    return [
        tensor("rain", np.array([40.0, np.nan, 10.0]), "FP64", binary=binary),
        tensor("soil", soils, "BYTES", binary=binary),
        tensor("watered", np.array([[True], [False], [True]]), "BOOL", binary=binary),
    ]


def seen(result: triton.InferResult) -> dict[str, Any]:
    """An answer as the client understood it."""
    answer = result.get_response()
    arrays = {one["name"]: result.as_numpy(one["name"]) for one in answer["outputs"]}
    values = {
        name: [str(v, "utf-8") if isinstance(v, bytes) else v for v in array.ravel().tolist()]
        for name, array in arrays.items()
    }
    return {
        "id": answer["id"],
        "version": answer["model_version"],
        "shapes": {name: list(array.shape) for name, array in arrays.items()},
        "in_json": [one["name"] for one in answer["outputs"] if "data" in one],
        **values,
    }


def converse(url: str, authorization: str) -> dict[str, Any]:
    """Ask everything that the client can ask of the protocol."""
    headers = {"Authorization": authorization}
    client = triton.InferenceServerClient(url.removeprefix("http://"))
    in_json = [triton.InferRequestedOutput(name, binary_data=False) for name in ("predict_proba", "predict")]

    def infer(model: str, inputs: list[triton.InferInput], **more: Any) -> dict[str, Any]:
        # A copy, because the client adds headers of its own to it.
        return seen(client.infer(model, inputs, headers=dict(headers), **more))

    def refused(model: str, inputs: list[triton.InferInput], **more: Any) -> list[str]:
        try:
            infer(model, inputs, **more)
        except InferenceServerException as error:
            return [error.status(), error.message()]
        return []

    return {
        "live": client.is_server_live(headers=headers),
        "ready": client.is_server_ready(headers=headers),
        "ready_models": [client.is_model_ready(one, headers=headers) for one in ("iris", "rose")],
        "ready_versions": [client.is_model_ready("iris", one, headers=headers) for one in ("1", "2", "9")],
        "server": client.get_server_metadata(headers=headers),
        "model": client.get_model_metadata("meadow", headers=headers),
        "version": client.get_model_metadata("iris", "1", headers=headers),
        "iris": infer("iris", iris("FP64", "<f8", binary=True)),
        "iris_json": infer("iris", iris("FP64", "<f8", binary=False), outputs=in_json, request_id="a b"),
        "iris_single": infer("iris", iris("FP32", "<f4", binary=True)),
        "iris_single_json": infer("iris", iris("FP32", "<f4", binary=False)),
        "iris_1": infer("iris", iris("FP64", "<f8", binary=True), model_version="1", request_id="42"),
        "meadow": infer("meadow", meadow(binary=True)),
        "meadow_json": infer("meadow", meadow(binary=False), outputs=in_json[1:]),
        "height": infer("height", [tensor("x", np.array([[3, 5], [4, 5]]), "INT64", binary=True)]),
        "no_such_model": refused("rose", iris("FP64", "<f8", binary=True)),
        "no_such_output": refused(
            "height",
            [tensor("x", np.array([[3, 5]]), "INT64", binary=True)],
            outputs=[triton.InferRequestedOutput("predict_proba")],
        ),
        "wrong_shape": refused("iris", [tensor("x", np.zeros((2, 3)), "FP64", binary=True)]),
    }


if __name__ == "__main__":
    json.dump(converse(*sys.argv[1:]), sys.stdout)
