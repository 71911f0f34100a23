"""When a version was made, and with which libraries."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

_LIBRARIES = ("scikit-learn", "skl2onnx", "onnx", "onnxruntime", "numpy", "skops", "pandas")


def libraries() -> dict[str, str]:
    """The version of every library that a model's answers depend on."""
    return {name: version(name) for name in _LIBRARIES}


def now() -> str:
    """The time in UTC, in ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
