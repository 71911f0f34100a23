"""Why a model of fields answers as it does: what would change if a field had its usual value instead.

Each field is replaced alone, so that fields which only matter together count for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.errors import NoAnswer
from api.predictions.reason_sentences import class_sentence, value_sentence
from api.registry.card import Card
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.runtime.load import LoadedModel
from api.runtime.rows import Rows, row_at, rows_from
from api.schema.fields import Field, Value

MOST_REASONS = 5
# So many rows are explained at once: each is asked about once more for every field.
MOST_EXPLAINED = 1000

# What is smaller says nothing: of log-odds, and of a value relative to its size.
_LEAST_ODDS = 0.05
_LEAST_SHARE = 0.01
# A probability of 1 has no odds; doubles come as near to it as this.
_SURE = 1e-12
# So many values are asked about at once, which bounds the memory it takes.
_VALUES_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Reason:
    """A field that speaks for an answer (`weight` above 0) or against it (below).

    `weight` is by how much the log-odds of the answered class are larger than with the `typical` value; of
    a regressor, by how much the answered value is, in its unit. `sentence` says it in words.
    """

    field: str
    title: str
    value: Value
    typical: Value
    weight: float
    sentence: str


def can_explain(card: Card) -> bool:
    """Whether a model's answers have reasons: its card knows usual values, and it gives probabilities."""
    return card.explanation is not None and (not card.target.classes or card.target.probabilities)


def reasons_of(loaded: LoadedModel, rows: Rows, answers: Answers) -> list[tuple[Reason, ...]]:
    """The reasons of each row's answer, at most `MOST_REASONS`, the strongest first.

    None for an answer that nothing speaks for in particular, and where the model `can_explain` nothing.
    """
    explanation = loaded.card.explanation
    fields = [one for one in loaded.card.schema.fields if explanation and one.name in explanation.typical]
    if not fields or not can_explain(loaded.card):
        return [() for _ in range(len(rows))]
    at_once = max(1, _VALUES_AT_ONCE // (len(fields) * len(loaded.card.schema.fields)))
    reasons: list[tuple[Reason, ...]] = []
    for start in range(0, len(rows), at_once):
        part = slice(start, start + at_once)
        weights = _weights(loaded, fields, rows[part], answers[part])
        tell = _Teller(loaded.card, fields, rows[part], answers[part])
        reasons += [tell.strongest(row, weights[:, row]) for row in range(weights.shape[1])]
    return reasons


def _weights(
    loaded: LoadedModel, fields: Sequence[Field], rows: Rows, answers: Answers
) -> NDArray[np.float64]:
    """What each field's own value adds to each answer: (fields, rows); 0 where the model has no answer."""
    shape = (len(fields), len(rows))
    try:
        without = loaded.predict(_each_usual(loaded.card, fields, rows))
    except NoAnswer:
        return np.zeros(shape)
    if isinstance(answers, ValueAnswers) and isinstance(without, ValueAnswers):
        return answers.values - without.values.reshape(shape)
    if not isinstance(answers, ClassAnswers) or not isinstance(without, ClassAnswers):
        return np.zeros(shape)
    chosen = np.tile(answers.classes, len(fields))
    return _log_odds(answers, answers.classes) - _log_odds(without, chosen).reshape(shape)


def _each_usual(card: Card, fields: Sequence[Field], rows: Rows) -> Rows:
    """All rows with the first field's usual value, then all with the second's, and so on."""
    schema, typical = card.schema, card.explanation.typical if card.explanation else {}
    usual = rows_from(schema, [tuple(typical.get(name) for name in schema.names)])
    numbers, texts = np.tile(rows.numbers, (len(fields), 1)), np.tile(rows.texts, (len(fields), 1))
    for place, field in enumerate(fields):
        at = schema.names.index(field.name)
        own = slice(place * len(rows), (place + 1) * len(rows))
        if at in schema.number_positions:
            column = schema.number_positions.index(at)
            numbers[own, column] = usual.numbers[0, column]
        else:
            column = schema.text_positions.index(at)
            texts[own, column] = usual.texts[0, column]
    return Rows(numbers, texts)


def _log_odds(answers: ClassAnswers, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """The log-odds of the classes `chosen` (rows,), of that shape."""
    if answers.probabilities is None:
        return np.zeros(len(answers))
    share = answers.probabilities[np.arange(len(answers)), chosen]
    others = answers.probabilities.sum(axis=1) - share
    odds: NDArray[np.float64] = np.log(np.maximum(share, _SURE)) - np.log(np.maximum(others, _SURE))
    return odds


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the reasons of some rows in words."""

    card: Card
    fields: Sequence[Field]
    rows: Rows
    answers: Answers

    def strongest(self, row: int, weights: NDArray[np.float64]) -> tuple[Reason, ...]:
        """The reasons of a row that weigh most; `weights` is one for each of the fields."""
        least = _LEAST_ODDS
        if isinstance(self.answers, ValueAnswers):
            least = _LEAST_SHARE * abs(float(self.answers.values[row]))
        order = sorted(range(len(self.fields)), key=lambda at: -abs(weights[at]))
        picked = [at for at in order if abs(weights[at]) > least][:MOST_REASONS]
        if not picked:
            return ()
        values = dict(zip(self.card.schema.names, row_at(self.card.schema, self.rows, row), strict=True))
        typical = self.card.explanation.typical if self.card.explanation else {}
        return tuple(
            self._reason(row, field, values[field.name], typical[field.name], float(weights[at]))
            for at, field in ((at, self.fields[at]) for at in picked)
        )

    def _reason(self, row: int, field: Field, value: Value, typical: Value, weight: float) -> Reason:
        target = self.card.target
        if isinstance(self.answers, ValueAnswers):
            sentence = value_sentence(field, value, typical, weight, target)
        else:
            chosen = int(self.answers.classes[row])
            # Of two classes, what speaks against the one speaks for the other.
            other = len(target.classes) == 2 and weight < 0
            label = target.classes[1 - chosen if other else chosen].label
            sentence = class_sentence(field, value, typical, abs(weight) if other else weight, label)
        return Reason(field.name, field.title, value, typical, round(weight, 4), sentence)
