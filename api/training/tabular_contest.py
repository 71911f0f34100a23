"""The contest between candidates: cross-validated, within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.answers import ClassAnswers
from api.runtime.frame import natural_frame
from api.training.tabular_candidates import Candidate, width
from api.training.tabular_fit import fitted, prepared, said
from api.training.tabular_scores import best_threshold, better, by_f1, decided, value_of
from api.training.tabular_split import Ground, folds
from api.training.tabular_target import Truth

_MOST_ROWS = 100_000
# Numbers (rows times columns) that a contest is held on at most: more take longer and tell no more.
_MOST_NUMBERS = 5_000_000
# In less time on fewer rows, so that every candidate gets its turn.
_ROWS_A_SECOND = 1500
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
    places = _sample(ground, seconds)
    truth = ground.truth
    count = _FOLDS if len(places) < _MANY else _FOLDS_OF_MANY
    values = truth.values[places]
    fold = folds(ground.split.hashes[places], values if truth.classifies else None, count)
    order = list(entrants) if len(places) < _MANY else _fastest_first(entrants)
    trials = [_Trial(one, ground, places, fold) for one in order]
    _run(trials, count, time.perf_counter() + seconds, told)
    # Scores are compared only if they are of the same rows.
    done = min((one.done for one in trials if one.done), default=0)
    entries = [one.entry(metric, done, count) for one in trials]
    names = [one.name for one in entrants]
    entries.sort(key=lambda one: names.index(one.candidate.name))
    scored = [one for one in entries if one.score is not None]
    best = scored[0]
    for one in scored:
        if better(metric, one.score or 0.0, best.score or 0.0):
            best = one
    return Contest(tuple(entries), best, places, values)


def _run(trials: Sequence[_Trial], folds_: int, until: float, told: Callable[[float, str], None]) -> None:
    """Fit every candidate to one fold after the other, until the time is over; one fit is always made."""
    steps = len(trials) * folds_
    for at in range(folds_):
        for number, trial in enumerate(trials):
            rows = len(trial.places)
            told(
                (at * len(trials) + number) / steps,
                f"cross-validating {trial.candidate.name} on {rows:,} rows",
            )
            if trial.done < at:
                continue
            if time.perf_counter() + trial.longest > until and (at or number):
                if at:
                    return
                continue
            trial.fold_of(at)


def _fastest_first(entrants: Sequence[Candidate]) -> list[Candidate]:
    """Of many rows boosting is the likeliest winner, and quick: where time is short it is the one to have."""
    return sorted(entrants, key=lambda one: not one.name.startswith("boosting"))


def _sample(ground: Ground, seconds: float) -> NDArray[np.int64]:
    truth, places = ground.truth, ground.split.training
    most = min(_MOST_ROWS, int(seconds * _ROWS_A_SECOND), _MOST_NUMBERS // width(ground.view.schema))
    most = max(_MANY, most)
    if len(places) <= most:
        return places
    random = np.random.default_rng(0)
    chosen = random.choice(places, most, replace=False)
    for at in range(len(truth.target.classes)):
        own = places[truth.values[places] == at]
        if len(own) * most < _OF_A_CLASS * len(places):
            chosen = np.concatenate([chosen, random.permutation(own)[:_OF_A_CLASS]])
    return np.unique(chosen)


class _Trial:
    """One candidate on its way through the folds: `done` of them, the `longest` in seconds."""

    def __init__(
        self, candidate: Candidate, ground: Ground, places: NDArray[np.int64], fold: NDArray[np.int64]
    ) -> None:
        self.candidate, self.places = candidate, places
        self._ground, self._fold = ground, fold
        classes = len(ground.truth.target.classes)
        self._said = np.full((len(places), classes) if classes else (len(places),), np.nan)
        self.done, self.longest, self.seconds = 0, 0.0, 0.0

    def fold_of(self, at: int) -> None:
        """Learn from all other folds, and answer this one."""
        start = time.perf_counter()
        view, truth = self._ground.view, self._ground.truth
        inside, outside = self.places[self._fold != at], self.places[self._fold == at]
        model = fitted(self.candidate, prepared(self.candidate, self._ground, inside), truth.values[inside])
        given = natural_frame(view.schema).of(view.rows(truth.rows[outside]))
        self._said[self._fold == at] = said(model, given)
        self.done = at + 1
        spent = time.perf_counter() - start
        self.longest, self.seconds = max(self.longest, spent), self.seconds + spent

    def entry(self, metric: str, done: int, count: int) -> Entry:
        """What came of it, measured on the first `done` of `count` folds."""
        seconds = round(self.seconds, 2)
        if not self.done:
            return Entry(self.candidate, None, seconds, "there was no time left for it")
        notes = [self.candidate.note] if self.candidate.note else []
        if done < count:
            notes.append(f"time for {done} of {count} folds")
        known = self._fold < done
        value = oof_value(metric, self._ground.truth, self.places[known], self._said[known])
        return Entry(self.candidate, value, seconds, "; ".join(notes), self._said)


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
