"""The smallest model there is, for what ONNX Runtime makes with its first session and keeps.

Its list of all kernels takes megabytes: made by the process that others are forked off, it is shared by them.
"""

from __future__ import annotations

from api.runtime.onnx_model import OnnxModel


def _part(number: int, content: bytes) -> bytes:
    """A field of a message in protobuf's form, of less than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def _number(number: int, value: int) -> bytes:
    """A field of a message that is a number from 0 to 127."""
    return bytes([number << 3, value])


def _matrix(name: bytes) -> bytes:
    """What is declared of a matrix of one number in double precision."""
    one = _part(1, _number(1, 1))
    return _part(1, name) + _part(2, _part(1, _number(1, 11) + _part(2, one + one)))


def _model() -> bytes:
    """An ONNX model that answers with the one number that it is given."""
    node = _part(1, b"numbers") + _part(2, b"values") + _part(4, b"Identity")
    graph = _part(1, node) + _part(2, b"first")
    graph += _part(11, _matrix(b"numbers")) + _part(12, _matrix(b"values"))
    return _number(1, 8) + _part(7, graph) + _part(8, _part(1, b"") + _number(2, 17))


def load_first_model() -> None:
    """Load it, run it and let go of it; it leaves no thread behind."""
    OnnxModel(_model()).predict_one([0.0], [])
