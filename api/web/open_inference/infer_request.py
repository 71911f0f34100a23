"""A request to infer: the tensors of a body, and what its caller wants back."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import orjson

from api.web.open_inference.misfit import misfit, shown
from api.web.open_inference.tensors import Tensor, tensor_of, tensor_of_binary

# The header of the binary extension: how many bytes of the body are its JSON.
JSON_LENGTH = "Inference-Header-Content-Length"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WantedOutput:
    """An output that the caller named, and whether its tensor is to come back in binary."""

    name: str
    binary: bool


@dataclass(frozen=True, slots=True)
class InferRequest:
    """What a body asks; `outputs` is None where the caller wants all, in binary if `binary`."""

    id: str | None
    inputs: list[Tensor]
    outputs: list[WantedOutput] | None
    binary: bool


def infer_request(body: bytes, json_length: str | None) -> InferRequest:
    """Read a body; `json_length` is the value of the `JSON_LENGTH` header, None without binary tensors.

    Raises InvalidInput where it is no request of the protocol.
    """
    size = _json_size(body, json_length)
    request = _object(_json(body[:size]), "The body")
    binary = _flag(_parameters(request, "The body"), "binary_data_output")
    return InferRequest(_id(request), _inputs(request, body[size:]), _outputs(request, binary), binary)


def _json_size(body: bytes, json_length: str | None) -> int:
    if json_length is None:
        return len(body)
    if not (json_length.isascii() and json_length.isdigit()) or int(json_length[:20]) > len(body):
        expected = "the number of bytes of the JSON in the body"
        raise misfit(JSON_LENGTH, f"{JSON_LENGTH} must be {expected}.", expected)
    return int(json_length)


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # Python also takes NaN, which clients write for a missing value.
        pass
    try:
        return json.loads(text)
    # A body nested a thousand deep is as little JSON that anyone can answer as broken JSON.
    except (ValueError, RecursionError) as error:
        raise misfit("body", "The body is not JSON.", "JSON") from error


def _inputs(request: Json, rest: bytes) -> list[Tensor]:
    tensors, at = [], 0
    for number, given in enumerate(_list(request, "inputs")):
        where = f"inputs[{number}]"
        one = _object(given, where)
        name, datatype = _string(one, "name", where), _string(one, "datatype", where)
        shape, size = _shape(one, where), _parameters(one, where).get("binary_data_size")
        if size is None:
            tensors.append(tensor_of(name, datatype, shape, one.get("data")))
            continue
        if type(size) is not int or not 0 <= size <= len(rest) - at:
            raise misfit(where, f"{where} must have its binary_data_size bytes in the body.", "all its bytes")
        tensors.append(tensor_of_binary(name, datatype, shape, rest[at : at + size]))
        at += size
    if at != len(rest):
        raise misfit("body", "The body has bytes that belong to no input.", "the inputs' bytes only")
    return tensors


def _outputs(request: Json, binary: bool) -> list[WantedOutput] | None:
    if request.get("outputs") in (None, []):
        return None
    wanted = []
    for number, given in enumerate(_list(request, "outputs")):
        where = f"outputs[{number}]"
        one = _object(given, where)
        parameters = {"binary_data": binary} | _parameters(one, where)
        wanted.append(WantedOutput(_string(one, "name", where), _flag(parameters, "binary_data")))
    return wanted


def _object(given: Any, where: str) -> Json:
    if not isinstance(given, dict):
        raise misfit(where, f"{where} must be an object, not {shown(given)}.", "an object")
    return given


def _list(request: Json, name: str) -> list[Any]:
    given = request.get(name)
    if not isinstance(given, list) or not given:
        raise misfit(name, f"The body must have {name}: an array of one or more.", "an array")
    return given


def _string(given: Json, name: str, where: str) -> str:
    if not isinstance(given.get(name), str):
        raise misfit(where, f"{where} must have {name}: a string.", "a string")
    return str(given[name])


def _id(request: Json) -> str | None:
    return None if request.get("id") is None else _string(request, "id", "The body")


def _parameters(given: Json, where: str) -> Json:
    return _object(given.get("parameters") or {}, f"parameters of {where}")


def _flag(parameters: Json, name: str) -> bool:
    return parameters.get(name) is True


def _shape(given: Json, where: str) -> tuple[int, ...]:
    shape = given.get("shape")
    whole = isinstance(shape, list) and all(type(size) is int and size >= 1 for size in shape)
    if not isinstance(shape, list) or not whole or not 1 <= len(shape) <= 8 or math.prod(shape) > 2**48:
        expected = "an array of whole numbers, such as [2, 4]"
        raise misfit(where, f"{where} must have a shape: {expected}.", expected)
    return tuple(shape)
