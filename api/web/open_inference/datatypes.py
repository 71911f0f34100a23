"""The protocol's datatypes: which there are, and which one a field's values have."""

from __future__ import annotations

from api.schema.fields import Kind

BOOL = "BOOL"
BYTES = "BYTES"
FP64 = "FP64"
INT64 = "INT64"

# How each is laid out in binary, as NumPy writes it: little-endian. BYTES has a form of its own.
LAYOUTS: dict[str, str] = {
    BOOL: "|u1",
    "UINT8": "|u1",
    "UINT16": "<u2",
    "UINT32": "<u4",
    "UINT64": "<u8",
    "INT8": "|i1",
    "INT16": "<i2",
    "INT32": "<i4",
    INT64: "<i8",
    "FP16": "<f2",
    "FP32": "<f4",
    FP64: "<f8",
}
NUMERIC = frozenset(LAYOUTS) - {BOOL}
ALL = (*LAYOUTS, BYTES)

# What a model's metadata says of a field; a caller may send any datatype that holds the same values.
OF_KIND = {
    Kind.NUMBER: FP64,
    Kind.INTEGER: INT64,
    Kind.BOOLEAN: BOOL,
    Kind.CHOICE: BYTES,
    Kind.TEXT: BYTES,
}
