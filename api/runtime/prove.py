"""The proof that a compiled model answers as its estimator does. For training only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from api.errors import NotEqual
from api.registry.card import Parity
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers, join
from api.runtime.model import Model
from api.runtime.rows import Rows, row_at
from api.schema.schema import Schema

BOUND = 1e-6

# The probe rows have to stay within this share of the bound, because other rows may be worse than they.
_MARGIN = 0.5

# So many rows at once: ONNX Runtime keeps room for as many as it was ever given.
_AT_ONCE = 500

# A refusal names the values of this many fields of the worst row.
_MOST_NAMED = 100


def prove_equal(schema: Schema, compiled: Model, rows: Rows, theirs: Answers, bound: float = BOUND) -> Parity:
    """Compare a compiled model with `theirs`, what its estimator answers for `rows`.

    Every label has to be equal and every probability within `bound`; a regressor's values within `bound`
    of their own spread over the probe rows. Returns how close they were. Raises NotEqual, which names the
    worst row, where they are not.
    """
    ours = join([compiled.predict(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)])
    scale = None
    if isinstance(theirs, ValueAnswers):
        scale = float(np.ptp(theirs.values)) or 1.0
    difference = _differences(ours, theirs, scale)
    # NaN compares false, and so would pass for small.
    worst = int(np.where(np.isnan(difference), np.inf, difference).argmax())
    if not difference[worst] <= bound * _MARGIN:
        raise NotEqual(
            f"its {'values' if scale else 'probabilities'} differ by up to {difference[worst]:.3g}"
            f"{' of their spread' if scale else ''}, too much for a bound of {bound:g}; the worst of "
            f"{len(rows)} probe rows is {_named(schema, rows, worst)}"
        )
    unequal = _other_class(ours, theirs)
    if unequal.size:
        raise NotEqual(
            f"it chooses another class on {unequal.size} of {len(rows)} probe rows; "
            f"the first is {_named(schema, rows, int(unequal[0]))}"
        )
    return Parity(len(rows), float(difference[worst]), bound, scale)


def _differences(ours: Answers, theirs: Answers, scale: float | None) -> NDArray[np.float64]:
    """How far apart the answers to each row are, of shape (rows,)."""
    if isinstance(ours, ValueAnswers) and isinstance(theirs, ValueAnswers):
        apart: NDArray[np.float64] = np.abs(ours.values - theirs.values) / (scale or 1.0)
        return apart
    if not isinstance(ours, ClassAnswers) or not isinstance(theirs, ClassAnswers):
        raise NotEqual("it answers with another kind of thing than its estimator")
    if ours.probabilities is None or theirs.probabilities is None:
        if ours.probabilities is not theirs.probabilities:
            raise NotEqual("only one of the two gives probabilities")
        return np.zeros(len(theirs))
    largest: NDArray[np.float64] = np.abs(ours.probabilities - theirs.probabilities).max(axis=1)
    return largest


def _other_class(ours: Answers, theirs: Answers) -> NDArray[np.int64]:
    """The indices of the rows that get another class; none where the answers are values."""
    if not isinstance(ours, ClassAnswers) or not isinstance(theirs, ClassAnswers):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(ours.classes != theirs.classes)


def _named(schema: Schema, rows: Rows, index: int) -> str:
    pairs = list(zip(schema.names, row_at(schema, rows, index), strict=True))
    more = f" and {len(pairs) - _MOST_NAMED} more" if len(pairs) > _MOST_NAMED else ""
    return ", ".join(f"{name}={value!r}" for name, value in pairs[:_MOST_NAMED]) + more
