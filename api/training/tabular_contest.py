"""The contest between candidates: cross-validated, within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.answers import ClassAnswers
from api.runtime.frame import natural_frame
from api.training.tabular_candidates import Candidate
from api.training.tabular_fit import fitted, prepared, said
from api.training.tabular_scores import best_threshold, better, by_f1, decided, value_of
from api.training.tabular_split import Ground, folds
from api.training.tabular_target import Truth

_MOST_ROWS = 100_000
# Numbers (rows times columns) that a contest is held on at most: more take longer and tell no more.
_MOST_NUMBERS = 5_000_000
_FOLDS, _FOLDS_OF_MANY, _MANY = 5, 3, 5000
# Of a rare class as many rows as there are, up to this.
_OF_A_CLASS = 200


@dataclass(frozen=True)
class Entry:
    """What came of a candidate: its score, None where there was no time for it.

    `said` are its answers (rows, classes) or (rows,) to the contest's rows, each by a model that had not seen
    the row; NaN where there was no time.
    """

    candidate: Candidate
    score: float | None
    seconds: float
    note: str
    said: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Contest:
    """All entries, the best one, the places in the truth's rows it was held on, and what is true there."""

    entries: tuple[Entry, ...]
    best: Entry
    places: NDArray[np.int64]
    truth: NDArray[Any]


def hold(
    entrants: Sequence[Candidate],
    ground: Ground,
    metric: str,
    seconds: float,
    told: Callable[[float, str], None],
) -> Contest:
    """Cross-validate the candidates on the training rows, or a sample of them, and name the best.

    Once the time is over no other fit is begun; the first candidate gets at least one.
    """
    places = _sample(ground)
    truth = ground.truth
    count = _FOLDS if len(places) < _MANY else _FOLDS_OF_MANY
    values = truth.values[places]
    fold = folds(ground.split.hashes[places], values if truth.classifies else None, count)
    order = list(entrants) if len(places) < _MANY else _fastest_first(entrants)
    trial = _Trial(ground, metric, places, fold, time.perf_counter() + seconds)
    entries: list[Entry] = []
    for at, candidate in enumerate(order):
        message = f"cross-validating {candidate.name} on {len(places):,} rows"
        told(at / len(order), message)
        share = partial(_told_of_one, told, message, at, len(order))
        entries.append(trial.of(candidate, not at, share))
    names = [one.name for one in entrants]
    entries.sort(key=lambda one: names.index(one.candidate.name))
    scored = [one for one in entries if one.score is not None]
    best = scored[0]
    for one in scored:
        if better(metric, one.score or 0.0, best.score or 0.0):
            best = one
    return Contest(tuple(entries), best, places, values)


def _told_of_one(told: Callable[[float, str], None], message: str, at: int, count: int, share: float) -> None:
    told((at + share) / count, message)


def _fastest_first(entrants: Sequence[Candidate]) -> list[Candidate]:
    """Of many rows boosting is the likeliest winner, and quick: where time is short it is the one to have."""
    return sorted(entrants, key=lambda one: not one.name.startswith("boosting"))


def _sample(ground: Ground) -> NDArray[np.int64]:
    truth, places = ground.truth, ground.split.training
    most = min(_MOST_ROWS, max(5000, _MOST_NUMBERS // len(ground.view.features)))
    if len(places) <= most:
        return places
    random = np.random.default_rng(0)
    chosen = random.choice(places, most, replace=False)
    for at in range(len(truth.target.classes)):
        own = places[truth.values[places] == at]
        if len(own) * most < _OF_A_CLASS * len(places):
            chosen = np.concatenate([chosen, random.permutation(own)[:_OF_A_CLASS]])
    return np.unique(chosen)


@dataclass(frozen=True)
class _Trial:
    """The rows, folds and time of a contest."""

    ground: Ground
    metric: str
    places: NDArray[np.int64]
    fold: NDArray[np.int64]
    until: float

    def of(self, candidate: Candidate, first: bool, told: Callable[[float], None]) -> Entry:
        """What comes of one candidate; the first gets at least one fold."""
        view, truth, places, fold = self.ground.view, self.ground.truth, self.places, self.fold
        classes = len(truth.target.classes)
        began = time.perf_counter()
        answers = np.full((len(places), classes) if classes else (len(places),), np.nan)
        known = np.zeros(len(places), dtype=bool)
        frame = natural_frame(view.schema)
        count, done, longest = int(fold.max()) + 1, 0, 0.0
        for at in range(count):
            start = time.perf_counter()
            if start + longest > self.until and (done or not first):
                break
            inside, outside = places[fold != at], places[fold == at]
            if classes and len(np.unique(truth.values[inside])) < classes:
                continue
            model = fitted(candidate, prepared(candidate, self.ground, inside), truth.values[inside])
            answers[fold == at] = said(model, frame.of(view.rows(truth.rows[outside])))
            known[fold == at] = True
            done += 1
            longest = max(longest, time.perf_counter() - start)
            told(done / count)
        seconds = round(time.perf_counter() - began, 2)
        if not done:
            return Entry(candidate, None, seconds, "there was no time left for it")
        notes = [candidate.note] if candidate.note else []
        if done < count:
            notes.append(f"time for {done} of {count} folds")
        value = oof_value(self.metric, truth, places[known], answers[known])
        return Entry(candidate, value, seconds, "; ".join(notes), answers)


def oof_value(metric: str, truth: Truth, places: NDArray[np.int64], answers: NDArray[np.float64]) -> float:
    """The metric on answers by models that had not seen the rows; of two classes with its best threshold."""
    values: NDArray[Any] = truth.values[places]
    classes = len(truth.target.classes)
    given = decided(answers, truth.target)
    if classes == 2 and metric != "auc":
        threshold = best_threshold(by_f1(metric), values, answers[:, 1])
        given = ClassAnswers((answers[:, 1] >= threshold).astype(np.int64), answers)
    value = value_of(metric, values, given, classes)
    return float("-inf") if np.isnan(value) else value
