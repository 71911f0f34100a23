"""How work tells what it is doing, and learns that it should stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

# The steps of a training, in order, and what share of its time each is thought to take.
STEPS: dict[str, float] = {
    "download": 0.10,
    "read": 0.15,
    "profile": 0.05,
    "split": 0.02,
    "fit": 0.45,
    "evaluate": 0.05,
    "compile": 0.12,
    "publish": 0.02,
    "compare": 0.04,
}


class Watch(Protocol):
    """Is called often by the work, at least once in each step; a call costs microseconds."""

    def step(self, name: str, share: float = 0.0, message: str = "") -> None:
        """Tell that `share` (0 to 1) of the step `name` is done; `message` is a sentence for people.

        `name` is one of `STEPS`. Raises Cancelled where the training was cancelled, or is another's now.
        """


class Unwatched:
    """A watch that nobody looks at."""

    def step(self, name: str, share: float = 0.0, message: str = "") -> None:
        """Do nothing."""


class Speaking:
    """A watch that says each new sentence once."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said = ""

    def step(self, name: str, share: float = 0.0, message: str = "") -> None:
        """Say the message, unless it was the last one."""
        if message and message != self._said:
            self._say(message)
            self._said = message


def progress_at(name: str, share: float) -> float:
    """How much of the whole is done, from 0 to 1, when `share` of the step `name` is."""
    before = 0.0
    for step, weight in STEPS.items():
        if step == name:
            return round(before + weight * min(max(share, 0.0), 1.0), 4)
        before += weight
    return 0.0
