"""What a model predicts, as far as its estimator and its data tell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.schema.target import Distribution, Target, TargetClass
from api.training.words import slug, spelled, title_of, unique

_BARS = 20


def classes_of(estimator: Any) -> tuple[TargetClass, ...]:
    """The classes of a classifier, with a key that differs for each; none for a regressor."""
    values = [
        one.item() if isinstance(one, np.generic) else one for one in getattr(estimator, "classes_", [])
    ]
    labels = unique(spelled(value) for value in values)
    keys = unique(slug(label) for label in labels)
    return tuple(
        TargetClass(key, label, value) for key, label, value in zip(keys, labels, values, strict=True)
    )


def target_of(estimator: Any, name: str, truth: NDArray[np.float64] | None) -> Target:
    """The target of an estimator; `truth` are a regressor's known values, NaN where they are not."""
    classes = classes_of(estimator)
    spread = None if classes or truth is None else distribution(truth)
    probabilities = not classes or hasattr(estimator, "predict_proba")
    return Target(slug(name), title_of(name), classes, spread, probabilities)


def distribution(truth: NDArray[np.float64]) -> Distribution:
    """How a regressor's target is spread: at most twenty bars of equal width."""
    known = truth[~np.isnan(truth)]
    counts, edges = np.histogram(known, bins=min(_BARS, max(1, len(np.unique(known)))))
    return Distribution(tuple(float(one) for one in edges), tuple(int(one) for one in counts))


def truth_of(estimator: Any, texts: NDArray[np.object_]) -> NDArray[np.float64]:
    """A target column's texts as class indices, or as a regressor's values; NaN where they are neither."""
    known = {
        text: float(at)
        for at, value in enumerate(getattr(estimator, "classes_", []))
        for text in _spellings(value.item() if isinstance(value, np.generic) else value)
    }
    is_classifier = hasattr(estimator, "classes_")
    truth = [known.get(text.strip(), np.nan) if is_classifier else _number(text) for text in _present(texts)]
    return np.array(truth, dtype=np.float64)


def _present(texts: NDArray[np.object_]) -> list[str]:
    return ["" if text is None else str(text) for text in texts]


def _spellings(value: Any) -> set[str]:
    """How a class may be written in a CSV file: 1 as 1 and 1.0, True as True and true."""
    written = {str(value), spelled(value)}
    if isinstance(value, int) and not isinstance(value, bool):
        written.add(f"{value}.0")
    return written


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return np.nan
    return value if np.isfinite(value) else np.nan
