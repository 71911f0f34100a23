"""Why a title stands where it does: what each word of each experience says for and against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.errors import FieldProblem, InvalidInput
from api.predictions.experience import EXPERIENCE, Experience
from api.runtime.text_explanation import TextExplanation, explain
from api.runtime.text_model import TextModel

# Of all descriptions and titles together. Each word comes back with each title that is explained.
MOST_EXPLAINED = 20_000


@dataclass(frozen=True, slots=True)
class WordWeight:
    """A word as it was written, what it adds to the score, and where it stands: in `member` of its
    experience, from `start` to before `end` in Unicode code points."""

    word: str
    member: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Reason:
    """What one experience says of a title.

    `score` is `base` plus the weights of all words. 0 is the mean of all titles, so that a weight above 0
    speaks for this title more than for the others. The softmax of all titles' scores are the probabilities
    for this experience alone; of several experiences, each counts for its `share`.
    """

    experience: int
    share: float
    probability: float
    score: float
    base: float
    words: tuple[WordWeight, ...]


def refuse_too_long(experiences: Sequence[Experience]) -> None:
    """Raise InvalidInput for more text than is explained."""
    characters = sum(len(one.description) + len(one.title) for one in experiences)
    if characters > MOST_EXPLAINED:
        sentence = (
            f"The descriptions have {characters} characters together; at most {MOST_EXPLAINED} are "
            "explained. Ask without explain, or send less."
        )
        raise InvalidInput([FieldProblem(EXPERIENCE, sentence, sentence, "less text, or no explain")])


def reasons_of(
    model: TextModel, experiences: Mapping[int, Experience], classes: Sequence[int]
) -> tuple[tuple[Reason, ...], ...]:
    """For each class, by its number, what each experience says of it; they are given by their places."""
    years = sum(one.years for one in experiences.values())
    explained = {at: explain(model, one.text, classes) for at, one in experiences.items()}
    return tuple(
        tuple(_reason(at, one.years / years, one, explained[at], column) for at, one in experiences.items())
        for column in range(len(classes))
    )


def _reason(at: int, share: float, one: Experience, found: TextExplanation, column: int) -> Reason:
    words = [
        _word(one, start, end, weight)
        for (start, end), weight in zip(found.spans, found.weights[:, column].tolist(), strict=True)
        if weight
    ]
    return Reason(
        at,
        share,
        probability=float(found.probabilities[column]),
        score=float(found.scores[column]),
        base=float(found.bases[column]),
        words=tuple(sorted(words, key=lambda word: -word.weight)),
    )


def _word(one: Experience, start: int, end: int, weight: float) -> WordWeight:
    member, offset = one.place(start)
    length = end - start
    return WordWeight(one.text[start:end], member, offset, offset + length, weight)
