"""Where the features of a text come from: words as a person sees them, and n-grams at their places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.runtime.text_features import CHARACTERS, WORD, Block, ngrams
from api.runtime.text_places import placed_ngrams, shares_of, words_of

# Words that are met again, odd blanks and punctuation, and capitals that have no single small letter.
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(["Agile", "agile", "c++", "İİ", "-", "\u2003", "\x1c", "a.b", "é", "🔧"])).map(
        " ".join
    ),
)
BLOCKS = [
    (WORD, 1, 1),
    (WORD, 1, 3),
    (WORD, 2, 2),
    (CHARACTERS, 1, 2),
    (CHARACTERS, 3, 5),
    (CHARACTERS, 2, 9),
]


def block_of(kind: tuple[str, int, int], text: str) -> Block:
    """A block that knows every n-gram of a text."""
    empty = Block(*kind, {}, np.empty(0))
    known = {ngram: at for at, ngram in enumerate(sorted(set(ngrams(empty, text))))}
    return Block(*kind, known, np.ones(len(known)))


@pytest.mark.parametrize("kind", BLOCKS)
@given(text=TEXTS)
def test_the_placed_ngrams_are_the_ngrams(kind: tuple[str, int, int], text: str) -> None:
    """The same ones in the same number, each of characters that stand where it says."""
    block, lower = Block(*kind, {}, np.empty(0)), text.lower()
    placed = list(placed_ngrams(block, lower))
    assert sorted(one for one, _ in placed) == sorted(ngrams(block, text))
    for ngram, places in placed:
        assert places
        if block.analyzer == CHARACTERS and ngram.strip():
            assert "".join(lower[at] for at in places) == ngram.strip()


@pytest.mark.parametrize("kind", BLOCKS)
@given(text=TEXTS)
def test_every_feature_is_shared_whole(kind: tuple[str, int, int], text: str) -> None:
    """The parts of each feature are 1 together, and all belong to words that there are."""
    block, words = block_of(kind, text), words_of(text)
    shares = shares_of(block, words)
    parts = np.bincount(shares.features, shares.parts, minlength=len(block.idf))
    assert parts == pytest.approx(np.ones(len(block.idf)))
    assert set(shares.words.tolist()) <= set(range(len(words.spans)))


@given(text=TEXTS)
def test_words_follow_each_other_and_leave_no_letter_out(text: str) -> None:
    """Within the text, none empty, none in another, and no letter or digit outside of them."""
    at = 0
    for start, end in words_of(text).spans:
        assert at <= start < end <= len(text)
        assert not any(one.isalnum() for one in text[at:start])
        at = end
    assert not any(one.isalnum() for one in text[at:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I lead follow-up calls; don't ask.", ["I", "lead", "follow-up", "calls", "don't", "ask"]),
        ("C++, C# and .NET (Node.js)/SQL", ["C++", "C#", "and", ".NET", "Node.js", "SQL"]),
        ("10,000 users,all “happy” \u2013 3.5.", ["10,000", "users", "all", "happy", "\u2013", "3.5"]),
        ("<b>plumber</b>\n\tİstanbul CAFÉ 🔧", ["b", "plumber", "b", "İstanbul", "CAFÉ", "🔧"]),
        ("नमस्ते, мир", ["नमस्ते", "мир"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_words_are_what_a_person_would_mark(text: str, words: list[str]) -> None:
    """Punctuation is left out, but for what belongs to a word."""
    assert [text[start:end] for start, end in words_of(text).spans] == words
