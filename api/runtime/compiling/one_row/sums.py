"""A model that adds up what each of its fields says: what that is, found by changing one field at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.choice_codes import CODES, choice_codes_to_json
from api.runtime.compiling.inputs import coded_choices
from api.runtime.compiling.one_row.asking import Asked, asked, code_counts, number_fields
from api.runtime.one_row.form import to_bytes
from api.schema.fields import Field, Kind
from api.schema.schema import Schema

# The output that holds a model's sums: (rows,) or (rows, classes).
SUMS = "sums"


def links(classifier: bool, without_probabilities: bool) -> list[str]:
    """What may become of the sums, by its name in `api.runtime.one_row.sums`."""
    if not classifier:
        return ["value", "exponential"]
    return ["largest"] if without_probabilities else ["sigmoid", "softmax", "each"]


def sums(content: bytes, schema: Schema, names: Sequence[str]) -> Iterator[bytes]:
    """A form for each of the links, of a model whose output is SUMS; raises CannotCompile."""
    ask = asked(content, [SUMS])
    codes = choice_codes_to_json(coded_choices(schema))
    for name in names:
        arrays = _parts(ask, schema, logarithm=name == "exponential")
        width = len(arrays["start"])
        # One sum for two classes, or one for each of them.
        if (name == "sigmoid" and width != 1) or (name in ("softmax", "each") and width == 1):
            continue
        if all(np.isfinite(arrays[one]).all() for one in ("start", "weights")):
            yield to_bytes(arrays | {CODES: np.array(codes), "link": np.array(name)})


def _parts(ask: Asked, schema: Schema, *, logarithm: bool) -> dict[str, NDArray[Any]]:
    fields, counts = number_fields(schema), code_counts(schema)
    if not fields and not counts:
        raise CannotCompile("it takes no fields")
    zeros = np.zeros(len(fields) + len(counts))
    low, high = np.array([_ends(one) for one in fields]).reshape(-1, 2).T
    numbers = range(len(fields))
    rows = [zeros]
    rows += [_with(zeros, at, low[at]) for at in numbers] + [_with(zeros, at, high[at]) for at in numbers]
    rows += [_with(zeros, at, np.nan) for at in numbers]
    for column, count in enumerate(counts, len(fields)):
        rows += [_with(zeros, column, code) for code in range(count)]
    found = np.asarray(ask(np.array(rows))[0], dtype=np.float64).reshape(len(rows), -1)
    with np.errstate(all="ignore"):
        found = np.log(found) if logarithm else found
        start, ends = found[0], 1 + np.arange(4) * len(fields)
        at_low, at_high, missing = (found[ends[at] : ends[at + 1]] for at in range(3))
        weights = (at_high - at_low) / (high - low)[:, None] if fields else np.empty((0, len(start)))
        allowed = np.array([one.missing_allowed for one in fields], dtype=bool)
        gaps = np.where(allowed[:, None], missing - start, np.nan) if fields else weights
        return {"start": start, "weights": weights, "gaps": gaps, "tables": found[ends[3] :] - start}


def _ends(field: Field) -> tuple[float, float]:
    """Two values between which a field's weight is measured, about as far apart as those it has seen."""
    if field.kind is Kind.BOOLEAN or field.observed is None:
        return 0.0, 1.0
    reach = max(abs(field.observed.minimum), abs(field.observed.maximum)) or 1.0
    return -reach, reach


def _with(row: NDArray[np.float64], column: int, value: float) -> NDArray[np.float64]:
    other = row.copy()
    other[column] = value
    return other
