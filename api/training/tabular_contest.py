"""The contest between candidates, within a time: cross-validated, or of many rows tried once on a sample."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.answers import ClassAnswers
from api.training.tabular_candidates import Candidate, width
from api.training.tabular_fit import answered, fitted, prepared
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
_OF_A_CLASS = 1000
# With more rows than these, candidates learn once from one row in 48 and are asked about validation rows:
# that takes a part of the time that the winner then takes for all rows, and not a multiple of it.
_PLENTY, _ONE_IN, _FEWEST = 100_000, 48, 15_000


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
    """All entries, the best one, what is true of the rows that they were asked about, and which those are."""

    entries: tuple[Entry, ...]
    best: Entry
    truth: NDArray[Any]
    by: str


@dataclass(frozen=True)
class _Course:
    """What candidates go through: the places they are `asked` about, and the rounds.

    A round is the places that are learnt from, and which of `asked` (indices) are asked about then.
    """

    asked: NDArray[np.int64]
    rounds: list[tuple[NDArray[np.int64], NDArray[np.int64]]]
    by: str


def hold(
    entrants: Sequence[Candidate],
    ground: Ground,
    metric: str,
    seconds: float,
    told: Callable[[float, str], None],
) -> Contest:
    """Let the candidates learn from training rows, or a sample of them, and name the best.

    Once the time is over no other fit is begun; the first candidate gets at least one.
    """
    course = _course(ground, seconds)
    order = list(entrants) if len(course.asked) < _MANY else _fastest_first(entrants)
    trials = [_Trial(one, ground, course) for one in order]
    _run(trials, time.perf_counter() + seconds, told)
    # Scores are compared only if they are of the same rows.
    done = min((one.done for one in trials if one.done), default=0)
    entries = [one.entry(metric, done) for one in trials]
    names = [one.name for one in entrants]
    entries.sort(key=lambda one: names.index(one.candidate.name))
    scored = [one for one in entries if one.score is not None]
    best = scored[0]
    for one in scored:
        if better(metric, one.score or 0.0, best.score or 0.0):
            best = one
    return Contest(tuple(entries), best, ground.truth.values[course.asked], course.by)


def _course(ground: Ground, seconds: float) -> _Course:
    truth, parts = ground.truth, ground.split
    most = min(_MOST_ROWS, int(seconds * _ROWS_A_SECOND), _MOST_NUMBERS // width(ground.view.schema))
    if len(parts.training) > _PLENTY and len(parts.validation):
        share = max(_FEWEST, len(parts.training) // _ONE_IN)
        asked = _sample(truth, parts.validation, most)
        learnt = _sample(truth, parts.training, min(most, share))
        return _Course(asked, [(learnt, np.arange(len(asked)))], "on validation rows")
    places = _sample(truth, parts.training, most)
    count = _FOLDS if len(places) < _MANY else _FOLDS_OF_MANY
    fold = folds(parts.hashes[places], truth.values[places] if truth.classifies else None, count)
    rounds = [(places[fold != at], np.flatnonzero(fold == at)) for at in range(count)]
    return _Course(places, rounds, "in cross-validation")


def _run(trials: Sequence[_Trial], until: float, told: Callable[[float, str], None]) -> None:
    """Put all candidates through one round after the other, until the time is over; one fit is made."""
    rounds = trials[0].course.rounds
    for at, (learnt, _) in enumerate(rounds):
        for number, trial in enumerate(trials):
            share = (at * len(trials) + number) / (len(trials) * len(rounds))
            told(share, f"trying {trial.candidate.name} on {len(learnt):,} rows")
            if trial.done < at:
                continue
            if time.perf_counter() + trial.longest > until and (at or number):
                if at:
                    return
                continue
            trial.round(at)


def _fastest_first(entrants: Sequence[Candidate]) -> list[Candidate]:
    """Of many rows boosting is the likeliest winner, and quick: where time is short it is the one to have."""
    return sorted(entrants, key=lambda one: not one.name.startswith("boosting"))


def _sample(truth: Truth, places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of the places, but for those of rare classes, of which more are kept."""
    most = max(_MANY, most)
    if len(places) <= most:
        return places
    random = np.random.default_rng(0)
    chosen = random.choice(places, most, replace=False)
    classes = len(truth.target.classes)
    enough = min(_OF_A_CLASS, most // max(1, classes))
    for at in range(classes):
        own = places[truth.values[places] == at]
        if len(own) * most < enough * len(places):
            chosen = np.concatenate([chosen, random.permutation(own)[:enough]])
    return np.unique(chosen)


class _Trial:
    """One candidate on its way through the rounds: `done` of them, the `longest` in seconds."""

    def __init__(self, candidate: Candidate, ground: Ground, course: _Course) -> None:
        self.candidate, self.course = candidate, course
        self._ground = ground
        classes = len(ground.truth.target.classes)
        rows = len(course.asked)
        self._said = np.full((rows, classes) if classes else (rows,), np.nan)
        self.done, self.longest, self.seconds = 0, 0.0, 0.0

    def round(self, at: int) -> None:
        """Learn from the rows of a round, and answer those that it asks about."""
        start = time.perf_counter()
        view, truth = self._ground.view, self._ground.truth
        learnt, asked = self.course.rounds[at]
        model = fitted(self.candidate, prepared(self.candidate, self._ground, learnt), truth.values[learnt])
        self._said[asked] = answered(model, view, truth.rows[self.course.asked[asked]])
        self.done = at + 1
        spent = time.perf_counter() - start
        self.longest, self.seconds = max(self.longest, spent), self.seconds + spent

    def entry(self, metric: str, done: int) -> Entry:
        """What came of it, measured on the first `done` rounds."""
        seconds = round(self.seconds, 2)
        if not self.done:
            return Entry(self.candidate, None, seconds, "there was no time left for it")
        notes = [self.candidate.note] if self.candidate.note else []
        rounds = self.course.rounds
        if done < len(rounds):
            notes.append(f"time for {done} of {len(rounds)} folds")
        asked = np.sort(np.concatenate([one for _, one in rounds[:done]]))
        value = oof_value(metric, self._ground.truth, self.course.asked[asked], self._said[asked])
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
