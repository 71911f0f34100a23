"""The texts of one answer, to the caller and to the record, without a step too many.

They say the same as the general functions do (`respond`, `Recorder.record`): tests hold the two together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache

from api.predictions.prediction import FEW, FIRST, LAST, ONE, SCALE, answer_names, share_text
from api.runtime.answers import OneAnswer
from api.runtime.one_row.unrolled import MOST_CLASSES, made_of
from api.schema.target import Target

# An answer as texts: a JSON object, and what the record has of it after a row's inputs.
PlainAnswer = tuple[str, str]
# Of the class that is chosen and all probabilities, both texts.
_Saying = Callable[[int, Sequence[float]], PlainAnswer]


class PlainSaid:
    """What is made beforehand of a target: the parts of its texts that are the same in each answer."""

    def __init__(self, target: Target) -> None:
        labels = [json.dumps(one.label) for one in target.classes]
        first, *shares = (json.dumps(name) for name in answer_names(target))
        self._shares = len(shares)
        # What comes before the class or the value, before each probability, and after the last.
        self._told = [f"{{{first}: ", *(f", {share}: " for share in shares), "}"]
        # Of each class its text, and what is recorded before each probability and after the last.
        self._classes = [(label, _recorded(label, labels if shares else [])) for label in labels]
        made = _maker(len(shares)) if 0 < len(shares) <= MOST_CLASSES else None
        self._say = made(self._told, self._classes) if made else self._loop

    def answer(self, answer: OneAnswer) -> PlainAnswer | None:
        """The texts of an answer; None where it is not what the target says of it."""
        chosen, numbers = answer
        if len(numbers) == self._shares and chosen is not None:
            return self._say(chosen, numbers)
        if chosen is not None:
            return None
        value = repr(numbers[0])
        return f"{self._told[0]}{value}{self._told[-1]}", f"\t[{value}]\t"

    def _loop(self, chosen: int, shares: Sequence[float]) -> PlainAnswer:
        texts = [share_text(round(one * SCALE)) for one in shares]
        label, recorded = self._classes[chosen]
        told = [f"{before}{text}" for before, text in zip(self._told, [label, *texts], strict=False)]
        kept = [f"{before}{text}" for before, text in zip(recorded, texts, strict=False)]
        return "".join([*told, self._told[-1]]), "".join([*kept, recorded[-1]])


def _recorded(label: str, labels: Sequence[str]) -> list[str]:
    """What is recorded of a class around the probabilities of all, each a column of one value."""
    parts = [f"{one}:[" for one in labels]
    head = f"\t[{label}]\t"
    if not parts:
        return [head]
    return [f"{head}{{{parts[0]}", *(f"],{part}" for part in parts[1:]), "]}"]


@cache
def _maker(shares: int) -> Callable[..., _Saying]:
    """What makes a function that says so many probabilities without a loop."""
    every = range(shares)
    told = "".join(f"{{t{at + 1}}}{{s{at}}}" for at in every)
    recorded = "".join(f"{{r{at}}}{{s{at}}}" for at in every)
    made = made_of(
        [
            "def make(told, classes, scale, few, one, first, last, other):",
            f"    {''.join(f't{at}, ' for at in range(shares + 2))} = told",
            "    def say(chosen, shares):",
            f"        {''.join(f's{at}, ' for at in every)} = shares",
            f"        label, ({''.join(f'r{at}, ' for at in range(shares + 1))}) = classes[chosen]",
            *(f"        s{at} = round(s{at} * scale)" for at in every),
            *(
                f"        s{at} = first[s{at} // 1000] + last[s{at} % 1000]"
                f" if few <= s{at} < one and s{at} % 1000 else other(s{at})"
                for at in every
            ),
            f"        return f'{{t0}}{{label}}{told}{{t{shares + 1}}}', f'{recorded}{{r{shares}}}'",
            "    return say",
        ]
    )
    return lambda told, classes: made(told, classes, SCALE, FEW, ONE, FIRST, LAST, share_text)
