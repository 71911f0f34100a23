"""The words of one text field that a model of fields knows, and the numbers that a text becomes by them.

Training and serving use this one function, so that both calculate with the same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.text_features import WORD, Block

# Terms are single words, and two that follow each other.
MOST_WORDS = 2
# What matters of a text is said in so many characters.
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Terms:
    """What is known of one text field: its terms, and what each one weighs.

    Of a longer text only the first `longest` characters count.
    """

    block: Block
    longest: int

    @property
    def count(self) -> int:
        """How many terms there are, which is how many numbers a text becomes."""
        return len(self.block.idf)

    @property
    def words(self) -> list[str]:
        """The terms in the order of their numbers."""
        return sorted(self.block.vocabulary, key=self.block.vocabulary.__getitem__)

    def of(self, text: Any) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Which terms a text has, ascending, and their TF-IDF; none of what is no text, such as None."""
        return self.block.features(text[: self.longest] if isinstance(text, str) else "")

    def table(self, texts: Iterable[Any], count: int) -> NDArray[np.float64]:
        """The TF-IDF of so many texts, of shape (count, terms)."""
        made = np.zeros((count, self.count))
        for row, text in enumerate(texts):
            at, values = self.of(text)
            made[row, at] = values
        return made


def terms_of(words: Sequence[str], idf: NDArray[np.float64], longest: int) -> Terms:
    """The terms `words`, whose weights are `idf` (words,), in that order."""
    vocabulary = {word: at for at, word in enumerate(words)}
    return Terms(Block(WORD, 1, MOST_WORDS, vocabulary, idf), longest)
