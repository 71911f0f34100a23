"""How good answers are by one metric: its value, its interval, its best threshold, what chance gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, roc_auc_score

from api.runtime.answers import TIE, ClassAnswers, ValueAnswers
from api.schema.target import Target
from api.training.tabular_target import Truth

_DRAWS = 1000
_POINTS = 200
# More rows than this are added up in so many groups before values are drawn again.
_GROUPS = 2000
_SMALLER_IS_BETTER = frozenset(("mean_absolute_error", "root_mean_squared_error"))
# Metrics for which the threshold is chosen by F1: they alone would take all rows, or next to none.
_BY_F1 = frozenset(("precision", "recall", "auc"))

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's value with the interval that its true value is in with 95 % confidence."""

    value: float
    low: float
    high: float


def better(metric: str, one: float, other: float) -> bool:
    """Whether one value of the metric is better than another."""
    return one < other if metric in _SMALLER_IS_BETTER else one > other


def metric_of(truth: Truth, asked: str | None) -> str:
    """The metric asked for, or the usual one."""
    return asked or ("f1" if truth.classifies else "r2")


def decided(said: Numbers, target: Target) -> ClassAnswers | ValueAnswers:
    """The answers that a service gives for what an estimator said."""
    if said.ndim == 1:
        return ValueAnswers(said)
    if target.threshold is not None:
        return ClassAnswers((said[:, 1] >= target.threshold).astype(np.int64), said)
    return ClassAnswers((said >= said.max(axis=1, keepdims=True) - TIE).argmax(axis=1), said)


def best_threshold(metric: str, truth: NDArray[Any], second: Numbers) -> float:
    """The probability of the second class from which on to answer it: where the metric is best.

    It lies halfway between two probabilities that occur, so that no answer hangs on a last digit; of equally
    good ones it is the nearest to a half.
    """
    order = np.argsort(-second, kind="stable")
    ordered, hits = second[order], truth[order] == 1
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    found = np.cumsum(hits)[ends].astype(np.float64)
    taken = (ends + 1).astype(np.float64)
    positives = float(hits.sum())
    if metric == "accuracy":
        value = (found + (len(truth) - positives) - (taken - found)) / len(truth)
    else:
        value = 2 * found / np.maximum(taken + positives, 1)
    below = np.append(ordered[ends][1:], 0.0)
    middles = (ordered[ends] + below) / 2
    good = np.flatnonzero(value >= value.max() - _as_good(len(truth)))
    chosen = float(middles[good[np.abs(middles[good] - 0.5).argmin()]])
    return min(max(chosen, TIE), 1 - TIE)


def _as_good(rows: int) -> float:
    """By how much a metric may differ on so many rows without meaning anything."""
    return min(0.01, 1.0 / rows) if rows < 10_000 else 0.0


def value_of(metric: str, truth: NDArray[Any], answers: ClassAnswers | ValueAnswers, classes: int) -> float:
    """The metric's value; of two classes it is the second one's, of more the mean over the classes."""
    if isinstance(answers, ValueAnswers):
        return _value_of_sums(metric, _sums(truth, answers.values)[None, :].sum(axis=1))
    if metric == "auc":
        return _auc(truth, answers.probabilities, classes)
    return float(_value_of_counts(metric, _counts(truth, answers, classes)[None]).item())


def score(metric: str, truth: NDArray[Any], answers: ClassAnswers | ValueAnswers, classes: int) -> Score:
    """The metric's value and interval, by drawing the rows again a thousand times."""
    value = value_of(metric, truth, answers, classes)
    random = np.random.default_rng(0)
    if isinstance(answers, ValueAnswers):
        sums = _sums(truth, answers.values)
        if len(sums) > _GROUPS:
            sums = np.add.reduceat(
                sums, np.linspace(0, len(sums), _GROUPS, endpoint=False).astype(int), axis=0
            )
        drawn = [sums[random.integers(0, len(sums), len(sums))].sum(axis=0) for _ in range(_DRAWS)]
        values = _value_of_sums_many(metric, np.array(drawn))
    elif metric == "auc":
        return _auc_interval(value, truth, answers, classes)
    else:
        # Drawing rows again is drawing the cells of the confusion matrix.
        counts = _counts(truth, answers, classes)
        cells = random.multinomial(len(truth), counts.ravel() / len(truth), _DRAWS)
        values = _value_of_counts(metric, cells.reshape(_DRAWS, classes, classes))
    low, high = np.nanquantile(values, (0.025, 0.975))
    return Score(value, float(min(low, value)), float(max(high, value)))


def chance(metric: str, truth: NDArray[Any], classes: int) -> float:
    """What the best answer that looks at no value would get."""
    if not classes:
        middle = np.median(truth) if metric == "mean_absolute_error" else np.mean(truth)
        return value_of(metric, truth, ValueAnswers(np.full(len(truth), middle, dtype=np.float64)), 0)
    if metric == "auc":
        return 0.5
    constant = []
    for one in range(classes):
        same = ClassAnswers(np.full(len(truth), one, dtype=np.int64), None)
        constant.append(value_of(metric, truth, same, classes))
    # Whoever always says yes finds every case: of recall, that is no merit.
    return 0.5 if metric == "recall" and classes == 2 else max(constant)


