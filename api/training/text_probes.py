"""Texts where a served model of texts would show that it differs from its estimator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_REAL = 6000
_MIXED = 3000
_FEWEST = 5000
_STRANGE = 500
_ODD_PIECES = (
    *("", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\x1c", "\x85", "\x00", "'", "-", "_", ".", "…"),
    *("<b>", "&amp;", "a", "I", "x1", "№", "ß", "İ", "ǆ", "é", "e\u0301", "日本語", "Привет", "שלום"),
    *("\N{WOMAN}\u200d\N{PERSONAL COMPUTER}", "\N{ROCKET}", "a" * 300, "ﬁ", "٣٤", "na\u00efve", "O'Neill's"),
)
_BLANKS = (" ", "  ", " \n", "\t", ", ", "", "-", "\u00a0")


def probe_texts(texts: NDArray[np.object_], seed: int = 0) -> NDArray[np.object_]:
    """Thousands of the texts, thousands made of their words in another order and case, and strange ones."""
    if len(texts) > _MOST_REAL:
        texts = texts[np.linspace(0, len(texts) - 1, _MOST_REAL).astype(int)]
    random = np.random.default_rng(seed)
    pool = np.array(sorted({word for text in texts for word in text.split()}), dtype=np.object_)
    mixed = [_mixed(random, pool) for _ in range(max(_MIXED, _FEWEST - len(texts)))]
    odd = np.array(_ODD_PIECES, dtype=np.object_)
    strange = [_mixed(random, np.concatenate([odd, random.choice(pool, 40)])) for _ in range(_STRANGE)]
    return np.array([*texts, *_ODD_PIECES, *mixed, *strange], dtype=np.object_)


def _mixed(random: np.random.Generator, pool: NDArray[np.object_]) -> str:
    """Up to forty words of the pool with all kinds of blanks between them, some in capitals."""
    words = random.choice(pool, random.integers(1, 41))
    blanks = random.choice(np.array(_BLANKS, dtype=np.object_), len(words), p=(0.86, *[0.02] * 7))
    capital = random.random(len(words)) < 0.1
    return "".join(
        (word.upper() if loud else word) + blank
        for word, blank, loud in zip(words, blanks, capital, strict=True)
    )
