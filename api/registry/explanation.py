"""What a model's answers are explained by: the usual value of each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.schema.fields import Value


@dataclass(frozen=True, slots=True)
class Explanation:
    """`typical`: the middle or most frequent value of each field that has one, by name; None is missing.

    They are those of the rows that were learnt from, of one class alone where that is the usual one.
    `by_default`: whether answers come with their reasons unasked.
    """

    typical: Mapping[str, Value]
    by_default: bool = False


def explanation_to_json(explanation: Explanation | None) -> dict[str, Any] | None:
    """The explanation as a card holds it; None where there is none."""
    if explanation is None:
        return None
    return {"typical": dict(explanation.typical), "by_default": explanation.by_default}


def explanation_from_json(data: Mapping[str, Any] | None) -> Explanation | None:
    """What `explanation_to_json` wrote; raises KeyError or TypeError where it is nothing of the kind."""
    return None if data is None else Explanation(dict(data["typical"]), bool(data["by_default"]))
