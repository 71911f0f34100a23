"""The compilers, in the order in which they are tried. For training only: imports converters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import onnx
from onnx import helper

from api.errors import CannotCompile
from api.runtime.answers import Answers
from api.runtime.compiling.estimators import compile_exactly, compile_for_many_rows, compile_for_one_row
from api.runtime.frame import Frame
from api.runtime.onnx_model import NUMBERS, PROBABILITIES, VALUES
from api.runtime.rows import Rows

# Makes an ONNX model of a fitted estimator that takes the frame, or raises CannotCompile.
Compiler = Callable[[Any, Frame], bytes]


def compile_with_skl2onnx(estimator: Any, frame: Frame) -> bytes:
    """Compile with the public converter, for estimators that our own has no converter for.

    It takes numbers in single precision, which is what its tree models compare in.
    """
    if frame.schema.text_positions or [one.field for one in frame.columns] != list(frame.schema.names):
        raise CannotCompile("it takes texts, or leaves columns out")
    classifier = hasattr(estimator, "classes_")
    if classifier and not hasattr(estimator, "predict_proba"):
        raise CannotCompile("it gives no probabilities")
    # Few models need it, and its converters are many.
    from skl2onnx import to_onnx  # noqa: PLC0415 (see above)
    from skl2onnx.common.data_types import FloatTensorType  # noqa: PLC0415 (see above)

    initial = [(NUMBERS, FloatTensorType([None, len(frame.schema.fields)]))]
    try:
        model = to_onnx(estimator, initial_types=initial, options={"zipmap": False} if classifier else None)
    # Its converters raise whatever comes.
    except Exception as error:
        raise CannotCompile(f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}") from error
    return _renamed(model, PROBABILITIES if classifier else VALUES)


def _renamed(model: Any, name: str) -> bytes:
    """The model with its last output alone, named as ours are; a regressor's (rows, 1) is made flat."""
    graph = model.graph
    last = graph.output[-1].name
    given = f"{last}_given"
    for node in graph.node:
        for at, output in enumerate(node.output):
            node.output[at] = given if output == last else output
        for at, used in enumerate(node.input):
            node.input[at] = given if used == last else used
    if name == VALUES:
        graph.initializer.append(helper.make_tensor("flat_shape", onnx.TensorProto.INT64, [1], [-1]))
        graph.node.append(helper.make_node("Reshape", [given, "flat_shape"], [name]))
    else:
        graph.node.append(helper.make_node("Identity", [given], [name]))
    del graph.output[:]
    graph.output.append(helper.make_empty_tensor_value_info(name))
    content: bytes = model.SerializeToString()
    return content


# Makes another form of the same model for many rows, None where it has none; it raises CannotCompile.
CompilerForMany = Callable[[Any, Frame], bytes | None]

# Makes forms of the same model for one row, the best first, from what was compiled and what that answers; it
# raises CannotCompile.
CompilerForOne = Callable[[Any, Frame, bytes, Callable[[Rows], Answers]], Iterator[bytes]]

COMPILERS_FOR_MANY: dict[str, CompilerForMany] = {"bouquet": compile_for_many_rows}
COMPILERS_FOR_ONE: dict[str, CompilerForOne] = {"bouquet": compile_for_one_row}
COMPILERS: dict[str, Compiler] = {"bouquet": compile_exactly, "skl2onnx": compile_with_skl2onnx}
