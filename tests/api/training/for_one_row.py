"""What tests of the forms for one row share: models fitted to a table, and rows that tell forms apart."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.compiling.estimators import compile_exactly, compile_for_one_row
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import Frame, natural_frame
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import Rows, numbers_only, stack
from api.runtime.split_points import at_split_points
from api.schema.fields import Field, Kind, Observed
from api.schema.schema import Schema
from api.training.one_row import form_for_one

Numbers = NDArray[np.float64]
NAMES = ("a", "b", "c")


def frame(missing: bool) -> Frame:
    """Of three numbers; of the last one it is not known what was seen of it."""
    seen = (Observed(-3.0, 3.0), Observed(100.0, 120.0), None)
    return natural_frame(
        Schema(
            tuple(
                Field(name, name, Kind.NUMBER, observed=one, missing_allowed=missing)
                for name, one in zip(NAMES, seen, strict=True)
            )
        )
    )


def table(missing: bool, rows: int = 200) -> Numbers:
    """Rows with many equal values, and some missing."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(rows, 3))
    numbers = np.column_stack(
        [numbers[:, 0].round(1), 110 + 3 * numbers[:, 1].round(1), random.integers(0, 5, rows)]
    )
    if missing:
        numbers[random.random(numbers.shape) < 0.1] = np.nan
    return numbers


def fitted(estimator: Any, classes: int, *, missing: bool = False, rows: int = 200) -> Any:
    """The estimator, fitted to the table and a target of so many classes, or of values for none."""
    numbers = table(missing, rows)
    score = np.nan_to_num(numbers / [1, 3, 1]).sum(axis=1) + 2 * np.isnan(numbers[:, 0])
    score += np.random.default_rng(1).normal(0, 0.5, rows)
    if not classes:
        return estimator.fit(numbers, np.maximum(score - score.min(), 0))
    return estimator.fit(
        numbers, np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]))
    )


def ordinary(estimator: Any, own: Frame, missing: bool) -> Rows:
    """Rows of the table, rows around it, ones with gaps, and ones at what trees compare with."""
    random = np.random.default_rng(4)
    base = table(missing)
    around = np.nan_to_num(base, nan=110.0) + random.normal(0, 3, base.shape)
    parts = [base, around]
    if missing:
        gaps = around.copy()
        gaps[random.random(gaps.shape) < 0.4] = np.nan
        parts += [gaps, np.full((1, 3), np.nan)]
    rows = numbers_only(np.concatenate(parts))
    return stack([rows, *at_split_points(estimator, own, numbers_only(around))])


def far(missing: bool, size: float) -> Rows:
    """Rows far outside, in one field or in all."""
    random = np.random.default_rng(5)
    numbers = table(missing)[:60].copy()
    which = random.random(numbers.shape) < 0.5
    numbers[which] = random.choice([-size, size, size / 3], which.sum())
    return numbers_only(numbers)


def at_cuts(content: bytes) -> Rows:
    """Rows at the ends of a table's intervals and at their neighbours; none of weighted sums."""
    with np.load(io.BytesIO(content)) as file:
        if "cuts" not in file:
            return numbers_only(np.empty((0, 3)))
        fields = np.split(file["cuts"], np.cumsum(file["cuts_counts"])[:-1])
    random = np.random.default_rng(6)
    parts = []
    for field, cuts in enumerate(fields):
        for values in (cuts, np.nextafter(cuts, np.inf), np.nextafter(cuts, -np.inf)):
            rows = table(missing=False)[random.integers(0, 200, len(values))]
            rows[:, field] = values
            parts.append(rows)
    return numbers_only(np.concatenate(parts))


def form_of(estimator: Any, own: Frame, rows: Rows) -> bytes | None:
    """The file of the form that is proved equal on these rows; None where there is none."""
    content = compile_exactly(estimator, own)
    forms = partial(compile_for_one_row, estimator, own, content, OnnxModel(content).predict)
    theirs = EstimatorModel(estimator, own).predict(rows)
    found = form_for_one(forms, own.schema, content, rows, theirs)
    return None if found is None else found[1]
