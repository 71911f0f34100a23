"""The conversation of kserve's InferenceRESTClient, with binary tensors and with JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, InferResponse, RESTConfig

IRIS = np.array([[5.1, 3.5, 1.4, 0.2], [6.0, 3.0, 5.0, 2.0]])


def request(model: str, arrays: dict[str, tuple[Any, str]], *, binary: bool) -> InferRequest:
    """A request as the client's own classes make it."""
    inputs = []
    for name, (values, datatype) in arrays.items():
        inputs.append(InferInput(name, list(values.shape), datatype))
        inputs[-1].set_data_from_numpy(values, binary_data=binary)
    return InferRequest(model_name=model, infer_inputs=inputs, request_id="42")


def seen(answer: InferResponse) -> dict[str, Any]:
    """An answer as the client understood it."""
    values = {one.name: one.as_numpy() for one in answer.outputs}
    return {
        "id": answer.id,
        "model": answer.model_name,
        "version": answer.model_version,
        "shapes": {name: list(array.shape) for name, array in values.items()},
        **{name: array.ravel().tolist() for name, array in values.items()},
    }


async def converse(url: str, authorization: str) -> dict[str, Any]:
    """Ask everything that the client can ask of version 2 of the protocol."""
    headers = {"Authorization": authorization}
    meadow = {
        "rain": (np.array([40.0, 10.0]), "FP64"),
        "soil": (np.array(["clay", "moon"], dtype=object), "BYTES"),
        "watered": (np.array([True, True]), "BOOL"),
    }
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:

        async def infer(model: str, arrays: dict[str, tuple[Any, str]], *, binary: bool) -> dict[str, Any]:
            asked = request(model, arrays, binary=binary)
            return seen(await client.infer(url, asked, model_name=model, headers=dict(headers)))

        async def refused(model: str, arrays: dict[str, tuple[Any, str]]) -> str:
            try:
                await infer(model, arrays, binary=False)
            except httpx.HTTPStatusError as error:
                return str(error)
            return ""

        return {
            "live": await client.is_server_live(url, headers=headers),
            "ready": await client.is_server_ready(url, headers=headers),
            "iris_ready": await client.is_model_ready(url, "iris", headers=headers),
            "rose_ready": await client.is_model_ready(url, "rose", headers=headers),
            "iris": await infer("iris", {"input-0": (IRIS, "FP64")}, binary=True),
            "iris_json": await infer("iris", {"input-0": (IRIS, "FP64")}, binary=False),
            "meadow": await infer("meadow", meadow, binary=True),
            "meadow_json": await infer("meadow", meadow, binary=False),
            "height": await infer("height", {"x": (np.array([[3, 5], [4, 5]]), "INT64")}, binary=False),
            "wrong_shape": await refused("iris", {"x": (IRIS[:, :3], "FP64")}),
            "missing": await refused("meadow", {"rain": meadow["rain"]}),
        }


if __name__ == "__main__":
    json.dump(asyncio.run(converse(*sys.argv[1:])), sys.stdout)
