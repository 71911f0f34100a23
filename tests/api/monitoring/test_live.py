"""Figures in use: the same numbers as scikit-learn's."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    mean_absolute_error,
    median_absolute_error,
    precision_score,
    r2_score,
    recall_score,
    roc_auc_score,
    root_mean_squared_error,
)

from api.monitoring.live import area, class_figures, regression_figures
from api.storage.feedback import Told

labels = st.sampled_from(["no", "yes"])
kinds = st.sampled_from(["a", "b", "c"])
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


def told(answer: str | float, truth: str | float, score: float | None = None) -> Told:
    """A row that somebody told of."""
    return Told("id", 0, "model", "1", answer, truth, score, "2026-01-01T00:00:00.000000Z", "ada")


@given(st.lists(st.tuples(labels, labels), min_size=1), st.sampled_from(["yes", None]))
def test_figures_of_two_classes(pairs: list[tuple[str, str]], positive: str | None) -> None:
    """Of the positive class, or means over the classes that came up."""
    answers, truths = zip(*pairs, strict=True)
    how = {"average": "macro"} if positive is None else {"pos_label": positive}
    figures = class_figures(Counter(pairs), None, positive)
    for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        expected = score(truths, answers, zero_division=0, **how)
        assert getattr(figures, name) == pytest.approx(expected, abs=1e-12)
    assert figures.accuracy == pytest.approx(accuracy_score(truths, answers))


@given(st.lists(st.tuples(kinds, kinds), min_size=1))
def test_figures_of_several_classes(pairs: list[tuple[str, str]]) -> None:
    """Means over the classes that came up, in answers or in truth."""
    answers, truths = zip(*pairs, strict=True)
    figures = class_figures(Counter(pairs), None, None)
    assert figures.precision == pytest.approx(
        precision_score(truths, answers, average="macro", zero_division=0), abs=1e-12
    )
    assert figures.f1 == pytest.approx(f1_score(truths, answers, average="macro", zero_division=0), abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), labels), min_size=1))
def test_the_area_under_the_curve(pairs: list[tuple[float, str]]) -> None:
    """Equal scores count half; with one class only there is none."""
    rows = [told("no", truth, score) for score, truth in pairs]
    truths = [truth == "yes" for _, truth in pairs]
    found = area(rows, "yes")
    if len(set(truths)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(roc_auc_score(truths, [score for score, _ in pairs]))


def test_without_scores_there_is_no_area() -> None:
    """A model that gives no probabilities has none to rank by."""
    assert area([told("no", "yes"), told("yes", "no", 0.5)], "yes") is None


@given(st.lists(st.tuples(numbers, numbers), min_size=2))
def test_figures_of_a_regressor(pairs: list[tuple[float, float]]) -> None:
    """Also where all values are the same."""
    answers, truths = zip(*pairs, strict=True)
    figures = regression_figures([told(answer, truth) for answer, truth in pairs])
    assert figures is not None
    assert figures.mean_absolute_error == pytest.approx(mean_absolute_error(truths, answers))
    assert figures.median_absolute_error == pytest.approx(median_absolute_error(truths, answers))
    assert figures.root_mean_squared_error == pytest.approx(root_mean_squared_error(truths, answers))
    if len(set(truths)) == 1 or max(truths) - min(truths) > 1e-3:
        assert figures.r2 == pytest.approx(r2_score(truths, answers), rel=1e-6, abs=1e-9)


def test_of_no_rows_there_are_no_figures() -> None:
    """None, not zeros."""
    assert regression_figures([]) is None
