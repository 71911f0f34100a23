"""Bars for classes: few in the model's order, of many the most probable first."""

from __future__ import annotations

from front_end_app.bars import MOST_AT_ONCE, Bar, first_and_rest


def bars(count: int, chosen: int) -> tuple[Bar, ...]:
    """So many bars, each more probable than the one before; one is chosen."""
    return tuple(Bar(str(n), n / 1000, n == chosen) for n in range(count))


def test_few_stay_in_their_order() -> None:
    """Somebody who asks twice finds each class where it was."""
    few = bars(MOST_AT_ONCE, 3)
    assert first_and_rest(few) == (few, ())


def test_of_many_the_most_probable_come_first() -> None:
    """Ten at once, all the others after them, none lost."""
    first, rest = first_and_rest(bars(25, 24))
    assert [bar.label for bar in first] == [str(n) for n in range(24, 14, -1)]
    assert [bar.label for bar in rest] == [str(n) for n in range(14, -1, -1)]


def test_the_chosen_one_is_always_shown() -> None:
    """Some models choose otherwise than their probabilities say."""
    first, _ = first_and_rest(bars(25, 0))
    assert first[0].chosen
    assert len(first) == MOST_AT_ONCE
