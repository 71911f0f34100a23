"""The Open Inference Protocol's routes."""

from __future__ import annotations

from collections.abc import Sequence

from api.registry.card import Card
from api.schema.fields import Field
from api.web.open_inference.datatypes import ALL, OF_KIND
from api.web.openapi.errors import protocol_errors
from api.web.openapi.operations import (
    Json,
    answer,
    body,
    model_parameter,
    operation,
    ref,
    version_parameter,
)

TAG = "Open Inference Protocol"
_TEXT: Json = {"type": "string"}
_PARAMETERS: Json = {"type": "object", "description": "For extensions; unknown ones are not looked at."}
_SHAPE: Json = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
_TENSOR: Json = {"name": _TEXT, "datatype": {"enum": list(ALL)}, "shape": _SHAPE}
_BINARY: Json = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_HOW = """One tensor of shape [rows, fields] under any name that is no field's, or one tensor for each field \
of shape [rows] or [rows, 1], where optional fields may be left out; null is a missing value. Binary tensors \
after the JSON are read with the header Inference-Header-Content-Length, and sent where they are asked for."""


def _object(properties: Json, optional: Json | None = None) -> Json:
    return {
        "type": "object",
        "properties": properties | (optional or {}),
        "required": list(properties),
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


INFERENCE_SCHEMAS: Json = {
    "InferRequest": _object(
        {
            "inputs": _list(_object(_TENSOR, {"data": {"type": "array"}, "parameters": _PARAMETERS}))
            | {"minItems": 1}
        },
        {
            "id": _TEXT,
            "parameters": _PARAMETERS,
            "outputs": _list(_object({"name": _TEXT}, {"parameters": _PARAMETERS})),
        },
    ),
    "InferResponse": _object(
        {
            "model_name": _TEXT,
            "model_version": _TEXT,
            "id": _TEXT,
            "outputs": _list(_object(_TENSOR, {"data": {"type": "array"}, "parameters": _PARAMETERS})),
        }
    ),
    "ModelMetadata": _object(
        {
            "name": _TEXT,
            "versions": _list(_TEXT),
            "platform": _TEXT,
            "inputs": _list(_object(_TENSOR)),
            "outputs": _list(_object(_TENSOR)),
        }
    ),
    "ServerMetadata": _object({"name": _TEXT, "version": _TEXT, "extensions": _list(_TEXT)}),
    "ModelReady": _object({"name": _TEXT, "ready": {"type": "boolean"}}),
}


def inference_paths(cards: Sequence[Card], details: bool) -> Json:
    """The paths, each model's with and without a version."""
    live = _object({"live": {"type": "boolean"}})
    ready = _object({"ready": {"type": "boolean"}}, {"live": {"type": "boolean"}})
    paths: Json = {
        "/v2": {"get": _get("server_metadata", "The server's name and version", ref("ServerMetadata"))},
        "/v2/health/live": {"get": _get("server_live", "That the server takes requests", live)},
        "/v2/health/ready": {"get": _get("server_ready", "That every model can answer", ready, 503)},
    }
    model = model_parameter([card.name for card in cards])
    paths |= _of_model("/v2/models/{name}", "model", [model], cards, details)
    one = "/v2/models/{name}/versions/{version}"
    return paths | _of_model(one, "version", [model, version_parameter()], cards, details)


def _of_model(path: str, what: str, parameters: list[Json], cards: Sequence[Card], details: bool) -> Json:
    errors = (404, 409, 503)
    metadata = _get(f"{what}_metadata", f"What a {what} takes and gives", ref("ModelMetadata"), *errors)
    ready = _get(f"{what}_ready", f"That a {what} can answer", ref("ModelReady"), *errors)
    return {
        path: {"parameters": parameters, "get": metadata},
        f"{path}/ready": {"parameters": parameters, "get": ready},
        f"{path}/infer": {"parameters": parameters, "post": _infer(what, cards, details)},
    }


def _get(id: str, summary: str, schema: Json, *statuses: int) -> Json:
    responses = {"200": answer(f"{summary}.", schema)} | protocol_errors(401, 429, *statuses)
    return operation(TAG, id, summary, responses)


def _infer(what: str, cards: Sequence[Card], details: bool) -> Json:
    asked: Json = {"schema": ref("InferRequest")}
    examples = {card.name: {"value": example} for card in cards if details and (example := _example(card))}
    if examples:
        asked["examples"] = examples
    given = answer("The tensors that were asked for.", ref("InferResponse"))
    given["content"]["application/octet-stream"] = _BINARY
    errors = protocol_errors(400, 401, 404, 409, 413, 415, 429, 503)
    described = operation(TAG, f"{what}_infer", f"A {what}'s answers for tensors", {"200": given} | errors)
    content = {"application/json": asked, "application/octet-stream": _BINARY}
    return described | body(content) | {"description": _HOW}


def _example(card: Card) -> Json:
    given = [one for one in card.schema.fields if one.example is not None]
    return {"inputs": [_input(one) for one in given]} if given else {}


def _input(field: Field) -> Json:
    return {"name": field.name, "shape": [1], "datatype": OF_KIND[field.kind], "data": [field.example]}
