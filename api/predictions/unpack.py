"""Packed lines read: the columns that they hold, as the JSON that the database keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import isnan
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from api.predictions.column_texts import column_json
from api.predictions.pack import CLASSES, ESCAPE, ESCAPED, FLOATS
from api.schema.fields import Kind

# Whole numbers up to here are the same as integers and as floating-point numbers.
_EXACT = 2.0**53
# The longest labels that are written by copying them side by side.
_SHORT = 40
_TEXTS = frozenset({Kind.CHOICE, Kind.TEXT})
_LAYOUTS = frozenset({FLOATS, *CLASSES.values()})
# The byte that each escape stands for, by the byte after the escape; 0 is none.
_MEANT = np.zeros(256, dtype=np.uint8)
for _byte, _escaped in ESCAPED.items():
    _MEANT[_escaped[1]] = _byte[0]

# Id, first row, rows, time, seconds, user, route, model and version.
Head = tuple[str, int, int, float, float, str, str, str, str]

_json = json.JSONEncoder(separators=(",", ":")).encode


def unpacked(line: bytes) -> tuple[Head, str, str, str | None]:
    """The head of a packed line, and its inputs, answers and probabilities, None where there are none.

    The texts are ASCII. Raises ValueError, TypeError or OverflowError where the line is no such.
    """
    try:
        return _unpacked(line)
    except (LookupError, AttributeError) as error:
        raise ValueError(f"a packed record is damaged: {error!r}") from error


def _unpacked(line: bytes) -> tuple[Head, str, str, str | None]:
    about, tab, rest = line.partition(b"\t")
    if not (tab and about.isascii() and rest.endswith(b"\n")):
        raise ValueError("a packed record has two parts, and this line has not")
    told = _read(about)
    head, labels, shares, layout = told["head"], told["labels"], told["shares"], told["answers"]
    if layout not in _LAYOUTS:
        raise ValueError(f"a packed record has no answers of the layout {layout!r}")
    fields = [(name, Kind(kind)) for name, kind in told["fields"]]
    kinds = [kind for _, kind in fields if kind not in _TEXTS]
    content = _Content(_unescaped(rest[:-1]))
    rows = head[2]
    if rows < 1 or shares < 0:
        raise ValueError(f"a packed record has no {rows} rows of {shares} probabilities")
    numbers = content.next(FLOATS, rows * len(kinds)).reshape(rows, len(kinds))
    probabilities = content.next(FLOATS, rows * shares).reshape(rows, shares)
    given = content.next(layout, rows)
    written = iter(_number_columns(kinds, numbers))
    texts = iter(_text_columns(content.rest, len(fields) - len(kinds)))
    columns = [next(texts if kind in _TEXTS else written) for _, kind in fields]
    answers = column_json(given) if layout == FLOATS else _labels_json(labels, given)
    inputs = _object([name for name, _ in fields], columns)
    if not shares:
        return head, inputs, answers.decode("ascii"), None
    rounded = np.ascontiguousarray(np.round(probabilities, told["decimals"]).T)
    return head, inputs, answers.decode("ascii"), _object(labels, [column_json(one) for one in rounded])


def _read(text: bytes) -> dict[str, Any]:
    read: dict[str, Any]
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        # A name may have characters that are none elsewhere.
        read = json.loads(text)
    return read


class _Content:
    """The bytes of a line, taken piece by piece."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def next(self, layout: str, count: int) -> NDArray[Any]:
        """So many numbers of a layout; raises ValueError where there are fewer."""
        values: NDArray[Any] = np.frombuffer(self._content, layout, count, self._at)
        self._at += values.nbytes
        return values

    @property
    def rest(self) -> bytes:
        """What has not been taken."""
        return self._content[self._at :]


def _unescaped(content: bytes) -> bytes:
    if ESCAPE not in content:
        return content
    given = np.frombuffer(content, dtype=np.uint8)
    at = np.flatnonzero(given == ESCAPE[0])
    meant = _MEANT[given[at + 1]]
    if not meant.all():
        raise ValueError("a packed record has an escape that is none")
    kept = np.delete(given, at + 1)
    # Each stands so many places further ahead as there are escapes before it.
    kept[at - np.arange(len(at))] = meant
    return kept.tobytes()


def _number_columns(kinds: Sequence[Kind], numbers: NDArray[np.float64]) -> Iterator[bytes]:
    return (numbers_json(*one) for one in zip(kinds, np.ascontiguousarray(numbers.T), strict=True))


def _text_columns(given: bytes, count: int) -> list[bytes]:
    columns = given.split(b"\t") if count else []
    if len(columns) != count or (given and not count):
        raise ValueError(f"a packed record has {count} columns of texts, and this line others")
    # What has to be written otherwise to be ASCII is written as Python does it.
    return [one if one.isascii() else _json(orjson.loads(one)).encode() for one in columns]


def numbers_json(kind: Kind, values: NDArray[np.float64]) -> bytes:
    """A column of a field's numbers as a JSON array, whole numbers and booleans as such; NaN is null."""
    if kind is Kind.NUMBER:
        return column_json(values)
    missing = np.isnan(values)
    given, complete = np.where(missing, 0, values), not missing.any()
    whole = bool((given == np.floor(given)).all())
    # Beyond that they are too large for an integer type.
    if not (np.abs(given) <= _EXACT).all() or (not complete and not whole):
        return _json(number_column(kind, values)).encode()
    if kind is Kind.INTEGER and not whole:
        return column_json(values)
    plain = given.astype(np.int64) if kind is Kind.INTEGER else given != 0
    if complete:
        return column_json(plain)
    listed = plain.tolist()
    for row in np.flatnonzero(missing).tolist():
        listed[row] = None
    return column_json(listed)


def number_column(kind: Kind, values: NDArray[np.float64]) -> list[Any]:
    """A column of a field's numbers as JSON has them; None is missing."""
    given: list[Any] = values.tolist()
    # A missing value is a NaN.
    if kind is Kind.INTEGER:
        given = [int(one) if one.is_integer() else one for one in given]
    elif kind is Kind.BOOLEAN:
        given = [one if isnan(one) else one != 0 for one in given]
    missing = np.isnan(values)
    if missing.any():
        given = [None if gone else one for one, gone in zip(given, missing.tolist(), strict=True)]
    return given


def _labels_json(labels: Sequence[str], classes: NDArray[np.unsignedinteger[Any]]) -> bytes:
    if all(one.isascii() and len(one) <= _SHORT for one in labels):
        quoted = np.array([column_json([one])[1:-1] + b"," for one in labels])
        # Shorter ones are filled up with a byte that no JSON has.
        return b"[%b]" % quoted[classes].tobytes().translate(None, b"\0")[:-1]
    texts = [labels[index] for index in classes.tolist()]
    given = column_json(texts)
    return given if given.isascii() else _json(texts).encode()


def _object(names: Sequence[str], values: Sequence[bytes]) -> str:
    members = [_json(name).encode() + b":" + value for name, value in zip(names, values, strict=True)]
    return (b"{" + b",".join(members) + b"}").decode("ascii")
