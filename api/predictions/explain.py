"""Whether an answer comes with its reasons: what `explain` in the query says, or else the card."""

from __future__ import annotations

from collections.abc import Iterable

from api.errors import FieldProblem, InvalidInput
from api.predictions.field_reasons import MOST_EXPLAINED, can_explain
from api.runtime.load import LoadedModel
from api.schema.problems import echo
from api.schema.schema import Schema

EXPLAIN = "explain"
_FLAGS = {"0": False, "1": True}

Pairs = list[tuple[str, str]]


def without_explain(schema: Schema, pairs: Iterable[tuple[str, str]]) -> tuple[Pairs, list[str]]:
    """The pairs that are not `explain`, and its values; a field of that name keeps its own."""
    given = list(pairs)
    if EXPLAIN in schema.by_name:
        return given, []
    return [one for one in given if one[0] != EXPLAIN], [text for name, text in given if name == EXPLAIN]


def explain_problems(loaded: LoadedModel, asked: list[str]) -> list[FieldProblem]:
    """What is wrong with the values of `explain`."""
    if len(asked) > 1:
        return [_problem(f"explain came {len(asked)} times: give it once.", ", ".join(asked))]
    if asked and asked[0] not in _FLAGS:
        return [_problem("explain must be 1, for the reasons of each answer, or 0.", asked[0])]
    if asked == ["1"] and not can_explain(loaded.card):
        card = loaded.card
        why = "it gives no probabilities" if card.explanation else "no usual values of its fields are known"
        return [_problem(f"The answers of {card.name} cannot be explained: {why}.", "1")]
    return []


def explains(loaded: LoadedModel, asked: list[str], rows: int) -> bool:
    """Whether the answers to so many rows come with reasons.

    Raises InvalidInput where `explain` asks for what cannot be; unasked, many rows come without.
    """
    problems = explain_problems(loaded, asked)
    if asked == ["1"] and rows > MOST_EXPLAINED and not problems:
        said = f"At most {MOST_EXPLAINED} rows are explained at once: send fewer, or ask without explain."
        problems = [_problem(said, "1")]
    if problems:
        raise InvalidInput(problems)
    if asked:
        return _FLAGS[asked[0]]
    card = loaded.card
    by_default = card.explanation is not None and card.explanation.by_default
    return by_default and can_explain(card) and rows <= MOST_EXPLAINED


def _problem(sentence: str, received: str) -> FieldProblem:
    return FieldProblem(EXPLAIN, sentence, sentence, "1 or 0", echo(received))
