"""From a fitted estimator to a compiled model. For training only: imports the converter."""

from __future__ import annotations

from typing import Any

from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType

from api.runtime.onnx_model import NUMBERS


def compile_to_onnx(estimator: Any, fields: int) -> bytes:
    """Compile a fitted classifier over `fields` numbers to ONNX, with single-precision input.

    Single precision is what scikit-learn's tree models compare in; in double precision the compiled
    trees give other answers near their thresholds.
    """
    model = to_onnx(
        estimator,
        initial_types=[(NUMBERS, FloatTensorType([None, fields]))],
        options={"zipmap": False},
    )
    content: bytes = model.SerializeToString()
    return content
