"""Descriptions of what people do in their jobs, written for this project: `job_descriptions.txt`.

The file can be read and extended by hand: a line `# title`, then one description a line, then an empty line.
`faults` says what is wrong with it, and a test keeps it free of faults. `job_descriptions_apart.txt` has the
same form; its lines were written by somebody who had not read the others, and nothing is learnt from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("job_descriptions.txt")
APART = Path(__file__).with_name("job_descriptions_apart.txt")

FEWEST_LINES = 24
# Two lines of different titles with this share of their words in common would teach a model nothing.
NEARLY_THE_SAME = 0.6
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class JobDescription:
    """One line: a job title, and a description of what somebody with that job does."""

    title: str
    text: str


def read_job_descriptions(path: Path = FILE) -> list[JobDescription]:
    """All lines of the file, in order; raises ValueError for a line that stands before any title."""
    found: list[JobDescription] = []
    title = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if text.startswith("# "):
            title = text[2:].strip()
        elif text and not title:
            raise ValueError(f"line {number} of {path.name} stands before any title")
        elif text:
            found.append(JobDescription(title, text))
    return found


def faults(descriptions: list[JobDescription]) -> Iterator[str]:
    """What is wrong, a sentence each: too few lines, near-duplicates, titles in their own lines."""
    yield from _too_few(descriptions)
    yield from _named(descriptions)
    yield from _alike(descriptions)


def _too_few(descriptions: list[JobDescription]) -> Iterator[str]:
    for title, count in Counter(one.title for one in descriptions).items():
        if count < FEWEST_LINES:
            yield f"{title} has {count} lines, and needs {FEWEST_LINES}"


def _named(descriptions: list[JobDescription]) -> Iterator[str]:
    for one in descriptions:
        if re.search(rf"\b{re.escape(one.title)}s?\b", one.text, re.IGNORECASE):
            yield f"{one.title} is named in its own line: {one.text}"


def _alike(descriptions: list[JobDescription]) -> Iterator[str]:
    """Pairs of lines with most of their words in common; only lines that share a rare word can be."""
    words = [frozenset(_WORD.findall(one.text.lower())) for one in descriptions]
    with_word: dict[str, list[int]] = {}
    for at, own in enumerate(words):
        for word in own:
            with_word.setdefault(word, []).append(at)
    for at, own in enumerate(words):
        for other in sorted(_neighbours(at, own, with_word)):
            if len(own & words[other]) > NEARLY_THE_SAME * len(own | words[other]):
                yield f"nearly the same: {descriptions[at].text} / {descriptions[other].text}"


def _neighbours(at: int, own: Iterable[str], with_word: dict[str, list[int]]) -> set[int]:
    """Later lines that share a word with this one, looked up by its rarer half: more than that they share."""
    rare = sorted(own, key=lambda word: len(with_word[word]))
    rare = rare[: len(rare) // 2 + 1]
    return {other for word in rare for other in with_word[word] if other > at}
