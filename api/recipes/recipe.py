"""A recipe: everything that training needs to know to make one model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.schema.schema import Schema
from api.schema.target import Target

# A scikit-learn classifier or regressor; scikit-learn carries no types.
Estimator = Any


@dataclass(frozen=True, slots=True)
class Dataset:
    """The rows to learn from.

    `numbers` (rows, k) and `texts` (rows, m) hold the schema's number and text fields in its order, NaN and
    None where missing; `texts` is None for a schema without any. `truth` (rows,) is the index of each row's
    class, or the value that a regressor is to predict.
    """

    numbers: NDArray[np.float64]
    truth: NDArray[Any]
    texts: NDArray[np.object_] | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is made; `schema` is without observed ranges, which come from the training rows.

    A `target` with classes makes it a classifier, one without a regressor.
    """

    name: str
    title: str
    description: str
    schema: Schema
    target: Target
    load: Callable[[], Dataset]
    estimator: Callable[[], Estimator]
