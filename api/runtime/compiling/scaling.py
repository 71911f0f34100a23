"""The scalers: one subtraction, one division, as scikit-learn does them."""

from __future__ import annotations

from typing import Any

from api.runtime.compiling.blocks import Blocks, whole, width
from api.runtime.compiling.compilation import Compilation


def standard(c: Compilation, scaler: Any, blocks: Blocks) -> Blocks:
    """StandardScaler."""
    return _shift_and_divide(
        c,
        blocks,
        scaler.mean_ if scaler.with_mean else None,
        scaler.scale_ if scaler.with_std else None,
    )


def robust(c: Compilation, scaler: Any, blocks: Blocks) -> Blocks:
    """RobustScaler."""
    return _shift_and_divide(
        c,
        blocks,
        scaler.center_ if scaler.with_centering else None,
        scaler.scale_ if scaler.with_scaling else None,
    )


def largest(c: Compilation, scaler: Any, blocks: Blocks) -> Blocks:
    """MaxAbsScaler."""
    scaled = _shift_and_divide(c, blocks, None, scaler.scale_)
    return _clipped(c, scaled, (-1.0, 1.0)) if getattr(scaler, "clip", False) else scaled


def smallest_to_largest(c: Compilation, scaler: Any, blocks: Blocks) -> Blocks:
    """MinMaxScaler."""
    product = c.graph.add("Mul", c.dense(blocks), c.graph.doubles(scaler.scale_))
    scaled = [whole(c.graph.add("Add", product, c.graph.doubles(scaler.min_)), width(blocks))]
    return _clipped(c, scaled, scaler.feature_range) if scaler.clip else scaled


def _shift_and_divide(c: Compilation, blocks: Blocks, shift: Any, scale: Any) -> Blocks:
    tensor = c.dense(blocks)
    if shift is not None:
        tensor = c.graph.add("Sub", tensor, c.graph.doubles(shift))
    if scale is not None:
        tensor = c.graph.add("Div", tensor, c.graph.doubles(scale))
    return [whole(tensor, width(blocks))]


def _clipped(c: Compilation, blocks: Blocks, limits: tuple[float, float]) -> Blocks:
    low, high = (c.graph.doubles(limit) for limit in limits)
    return [whole(c.graph.add("Clip", c.dense(blocks), low, high), width(blocks))]
