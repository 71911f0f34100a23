"""The titles that a model ranks, and what each takes, read from the API's answers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from .members import mapping, optional_texts, text


@dataclass(frozen=True)
class Skills:
    """A title as the model writes it, and what it takes, the most its own first."""

    title: str
    skills: tuple[str, ...]


def read_titles(data: Any) -> tuple[str, ...]:
    """All titles, from the API's list of them."""
    return optional_texts(mapping(data), "titles")


def read_skills(data: Any) -> Skills:
    """What one title takes."""
    answer = mapping(data)
    return Skills(text(answer, "title"), optional_texts(answer, "skills"))


def by_letter(titles: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Titles in alphabetical order, under the letter that each begins with."""

    def letter(title: str) -> str:
        return title[:1].upper()

    return [(first, list(group)) for first, group in groupby(sorted(titles, key=str.casefold), key=letter)]
