"""What is wrong with a request of the protocol, said once for all its parts."""

from __future__ import annotations

from api.errors import FieldProblem, InvalidInput


def misfit(where: str, sentence: str, expected: str) -> InvalidInput:
    """The error for one thing: `where` names the tensor or member, `expected` what would be right."""
    return InvalidInput([FieldProblem(where[:100], sentence, sentence, expected)])


def shown(value: object) -> str:
    """A caller's value as an error may echo it: short."""
    text = repr(value)
    return text if len(text) <= 80 else text[:80] + "…"
