"""A compiled model as a function of the numbers that it takes, whatever it calls its outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.compiling.inputs import coded_choices
from api.runtime.onnx_model import NUMBERS
from api.schema.fields import Field
from api.schema.schema import Schema

# Every number field takes finite values of up to this magnitude.
LARGEST = float(np.finfo(np.float32).max)

# From (rows, columns) of numbers and codes to the outputs, (rows, …) each.
Asked = Callable[[NDArray[np.float64]], Sequence[NDArray[Any]]]


def asked(content: bytes, outputs: Sequence[str]) -> Asked:
    """What gives the outputs of a compiled model; raises CannotCompile where it takes more than numbers."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    if [one.name for one in session.get_inputs()] != [NUMBERS]:
        raise CannotCompile("it takes something else than numbers")
    return lambda rows: session.run(list(outputs), {NUMBERS: rows})


def number_fields(schema: Schema) -> list[Field]:
    """The fields that are numbers, in the order of a model's columns."""
    return [schema.fields[at] for at in schema.number_positions]


def code_counts(schema: Schema) -> list[int]:
    """How many codes each of the columns after the numbers has: its choices, a missing one, any other."""
    return [len(choices) + 2 for choices in coded_choices(schema).values()]
