"""The beginning of a graph: the columns that an estimator takes, from the input that rows come in."""

from __future__ import annotations

from typing import Any

from api.runtime.compiling.blocks import UNSEEN, Absent, Block, Codes, Numbers, Texts
from api.runtime.compiling.graph import INT64, Graph
from api.runtime.frame import TEXT, Column, Frame
from api.runtime.onnx_model import NUMBERS
from api.schema.fields import Kind
from api.schema.schema import Schema


def input_blocks(graph: Graph, frame: Frame) -> list[Block]:
    """A block for each column of the frame, in order."""
    return [_block(graph, frame, column) for column in frame.columns]


def coded_choices(schema: Schema) -> dict[int, list[str]]:
    """Which of the columns of texts are choices, which go into a graph as codes, and what can be chosen."""
    fields = [schema.fields[at] for at in schema.text_positions]
    return {
        column: [choice.value for choice in field.choices]
        for column, field in enumerate(fields)
        if field.kind is Kind.CHOICE
    }


def numbers_width(schema: Schema) -> int:
    """How many columns a graph's numbers have: the numbers of a row, and the codes of its choices."""
    return len(schema.number_positions) + len(coded_choices(schema))


def _block(graph: Graph, frame: Frame, column: Column) -> Block:
    schema = frame.schema
    if column.field is None:
        return Absent(column.name)
    at = schema.names.index(column.field)
    if at in schema.number_positions:
        return Numbers(NUMBERS, numbers_width(schema), (schema.number_positions.index(at),))
    place = schema.text_positions.index(at)
    if schema.fields[at].kind is Kind.TEXT:
        return Texts(column.name, place)
    return _codes(graph, schema, column, place)


def _codes(graph: Graph, schema: Schema, column: Column, place: int) -> Codes:
    """The codes of a field, as `choice_codes` has them: its choices, then a missing one, then any other."""
    coded = coded_choices(schema)
    position = len(schema.number_positions) + list(coded).index(place)
    missing = None if column.none else float("nan")
    values: list[Any] = [text if column.type == TEXT else float(text) for text in coded[place]]
    tensor = graph.add("Cast", graph.add("Gather", NUMBERS, graph.integers(position), axis=1), to=INT64)
    return Codes(tensor, (*values, missing, UNSEEN))
