"""Names for people and for programs, made from column names and class labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

_UNIT = re.compile(r"(.+?)\s*[\(\[]([^()\[\]]{1,12})[\)\]]")


def title_of(name: str) -> str:
    """ "sepal length (cm)" is "Sepal length"; "bill_depth_mm" is "Bill depth mm"."""
    found = _UNIT.fullmatch(name)
    words = (found.group(1) if found else name).replace("_", " ").strip()
    return words[:1].upper() + words[1:] or name


def unit_of(name: str) -> str | None:
    """The unit that a name has in brackets: "cm" of "sepal length (cm)"."""
    found = _UNIT.fullmatch(name)
    return found.group(2) if found else None


def slug(text: str) -> str:
    """Lower case, with everything but letters and digits as one underscore: "Sao Paulo" is "sao_paulo"."""
    if re.fullmatch(r"-[0-9.]+", text):
        text = f"minus {text[1:]}"
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "value"


def unique(texts: Iterable[str]) -> list[str]:
    """The same texts; where one came before, a number is added: a, a_2, a_3."""
    made: list[str] = []
    for text in texts:
        candidate, number = text, 1
        while candidate in made:
            number += 1
            candidate = f"{text}_{number}"
        made.append(candidate)
    return made


def spelled(value: Any) -> str:
    """A category or a class as text: 1.0 is "1", True is "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def listed(names: Sequence[str], most: int = 10) -> str:
    """A few names in a sentence, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
