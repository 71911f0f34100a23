"""Why a model answers as it does, and from which probability on it does, as the page says it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .bars import Bar
from .cards import Target
from .entries import readable
from .members import number, optional_text


@dataclass(frozen=True)
class Reason:
    """A sentence about one field, and whether it speaks for what was answered or against it."""

    sentence: str
    supports: bool


def read_reasons(data: Any) -> tuple[Reason, ...]:
    """The reasons of an answer, the strongest first; what is no reason is passed over."""
    given = [item for item in data if isinstance(item, Mapping)] if isinstance(data, list) else []
    said = [(optional_text(item, "sentence"), number(item, "weight")) for item in given]
    return tuple(
        Reason(readable(sentence).rstrip(".") + ".", weight > 0)
        for sentence, weight in said
        if sentence.strip() and weight is not None and math.isfinite(weight)
    )


def decision(target: Target, threshold: Any) -> str:
    """From which probability on the second of two classes is answered, in a sentence; "" if nobody knows."""
    if len(target.classes) != 2 or not _is_number(threshold) or not 0 <= threshold <= 1:
        return ""
    label = readable(target.classes[1][1])
    return f"It answers {label} from a probability of {Bar(label, threshold, False).percent} on."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
