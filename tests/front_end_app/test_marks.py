"""Words marked in a text: nothing of the text is lost, and what mattered is marked as what it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from front_end_app.entries import readable
from front_end_app.marks import MOST_LISTED, MOST_MARKED, Part, Weighed, mark, signed, spoke

NUMBERS = st.floats(-5, 5)
WORDS = st.lists(st.builds(Weighed, st.text(max_size=5), st.integers(-2, 40), st.integers(-2, 40), NUMBERS))


@given(text=st.text(max_size=30), words=WORDS)
def test_the_parts_are_the_text(text: str, words: list[Weighed]) -> None:
    """Whatever the places, even such as are not in the text or in each other, all of it is shown once."""
    heaviest = max((abs(one.weight) for one in words), default=0.0)
    assert "".join(part.text for part in mark(text, words, heaviest)) == readable(text)


def test_words_are_marked_by_their_share_of_the_heaviest() -> None:
    """For and against; what weighs little is not marked."""
    words = [
        Weighed("a", 0, 1, 4.0),
        Weighed("b", 2, 3, -1.0),
        Weighed("c", 4, 5, 0.3),
        Weighed("d", 6, 7, 0.1),
    ]
    assert mark("a b c d", words, 4.0) == (
        Part("a", "for", "strong", "+4.0"),
        Part(" "),
        Part("b", "against", "medium", "\N{MINUS SIGN}1.0"),
        Part(" "),
        Part("c", "for", "light", "+0.30"),
        Part(" d"),
    )


def test_of_many_words_the_weightiest_are_marked() -> None:
    """So that something can be seen."""
    words = [Weighed("a", 2 * at, 2 * at + 1, 1 + at / 1000) for at in range(200)]
    parts = [part for part in mark("a " * 200, words, 2.0) if part.side]
    assert len(parts) == MOST_MARKED
    assert parts[-1].weight == signed(1.199)


@given(WORDS)
def test_the_words_that_spoke_are_listed_in_order(words: list[Weighed]) -> None:
    """Those for it from the most on, and those against it, never more than can be read."""
    spoke_for, against = spoke(words)
    assert len(spoke_for) <= MOST_LISTED
    assert len(against) <= MOST_LISTED
    assert all(one.weight.startswith("+") for one in spoke_for)
    assert all(one.weight.startswith("\N{MINUS SIGN}") for one in against)


def test_a_word_that_comes_again_is_listed_once() -> None:
    """With all it adds, whatever its case."""
    words = [Weighed("Taps", 0, 4, 1.0), Weighed("taps", 5, 9, 1.5), Weighed("and", 10, 13, -0.5)]
    spoke_for, against = spoke(words)
    assert [(one.word, one.weight) for one in spoke_for] == [("taps", "+2.5")]
    assert [(one.word, one.weight) for one in against] == [("and", "\N{MINUS SIGN}0.50")]
