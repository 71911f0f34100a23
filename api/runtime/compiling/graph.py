"""An ONNX graph under construction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from onnx import TensorProto, helper, numpy_helper

from api.runtime.choice_codes import CODES, choice_codes_to_json
from api.runtime.onnx_model import MOST_ROWS, ROWS_AT_ONCE
from api.runtime.terms import Terms
from api.runtime.word_inputs import WORDS, WordInput, word_inputs_to_json

_OPSET = 21
_ML_OPSET = 5
_IR_VERSION = 10
ML = "ai.onnx.ml"

# The largest tensor of one run: 32 MB in double precision.
_MOST_NUMBERS = 4_000_000

DOUBLE = TensorProto.DOUBLE
FLOAT = TensorProto.FLOAT
INT64 = TensorProto.INT64


class Graph:
    """Nodes and constants, each named as it is added; every tensor's first axis is the rows."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._row_size = 1
        self._words: list[WordInput] = []

    def holds(self, per_row: int) -> None:
        """Note that some tensor has this many numbers a row, so that not too many rows are run at once."""
        self._row_size = max(self._row_size, per_row)

    def words(self, column: int, terms: Terms) -> str:
        """Add an input (rows, terms), which whoever runs the graph fills from a column of texts."""
        name = f"{WORDS}_{len(self._words)}"
        self._words.append(WordInput(name, column, terms))
        self.holds(terms.count)
        return name

    def add(self, operation: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add one operation; returns the name of its output."""
        name = f"{operation}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, list(inputs), [name], domain=domain, **attributes))
        return name

    def add_two(self, operation: str, *inputs: str, **attributes: Any) -> tuple[str, str]:
        """Add one operation that has two outputs; returns their names."""
        first, second = (f"{operation}_{len(self._nodes)}_{which}" for which in ("first", "second"))
        self._nodes.append(helper.make_node(operation, list(inputs), [first, second], **attributes))
        return first, second

    def doubles(self, values: ArrayLike) -> str:
        """A constant in double precision; returns its name."""
        return self.constant(np.asarray(values, dtype=np.float64))

    def integers(self, values: ArrayLike) -> str:
        """A constant of 64-bit integers; returns its name."""
        return self.constant(np.asarray(values, dtype=np.int64))

    def constant(self, values: NDArray[Any]) -> str:
        """A constant of the array's own type; returns its name."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def to_double(self, tensor: str) -> str:
        """The tensor in double precision."""
        return self.add("Cast", tensor, to=DOUBLE)

    def first_largest(self, tensor: str) -> str:
        """(rows, k) to (rows,): the index of the first largest value of each row, as argmax has it."""
        return self.add("ArgMax", tensor, axis=1, keepdims=0)

    def flat(self, tensor: str) -> str:
        """(rows, 1) to (rows,)."""
        return self.add("Squeeze", tensor, self.integers([1]))

    def columns(self, tensor: str, picks: Sequence[int]) -> str:
        """(rows, k) to (rows, picks): the columns chosen, in that order."""
        return self.add("Gather", tensor, self.integers(picks), axis=1)

    def beside(self, tensors: Sequence[str]) -> str:
        """The columns of one or more tensors of shape (rows, …) side by side."""
        return tensors[0] if len(tensors) == 1 else self.add("Concat", *tensors, axis=1)

    def total(self, tensor: str, axis: int, keep: bool = True) -> str:
        """The sums along an axis."""
        return self.add("ReduceSum", tensor, self.integers([axis]), keepdims=int(keep))

    def build(
        self,
        inputs: Mapping[str, int],
        outputs: Mapping[str, str],
        choices: Mapping[int, Sequence[str]] | None = None,
    ) -> bytes:
        """The model's bytes.

        `inputs` maps each input's name to its number of columns, doubles; `outputs` each output's name to
        the tensor it is. `choices` are those whose codes are among the numbers.
        """
        widths = {**inputs, **{one.name: one.terms.count for one in self._words}}
        nodes = [
            *self._nodes,
            *(helper.make_node("Identity", [one], [name]) for name, one in outputs.items()),
        ]
        graph = helper.make_graph(
            nodes,
            "bouquet",
            [helper.make_tensor_value_info(name, DOUBLE, [None, width]) for name, width in widths.items()],
            [helper.make_empty_tensor_value_info(name) for name in outputs],
            self._constants,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(ML, _ML_OPSET)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="bouquet"
        )
        rows = str(max(1, min(MOST_ROWS, _MOST_NUMBERS // self._row_size)))
        props = {ROWS_AT_ONCE: rows}
        if choices:
            props[CODES] = choice_codes_to_json(choices)
        if self._words:
            props[WORDS] = word_inputs_to_json(self._words)
        helper.set_model_props(model, props)
        content: bytes = model.SerializeToString()
        return content
