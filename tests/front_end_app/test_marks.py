"""Words marked in a text: nothing of the text is lost, and what mattered is marked as what it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from front_end_app.entries import readable
from front_end_app.marks import MOST_LISTED, MOST_MARKED, Part, Weighed, mark, spoke, totals

NUMBERS = st.floats(-5, 5)
WORDS = st.lists(st.builds(Weighed, st.text(max_size=5), st.integers(-2, 40), st.integers(-2, 40), NUMBERS))


@given(text=st.text(max_size=30), words=WORDS)
def test_the_parts_are_the_text(text: str, words: list[Weighed]) -> None:
    """Whatever the places, even such as are not in the text or in each other, all of it is shown once."""
    assert "".join(part.text for part in mark(text, words, totals(words))) == readable(text)


def test_words_are_marked_by_their_share_of_the_heaviest() -> None:
    """For and against; what weighs little is not marked."""
    words = [
        Weighed("a", 0, 1, 4.0),
        Weighed("b", 2, 3, -1.0),
        Weighed("c", 4, 5, 0.3),
        Weighed("d", 6, 7, 0.1),
    ]
    assert mark("a b c d", words, totals(words)) == (
        Part("a", "for", "strong", "+4.0"),
        Part(" "),
        Part("b", "against", "medium", "\N{MINUS SIGN}1.0"),
        Part(" "),
        Part("c", "for", "light", "+0.30"),
        Part(" d"),
    )


def test_a_word_is_marked_wherever_it_stands() -> None:
    """By all it adds, in whatever case; and of very many places not all."""
    words = [Weighed("Tap", 0, 3, 0.5), Weighed("oven", 4, 8, 1.0), Weighed("tap", 9, 12, 1.5)]
    marked = [part for part in mark("Tap oven tap", words, totals(words)) if part.side]
    assert [(part.text, part.level, part.weight) for part in marked] == [
        ("Tap", "strong", "+2.0"),
        ("oven", "strong", "+1.0"),
        ("tap", "strong", "+2.0"),
    ]
    many = [Weighed("a", 2 * at, 2 * at + 1, 1.0) for at in range(MOST_MARKED + 9)]
    parts = mark("a " * len(many), many, totals(many))
    assert sum(bool(part.side) for part in parts) == MOST_MARKED


@given(WORDS)
def test_the_words_that_spoke_are_listed_in_order(words: list[Weighed]) -> None:
    """Those for it from the most on, and those against it, never more than can be read."""
    spoke_for, against = spoke(totals(words))
    assert len(spoke_for) <= MOST_LISTED
    assert len(against) <= MOST_LISTED
    assert all(one.weight.startswith("+") for one in spoke_for)
    assert all(one.weight.startswith("\N{MINUS SIGN}") for one in against)


def test_a_word_that_comes_again_is_listed_once() -> None:
    """With all it adds, whatever its case."""
    words = [Weighed("Taps", 0, 4, 1.0), Weighed("taps", 5, 9, 1.5), Weighed("and", 10, 13, -0.5)]
    spoke_for, against = spoke(totals(words))
    assert [(one.word, one.weight) for one in spoke_for] == [("taps", "+2.5")]
    assert [(one.word, one.weight) for one in against] == [("and", "\N{MINUS SIGN}0.50")]
