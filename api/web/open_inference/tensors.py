"""Tensors: the protocol's arrays, from JSON or from binary, as NumPy arrays."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import InvalidInput
from api.predictions.column_numbers import plain_numbers
from api.web.open_inference.datatypes import ALL, BOOL, BYTES, FP64, LAYOUTS, NUMERIC
from api.web.open_inference.misfit import misfit, shown

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input: `values` has the tensor's shape.

    Of BYTES it holds `str`, None where a value is missing; of every other datatype float64, as models take
    numbers, NaN where a value is missing.
    """

    name: str
    datatype: str
    values: Floats | Texts


def tensor_of(name: str, datatype: str, shape: tuple[int, ...], data: Any) -> Tensor:
    """The tensor that `data` writes in JSON, nested or flat in row-major order; null is a missing value.

    Raises InvalidInput where the data is not of the datatype or not of the shape.
    """
    _check_datatype(name, datatype)
    values: Floats | Texts
    if datatype in NUMERIC and isinstance(data, list) and len(data) == math.prod(shape):
        plain = plain_numbers(data)
        if plain is not None:
            return Tensor(name, datatype, _held(name, datatype, plain).reshape(shape))
    flat = _flat(name, shape, data)
    types = set(map(type, flat)) - {type(None)}
    if datatype == BYTES:
        values = _texts(name, flat, types)
    elif datatype == BOOL:
        values = _booleans(name, flat, types)
    else:
        values = _numbers(name, datatype, flat, types)
    return Tensor(name, datatype, values.reshape(shape))


def tensor_of_binary(name: str, datatype: str, shape: tuple[int, ...], raw: bytes) -> Tensor:
    """The tensor that `raw` holds in the binary form of its datatype; NaN is a missing value.

    Raises InvalidInput where the bytes are not of the datatype or not as many as the shape has values.
    """
    _check_datatype(name, datatype)
    values: Floats | Texts
    if datatype == BYTES:
        values = _unpacked(name, raw)
    else:
        layout = np.dtype(LAYOUTS[datatype])
        if len(raw) % layout.itemsize:
            raise misfit(name, f"{name} has {len(raw)} bytes, which is no number of {datatype}.", datatype)
        values = np.frombuffer(raw, layout).astype(np.float64)
        if datatype == BOOL:
            values = (values != 0).astype(np.float64)
    _check_count(name, shape, len(values))
    return Tensor(name, datatype, values.reshape(shape))


def packed(texts: list[str]) -> bytes:
    """The binary form of BYTES: before each text its length in four bytes, little-endian."""
    encoded = [text.encode() for text in texts]
    return b"".join(struct.pack("<I", len(one)) + one for one in encoded)


def _check_datatype(name: str, datatype: str) -> None:
    if datatype not in ALL:
        raise misfit(name, f"{name} has the datatype {shown(datatype)}, not one of {', '.join(ALL)}.", BYTES)


def _check_count(name: str, shape: tuple[int, ...], count: int) -> None:
    if count != math.prod(shape):
        wanted = f"{math.prod(shape)} values"
        raise misfit(name, f"{name} has {count} values, and its shape {list(shape)} {wanted}.", wanted)


def _flat(name: str, shape: tuple[int, ...], data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise misfit(name, f"{name} needs data: an array of its values.", "an array")
    level = data
    if list in set(map(type, data)):
        expected = f"arrays nested as the shape {list(shape)} says"
        if not shape or len(level) != shape[0]:
            raise misfit(name, f"{name} must have {expected}.", expected)
        for size in shape[1:]:
            if any(type(one) is not list or len(one) != size for one in level):
                raise misfit(name, f"{name} must have {expected}.", expected)
            level = list(chain.from_iterable(level))
    _check_count(name, shape, len(level))
    return level


def _texts(name: str, flat: list[Any], types: set[type]) -> Texts:
    if types - {str}:
        raise misfit(name, f"{name} is of BYTES, so its data are strings.", "strings")
    values = np.empty(len(flat), dtype=np.object_)
    values[:] = flat
    return values


def _booleans(name: str, flat: list[Any], types: set[type]) -> Floats:
    if types - {bool}:
        raise misfit(name, f"{name} is of BOOL, so its data are true and false.", "true or false")
    return np.array(flat, dtype=np.float64)


def _numbers(name: str, datatype: str, flat: list[Any], types: set[type]) -> Floats:
    if types - {int, float}:
        raise misfit(name, f"{name} is of {datatype}, so its data are numbers.", "numbers")
    try:
        return _held(name, datatype, np.array(flat, dtype=np.float64))
    except OverflowError:
        raise _beyond(name, datatype) from None


def _held(name: str, datatype: str, values: Floats) -> Floats:
    """Numbers as their datatype holds them, so that a number means the same in JSON and in binary."""
    if datatype == FP64:
        return values
    given = values[np.isfinite(values)]
    if not datatype.startswith("FP"):
        limits = np.iinfo(LAYOUTS[datatype])
        if (given != np.floor(given)).any() or ((given < limits.min) | (given > limits.max)).any():
            raise _beyond(name, datatype)
        return values
    with np.errstate(over="ignore"):
        if not np.isfinite(given.astype(LAYOUTS[datatype])).all():
            raise _beyond(name, datatype)
        return values.astype(LAYOUTS[datatype]).astype(np.float64)


def _beyond(name: str, datatype: str) -> InvalidInput:
    return misfit(name, f"{name} has a number that is none of {datatype}.", f"numbers of {datatype}")


def _unpacked(name: str, raw: bytes) -> Texts:
    texts: list[str] = []
    at = 0
    try:
        while at < len(raw):
            (size,) = struct.unpack_from("<I", raw, at)
            if size > len(raw) - at - 4:
                raise ValueError("a length that goes beyond the end")
            texts.append(raw[at + 4 : at + 4 + size].decode())
            at += 4 + size
    except (struct.error, ValueError) as error:
        expected = "strings in UTF-8, each after its length in four bytes"
        raise misfit(name, f"{name} is of BYTES and must be {expected}.", expected) from error
    values = np.empty(len(texts), dtype=np.object_)
    values[:] = texts
    return values
