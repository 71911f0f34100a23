"""An operation: one method of one path, its parameters, its body and its answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


# Merged into an operation that needs no sign-in.
PUBLIC: Json = {"security": []}


def operation(tag: str, id: str, summary: str, responses: Json) -> Json:
    """The operation object of an operation without parameters and body, which are merged into it."""
    return {"tags": [tag], "operationId": id, "summary": summary, "responses": responses}


def body(content: Json) -> Json:
    """What is merged into an operation that needs a body; `content` maps types to media type objects."""
    return {"requestBody": {"required": True, "content": content}}


def answer(description: str, schema: Json, example: Any = None) -> Json:
    """The response object of an answer in JSON."""
    return {"description": description, "content": json_content(schema, example)}


def json_content(schema: Json, example: Any = None) -> Json:
    """The content of a body in JSON."""
    media: Json = {"schema": schema}
    return {"application/json": media | {"example": example} if example is not None else media}


def ref(name: str) -> Json:
    """A schema among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def path_parameter(name: str, description: str, schema: Json) -> Json:
    """A part of the path."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def query_parameter(name: str, description: str, schema: Json, *, required: bool = False) -> Json:
    """A parameter of the query."""
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def model_parameter(names: Sequence[str]) -> Json:
    """The model's name in a path."""
    schema: Json = {"type": "string"}
    return path_parameter("name", "The model's name.", schema | {"enum": list(names)} if names else schema)


def version_parameter() -> Json:
    """The version's number in a path."""
    return path_parameter(
        "version", "The version's number.", {"type": "string", "pattern": "^[0-9]{1,9}$", "examples": ["1"]}
    )