def confusion(truth: NDArray[Any], answers: ClassAnswers, classes: int) -> list[list[int]]:
    """Rows: what was true; columns: what was answered."""
    return [[int(one) for one in row] for row in _counts(truth, answers, classes)]


def curves(truth: NDArray[Any], second: Numbers) -> dict[str, list[list[float]]]:
    """The curves of two classes, at most 200 points each: ROC, and precision over recall.

    `truth` (rows,) is 1 or True where it is the class of which `second` (rows,) are the probabilities.
    """
    order = np.argsort(-second, kind="stable")
    hits = truth[order] == 1
    ends = np.flatnonzero(np.append(second[order][1:] != second[order][:-1], True))
    found, taken = np.cumsum(hits)[ends], ends + 1
    positives, negatives = max(1, int(hits.sum())), max(1, int((~hits).sum()))
    roc = np.column_stack([(taken - found) / negatives, found / positives])
    ratio = np.column_stack([found / positives, found / taken])
    return {
        "roc": [[0.0, 0.0], *_thinned(roc, _POINTS - 1)],
        "precision_recall": _thinned(ratio, _POINTS),
    }


def _thinned(points: Numbers, most: int) -> list[list[float]]:
    """At most so many of the points, evenly along the curve."""
    if len(points) > most:
        along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(points, axis=0)).sum(axis=1))])
        wanted = np.linspace(0, along[-1], most)
        points = points[np.unique(np.searchsorted(along, wanted).clip(0, len(points) - 1))]
    return [[round(float(x), 5), round(float(y), 5)] for x, y in points]


def _counts(truth: NDArray[Any], answers: ClassAnswers, classes: int) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = confusion_matrix(truth, answers.classes, labels=np.arange(classes))
    return counts


def _value_of_counts(metric: str, counts: NDArray[np.int64]) -> Numbers:
    """The metric of confusion matrices (draws, classes, classes)."""
    right = np.einsum("dii->di", counts).astype(np.float64)
    if metric == "accuracy":
        whole: Numbers = right.sum(axis=1) / counts.sum(axis=(1, 2))
        return whole
    true, answered = counts.sum(axis=2), counts.sum(axis=1)
    if metric == "precision":
        each = right / np.maximum(answered, 1)
    elif metric == "recall":
        each = right / np.maximum(true, 1)
    else:
        each = 2 * right / np.maximum(true + answered, 1)
    mean: Numbers = each[:, 1] if counts.shape[1] == 2 else each.mean(axis=1)
    return mean


def _auc(truth: NDArray[Any], probabilities: Numbers | None, classes: int) -> float:
    if probabilities is None or len(np.unique(truth)) < classes:
        return float("nan")
    given = probabilities[:, 1] if classes == 2 else probabilities
    return float(roc_auc_score(truth, given, multi_class="ovr", average="macro"))


def _auc_interval(value: float, truth: NDArray[Any], answers: ClassAnswers, classes: int) -> Score:
    """By Hanley and McNeil's formula for the spread of an area, with the rarest class against the others."""
    counts = np.bincount(truth.astype(np.int64), minlength=classes)
    first, others = int(counts.min()), int(len(truth) - counts.min())
    if not first or np.isnan(value):
        return Score(value, value, value)
    q1, q2 = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (first - 1) * (q1 - value**2) + (others - 1) * (q2 - value**2)
    wide = 1.96 * float(np.sqrt(max(spread, 0.0) / (first * others)))
    return Score(value, max(0.0, value - wide), min(1.0, value + wide))


def _sums(truth: NDArray[Any], values: Numbers) -> Numbers:
    """For each row what the metrics of numbers are made of: 1, error², |error|, value, value²."""
    error, centred = values - truth, truth - truth.mean()
    return np.column_stack([np.ones(len(truth)), error**2, np.abs(error), centred, centred**2])


def _value_of_sums(metric: str, sums: Numbers) -> float:
    return float(_value_of_sums_many(metric, sums).item())


def _value_of_sums_many(metric: str, sums: Numbers) -> Numbers:
    rows, squares, absolutes, total, spread = sums.T
    if metric == "mean_absolute_error":
        return np.asarray(absolutes / rows)
    if metric == "root_mean_squared_error":
        return np.asarray(np.sqrt(squares / rows))
    variance = np.maximum(spread - total**2 / rows, np.finfo(np.float64).tiny)
    return np.asarray(1 - squares / variance)


def interval_of_auc(truth: NDArray[Any], answers: ClassAnswers, classes: int) -> Score:
    """The area under the curve with its interval."""
    return _auc_interval(_auc(truth, answers.probabilities, classes), truth, answers, classes)


def by_f1(metric: str) -> str:
    """The metric that a threshold is chosen by."""
    return "f1" if metric in _BY_F1 else metric
