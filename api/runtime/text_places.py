"""Where in a text its features come from: the words as a person sees them, and the n-grams in each.

Offsets count Unicode code points from 0, as Python does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.runtime.text_features import TOKEN, WORD, Block

_CHUNK = re.compile(r"\S+")
# What stands between blanks and punctuation, with what belongs inside a word: follow-up, don't, C++, Node.js
# and 10,000 are one word each. No letter and no digit is left out, so each is in exactly one word.
_WORD = re.compile(
    r"(?:[^\s.,;:!?…/\\|()\[\]{}<>\"“”„«»'’‘*•·\u2013—=~^`]|(?<=\w)['’](?=\w)|\.(?=\w)|,(?=\d))+"  # noqa: RUF001 (quotes as people type them)
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: `spans` is where each starts and ends in it.

    `lower` is the text in lower case, which may be longer; `owners` (characters of it,) is the number of
    the word that each character belongs to, and -1 for blanks. Punctuation belongs to the word it stands at.
    """

    lower: str
    spans: tuple[tuple[int, int], ...]
    owners: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shares:
    """Which words a block's features come from: the feature `features[i]` of the block's own comes to the
    part `parts[i]` from the word `words[i]`. The parts of each feature are 1 together."""

    features: NDArray[np.int64]
    words: NDArray[np.int64]
    parts: NDArray[np.float64]


def words_of(text: str) -> Words:
    """The words of a text, in order."""
    lower = text.lower()
    owners = np.full(len(lower), -1, dtype=np.int64)
    spans: list[tuple[int, int]] = []
    for chunk in _CHUNK.finditer(lower):
        first = chunk.start()
        for start, end in _within(lower, *chunk.span()):
            # What comes before the first word is its own, what comes after a word is that word's.
            owners[first : chunk.end()] = len(spans)
            spans.append((start, end))
            first = end
    return Words(lower, tuple(_in_original(text, lower, spans)), owners)


def shares_of(block: Block, words: Words) -> Shares:
    """Which words the known n-grams of a block come from.

    An n-gram that occurs more than once comes from each place alike; one that spans several characters or
    words, from each of them alike.
    """
    features: list[int] = []
    owners: list[int] = []
    parts: list[float] = []
    for ngram, places in placed_ngrams(block, words.lower):
        feature = block.vocabulary.get(ngram)
        if feature is not None:
            features += [feature] * len(places)
            owners += places
            parts += [1 / len(places)] * len(places)
    at = np.array(features, dtype=np.int64)
    weighed = np.array(parts)
    times = np.bincount(at, weighed)
    return Shares(at, words.owners[np.array(owners, dtype=np.int64)], weighed / times[at])


def placed_ngrams(block: Block, lower: str) -> Iterator[tuple[str, Sequence[int]]]:
    """What `ngrams` gives for a text in lower case, each with places of characters that it comes from."""
    if block.analyzer == WORD:
        yield from _of_words(lower, block.shortest, block.longest)
    else:
        yield from _of_characters(lower, block.shortest, block.longest)


def _of_words(lower: str, shortest: int, longest: int) -> Iterator[tuple[str, Sequence[int]]]:
    tokens = [(found.group(), found.start()) for found in TOKEN.finditer(lower)]
    for size in range(shortest, min(longest, len(tokens)) + 1):
        for at in range(len(tokens) - size + 1):
            run = tokens[at : at + size]
            yield " ".join(word for word, _ in run), [start for _, start in run]


def _of_characters(lower: str, shortest: int, longest: int) -> Iterator[tuple[str, Sequence[int]]]:
    for chunk in _CHUNK.finditer(lower):
        start, length = chunk.start(), len(chunk.group())
        padded = f" {chunk.group()} "
        for size in range(shortest, longest + 1):
            for at in range(max(1, len(padded) - size + 1)):
                # Without the blank on either side; of a blank alone, the character beside it.
                first = min(max(at - 1, 0), length - 1)
                last = max(min(at + size - 1, length), first + 1)
                yield padded[at : at + size], range(start + first, start + last)
            if len(padded) <= size:
                break


def _within(lower: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words between two blanks; punctuation alone is one."""
    return [found.span() for found in _WORD.finditer(lower, start, end)] or [(start, end)]


def _in_original(text: str, lower: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of a text in lower case as spans of the text itself."""
    if len(lower) == len(text):
        yield from spans
        return
    # A few capitals become two characters: each of them comes from that one.
    origin = np.repeat(np.arange(len(text)), [len(one.lower()) for one in text]).tolist()
    for start, end in spans:
        yield origin[start], origin[end - 1] + 1
