"""A recipe: everything that training needs to know to make one model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.schema.schema import Schema
from api.schema.target import Target

# A scikit-learn classifier; scikit-learn carries no types.
Classifier = Any


@dataclass(frozen=True, slots=True)
class Dataset:
    """The rows to learn from: `features` of shape (rows, fields), `classes` indices of shape (rows,)."""

    features: NDArray[np.float64]
    classes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is made; `schema` is without observed ranges, which come from the training rows."""

    name: str
    title: str
    description: str
    schema: Schema
    target: Target
    load: Callable[[], Dataset]
    estimator: Callable[[], Classifier]
