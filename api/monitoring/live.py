"""The figures of a version in use: its answers beside what turned out to be true of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.registry.card import Card
from api.registry.figures import MACRO, AnyFigures, Figures, RegressionFigures
from api.storage.feedback import Feedback, Told

# Of how many rows, the newest, figures are made that need each row and not only counts.
MOST = 10_000

Pairs = Mapping[tuple[str | float, str | float], int]


@dataclass(frozen=True, slots=True)
class InUse:
    """Of how many rows the truth is known, and the figures on them; None while there are none.

    The figures are what they are on a card, and `seconds` is None. A regressor's, and the AUC of two classes,
    are those of the newest `MOST` rows.
    """

    rows: int
    figures: AnyFigures | None


def in_use(card: Card, feedback: Feedback) -> InUse:
    """The figures of a version in use; raises StorageUnavailable."""
    named = (card.name, card.version)
    counts = feedback.counts(*named)
    rows = sum(counts.values())
    if not rows:
        return InUse(0, None)
    if not card.target.classes:
        return InUse(rows, regression_figures(feedback.newest(*named, MOST)))
    positive = _positive(card)
    two = len(card.target.classes) == 2
    scored = feedback.newest(*named, MOST) if two else []
    auc = area(scored, card.target.classes[1].label) if two else None
    return InUse(rows, class_figures(counts, auc, positive))


def class_figures(counts: Pairs, auc: float | None, positive: str | None) -> Figures:
    """The figures of pairs of answer and truth, counted; `positive` as for `Figures.average`."""
    answered, true, right = Counter[str | float](), Counter[str | float](), Counter[str | float]()
    for (answer, truth), count in counts.items():
        answered[answer] += count
        true[truth] += count
        if answer == truth:
            right[answer] += count
    labels = sorted(set(answered) | set(true), key=str) if positive is None else [positive]
    precisions = [_share(right[one], answered[one]) for one in labels]
    recalls = [_share(right[one], true[one]) for one in labels]
    f1s = [_share(2 * right[one], answered[one] + true[one]) for one in labels]
    return Figures(
        precision=_mean(precisions),
        recall=_mean(recalls),
        accuracy=_share(right.total(), answered.total()),
        auc=auc,
        f1=_mean(f1s),
        seconds=None,
        average=positive or MACRO,
    )


def area(told: Sequence[Told], positive: str) -> float | None:
    """The area under the ROC curve of two classes: how often a row of the positive class scored higher.

    None where a score is missing or only one class has come up.
    """
    scores = sorted((one.score, one.truth == positive) for one in told if one.score is not None)
    positives = sum(is_positive for _, is_positive in scores)
    negatives = len(scores) - positives
    if len(scores) < len(told) or not positives or not negatives:
        return None
    below = above = 0.0
    at = 0
    # Equal scores count half; `below` is how many negatives scored lower.
    while at < len(scores):
        end = at
        while end < len(scores) and scores[end][0] == scores[at][0]:
            end += 1
        here = sum(is_positive for _, is_positive in scores[at:end])
        above += here * (below + (end - at - here) / 2)
        below += end - at - here
        at = end
    return above / (positives * negatives)


def regression_figures(told: Sequence[Told]) -> RegressionFigures | None:
    """The figures of values beside what they turned out to be; None for no rows."""
    if not told:
        return None
    truths = [float(one.truth) for one in told]
    errors = sorted(abs(float(one.answer) - truth) for one, truth in zip(told, truths, strict=True))
    squares = math.fsum(error * error for error in errors)
    mean = math.fsum(truths) / len(truths)
    spread = math.fsum((truth - mean) ** 2 for truth in truths)
    middle = len(errors) // 2
    median = errors[middle] if len(errors) % 2 else (errors[middle - 1] + errors[middle]) / 2
    return RegressionFigures(
        # As scikit-learn has it: of values that are all the same nothing can be explained.
        r2=1 - squares / spread if spread else float(not squares),
        mean_absolute_error=math.fsum(errors) / len(errors),
        root_mean_squared_error=math.sqrt(squares / len(errors)),
        median_absolute_error=median,
        seconds=None,
    )


def _positive(card: Card) -> str | None:
    """The class whose own the figures on the card are, if they are one's own."""
    figures = card.figures
    return figures.average if isinstance(figures, Figures) and figures.average != MACRO else None


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _mean(shares: Sequence[float]) -> float:
    return math.fsum(shares) / len(shares)
