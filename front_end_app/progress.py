"""How far a training is: its steps with their state, and the times. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .moments import span
from .trainings import CANCELLED, ERROR, PENDING, PROCESSED, Training

STEPS = (
    ("download", "Get the file"),
    ("read", "Read its rows"),
    ("profile", "Look at the columns"),
    ("split", "Set rows aside"),
    ("fit", "Try candidates"),
    ("evaluate", "Measure the best one"),
    ("compile", "Compile it, and prove that its answers stay the same"),
    ("publish", "Publish it as a version"),
    ("compare", "Compare it with the version that answers"),
)
DONE, NOW, WAITING, BROKEN = "done", "now", "waiting", "broken"
STATE_WORDS = {DONE: "done", NOW: "under way", WAITING: "not yet", BROKEN: "ended here"}


@dataclass(frozen=True)
class Step:
    """One step: what is done in it, and its state, also as a word."""

    title: str
    state: str

    @property
    def word(self) -> str:
        """The state for people."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True)
class Progress:
    """What the page of a running training shows; times are "" where they are not known."""

    percent: int
    message: str
    steps: tuple[Step, ...]
    elapsed: str
    left: str


def progress(training: Training, now: datetime) -> Progress:
    """How far it is at the time `now`."""
    taken, left = training.seconds_taken(now), training.seconds_to_go(now)
    return Progress(
        percent=int(training.progress * 100),
        message=_message(training),
        steps=_steps(training),
        elapsed="" if taken is None else span(taken),
        left="" if left is None else f"about {span(_roughly(left))}",
    )


def _message(training: Training) -> str:
    if training.status == PROCESSED:
        return "It is being let in to answer."
    if training.status == PENDING:
        return "It waits for its turn: trainings are done one after the other."
    titles = dict(STEPS)
    if training.message or not training.step:
        return training.message or "It is about to begin."
    return titles.get(training.step, training.step) + "."


def _steps(training: Training) -> tuple[Step, ...]:
    names = [name for name, _ in STEPS]
    at = names.index(training.step) if training.step in names else -1
    if training.status == PROCESSED:
        at = len(names)
    return tuple(Step(title, _state(training, place, at)) for place, (_, title) in enumerate(STEPS))


def _state(training: Training, place: int, at: int) -> str:
    if place < at:
        return DONE
    if place == at:
        return BROKEN if training.status in (ERROR, CANCELLED) else NOW
    return WAITING


def _roughly(seconds: float) -> float:
    """Without a precision that nobody has: to 5 seconds, above a minute to 15."""
    grain = 5 if seconds < 60 else 15 if seconds < 600 else 60
    return max(grain, round(seconds / grain) * grain)
