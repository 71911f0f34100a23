"""TF-IDF features of a text, in plain Python: the same numbers as scikit-learn's TfidfVectorizer gives.

That is, with its own token pattern, lower case, `sublinear_tf`, smooth idf and the l2 norm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WORD, CHARACTERS = "word", "char_wb"

TOKEN = re.compile(r"(?u)\b\w\w+\b")
_BLANKS = re.compile(r"\s\s+")


@dataclass(frozen=True)
class Block:
    """One vectorizer: its n-grams of words, or of characters within words, and what each one weighs.

    `vocabulary` maps an n-gram to its feature's number among the block's own; `idf` (features,).
    """

    analyzer: str
    shortest: int
    longest: int
    vocabulary: Mapping[str, int]
    idf: NDArray[np.float64]

    def features(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The numbers of the features that `text` has, ascending, and their values; maybe none."""
        known = self.vocabulary
        counts = Counter(known[one] for one in ngrams(self, text) if one in known)
        at = np.array(sorted(counts), dtype=np.int64)
        if not at.size:
            return at, np.empty(0)
        values = (np.log([counts[one] for one in at.tolist()]) + 1.0) * self.idf[at]
        return at, values / np.sqrt((values**2).sum())


def ngrams(block: Block, text: str) -> list[str]:
    """All n-grams of a text, the known and the unknown, each as often as it occurs."""
    lower = text.lower()
    if block.analyzer == WORD:
        return _of_words(words(lower), block.shortest, block.longest)
    return _of_characters(lower, block.shortest, block.longest)


def words(text: str) -> list[str]:
    """The words of a text in lower case, as scikit-learn tells them: two letters or digits at least."""
    return TOKEN.findall(text.lower())


def _of_words(tokens: list[str], shortest: int, longest: int) -> list[str]:
    found = list(tokens) if shortest == 1 else []
    for size in range(max(shortest, 2), min(longest, len(tokens)) + 1):
        found += [" ".join(tokens[at : at + size]) for at in range(len(tokens) - size + 1)]
    return found


def _of_characters(text: str, shortest: int, longest: int) -> list[str]:
    """N-grams that stay within a word and the blank on either side of it."""
    found: list[str] = []
    for word in _BLANKS.sub(" ", text).split():
        padded = f" {word} "
        for size in range(shortest, longest + 1):
            found += [padded[at : at + size] for at in range(max(1, len(padded) - size + 1))]
            # A word that is no longer than this is counted once, and not for each longer size.
            if len(padded) <= size:
                break
    return found
