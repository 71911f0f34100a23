"""Texts made up for probe rows: of a sample's words, and as awkward as people's are. For training only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

# Nothing, blanks, no word at all, a word nobody wrote, capitals that lower case lengthens, accents in two
# characters, marks written from right to left, wide signs, line ends, digits, a NUL character.
AWKWARD = (
    "",
    "   ",
    "?!… — ()",
    "qzxjvw wvjxzq",
    "İSTANBUL İİİ ẞ",
    "cafe\u0301 cafe\u0301 na\u00efve",
    "\u202eabc\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "😀👩‍👩‍👧 \uff26\uff35\uff2c\uff2c\u3000\uff57\uff49 漢字かな",
    "one\r\ntwo\tthree\u2028four",
    "12 345 6.7e8 0x1F",
    "a\0b\0c",
    "<script>alert(1)</script> a_b_c d-e-f it's",
)  # fmt: skip
_VERY_LONG = 20_000
_MOST_WORDS = 5000
_SHORTEST, _LONGEST = 1, 30


class TextMaker:
    """Makes texts of the words in `texts`."""

    def __init__(self, texts: Iterable[str | None], random: np.random.Generator) -> None:
        words = sorted({word for text in texts if text for word in text.split()})
        if len(words) > _MOST_WORDS:
            words = [words[at] for at in np.sort(random.choice(len(words), _MOST_WORDS, replace=False))]
        self._words, self._random = words, random

    def made(self, count: int) -> list[str]:
        """So many texts of words drawn at random, which is nobody's text; empty where there is no word."""
        sizes = self._random.integers(_SHORTEST, _LONGEST, count)
        return [" ".join(self._drawn(int(size))) for size in sizes]

    def awkward(self, count: int) -> list[str]:
        """So many texts, each odd in its way; known words among them, and a very long one."""
        long = " ".join(self._drawn(_VERY_LONG // 5))
        kinds = (*AWKWARD, long, long[: _VERY_LONG // 2 - 1] + " qzxjvw", *self._shouted())
        return [kinds[at % len(kinds)] for at in range(count)]

    def _shouted(self) -> Sequence[str]:
        some = self._drawn(6)
        return (" ".join(some).upper(), ";".join(some), "\n".join(some * 50), "".join(some))

    def _drawn(self, count: int) -> list[str]:
        if not self._words:
            return []
        return [self._words[int(at)] for at in self._random.integers(0, len(self._words), count)]
