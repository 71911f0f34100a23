"""A transformer that calculates features from columns by formulas which are written down, not programmed.

So a formula can be kept in a file, read by people, and compiled: `api/runtime/compiling/formulas.py` has the
same operations. Each is exact or rounds once, in double precision, so that both give the same to the last
bit: a logarithm would not, and trees split where it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

# A column's name, a number, or an operation followed by the formulas that it takes.
Formula = Any
_Column = NDArray[np.float64]

# The powers of two up to the largest number that a field takes.
POWERS = 2.0 ** np.arange(128)
# By how many of the powers are not above a number: the largest of them, and which one it is.
SCALES = np.append(1.0, POWERS)
OFFSETS = np.append(0.0, np.arange(128.0))


class Formulas(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """Calculates one feature for each of `formulas` (name, formula) from columns named `columns`, in order.

    The operations, of numbers a and b, where a missing one is NaN and makes the result NaN if not said
    otherwise: `minus` a - b; `smaller` of two; `size`, the absolute value; `cents`, rounded to two decimals;
    `remainder` of a / b; `share` a / the larger of a and b, 0 where a is not above 0; `at_least` 1 where
    a >= b, else 0, also where one is missing; `known` 0 where it is missing, else 1; `filled` a, or b where
    a is missing; `magnitude`, a logarithm to the base 2 with straight lines between the powers of two, that
    keeps the sign and goes through 0.
    """

    def __init__(self, columns: tuple[str, ...], formulas: tuple[tuple[str, Formula], ...]) -> None:
        self.columns = columns
        self.formulas = formulas

    def fit(self, table: Any, truth: Any = None) -> Formulas:
        """Learn nothing; raises ValueError where the table has another number of columns."""
        if np.shape(table)[1] != len(self.columns):
            raise ValueError(f"formulas of {len(self.columns)} columns were given {np.shape(table)[1]}")
        self.n_features_in_ = len(self.columns)
        return self

    def transform(self, table: Any) -> NDArray[np.float64]:
        """The features, of shape (rows, formulas)."""
        values = np.asarray(table, dtype=np.float64)
        columns = {name: values[:, at] for at, name in enumerate(self.columns)}
        return np.column_stack([calculated(formula, columns) for _, formula in self.formulas])

    def get_feature_names_out(self, given: Any = None) -> NDArray[np.object_]:
        """The features' names."""
        return np.array([name for name, _ in self.formulas], dtype=np.object_)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "n_features_in_")


def calculated(formula: Formula, columns: dict[str, _Column]) -> _Column:
    """The values of a formula, of shape (rows,)."""
    if isinstance(formula, str):
        return columns[formula]
    if isinstance(formula, int | float):
        return np.full(len(next(iter(columns.values()))), float(formula))
    operation, *given = formula
    with np.errstate(all="ignore"):
        result: _Column = OPERATIONS[operation](*[calculated(one, columns) for one in given])
    return result


def names_in(formula: Formula) -> set[str]:
    """The columns that a formula is of."""
    if isinstance(formula, str):
        return {formula}
    return set().union(*map(names_in, formula[1:])) if isinstance(formula, tuple | list) else set()


def _smaller(a: _Column, b: _Column) -> _Column:
    smaller: _Column = np.where(np.isnan(a) | (a < b), a, b)
    return smaller


def _cents(a: _Column) -> _Column:
    rounded: _Column = np.rint(a * 100.0) / 100.0
    return rounded


def _filled(a: _Column, b: _Column) -> _Column:
    filled: _Column = np.where(np.isnan(a), b, a)
    return filled


def _share(a: _Column, b: _Column) -> _Column:
    larger = np.where(a > b, a, b)
    # A missing b would be passed over by the comparison.
    larger = np.where(np.isnan(b) | np.isnan(a), np.nan, larger)
    share: _Column = np.where(larger <= 0, 0.0, np.where(a > 0, a, 0.0) / larger)
    return share


def _magnitude(a: _Column) -> _Column:
    size = np.abs(a)
    count = np.searchsorted(POWERS, size, side="right")
    grown = size / SCALES[count] + OFFSETS[count]
    signed: _Column = np.where(a < 0, -grown, grown)
    return signed


OPERATIONS: dict[str, Callable[..., _Column]] = {
    "minus": np.subtract,
    "smaller": _smaller,
    "size": np.abs,
    "cents": _cents,
    "remainder": np.fmod,
    "share": _share,
    "at_least": lambda a, b: (a >= b).astype(np.float64),
    "known": lambda a: (~np.isnan(a)).astype(np.float64),
    "filled": _filled,
    "magnitude": _magnitude,
}
