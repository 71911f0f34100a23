"""The beginning of a graph: the columns that an estimator takes, from the two inputs that rows come in."""

from __future__ import annotations

from typing import Any

from api.runtime.compiling.blocks import UNSEEN, Absent, Block, Codes, Numbers, Texts
from api.runtime.compiling.graph import ML, Graph
from api.runtime.frame import TEXT, Column, Frame
from api.runtime.onnx_model import NUMBERS, TEXTS
from api.schema.fields import Kind
from api.schema.schema import Schema


def input_blocks(graph: Graph, frame: Frame) -> list[Block]:
    """A block for each column of the frame, in order."""
    return [_block(graph, frame, column) for column in frame.columns]


def choice_columns(schema: Schema) -> list[int]:
    """Which of the columns of texts are choices, and so go into a graph as they are."""
    kinds = [schema.fields[at].kind for at in schema.text_positions]
    return [column for column, kind in enumerate(kinds) if kind is Kind.CHOICE]


def _block(graph: Graph, frame: Frame, column: Column) -> Block:
    schema = frame.schema
    if column.field is None:
        return Absent(column.name)
    at = schema.names.index(column.field)
    if at in schema.number_positions:
        return Numbers(NUMBERS, len(schema.number_positions), (schema.number_positions.index(at),))
    if schema.fields[at].kind is Kind.TEXT:
        return Texts(column.name, schema.text_positions.index(at))
    return _codes(graph, frame, column, choice_columns(schema).index(schema.text_positions.index(at)))


def _codes(graph: Graph, frame: Frame, column: Column, position: int) -> Codes:
    """The choices of a field as codes: an empty text is missing, any other text UNSEEN."""
    texts = [choice.value for choice in frame.schema.by_name[str(column.field)].choices]
    missing = None if column.none else float("nan")
    values: list[Any] = [text if column.type == TEXT else float(text) for text in texts]
    tensor = graph.add(
        "LabelEncoder",
        graph.add("Gather", TEXTS, graph.integers(position), axis=1),
        domain=ML,
        keys_strings=[*texts, ""],
        values_int64s=list(range(len(texts) + 1)),
        default_int64=len(texts) + 1,
    )
    return Codes(tensor, (*values, missing, UNSEEN))
