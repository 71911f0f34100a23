"""Curves of two shares: what is drawn, and what is said of it."""

from __future__ import annotations

from front_end_app.curves import MOST_LISTED, SIDE, precision_recall, roc, thinned


def test_nothing_is_drawn_of_nothing() -> None:
    """One point is no curve."""
    assert roc(()) is None
    assert precision_recall(((0.0, 1.0),)) is None


def test_a_curve_is_drawn_from_its_corner_up() -> None:
    """The origin is below left, as one expects it, while a drawing's is above left."""
    drawn = roc(((0.0, 0.0), (0.1, 0.9), (1.0, 1.0)))
    assert drawn is not None
    assert drawn.line == f"0.0,{SIDE}.0 28.0,28.0 {SIDE}.0,0.0"
    assert drawn.area.startswith(f"0.0,{SIDE} ")
    assert drawn.points == (("0 %", "0 %"), ("10 %", "90 %"), ("100 %", "100 %"))


def test_its_words_say_what_lies_between_its_points() -> None:
    """Straight between two of them; and of points above one another, the lower end of the step is meant."""
    drawn = roc(((0.0, 0.0), (0.0, 0.5), (0.1, 0.9), (1.0, 1.0)))
    assert drawn is not None
    assert "0 % at 1 %" not in drawn.words
    assert "70 % at 5 % false alarms" in drawn.words
    assert "90 % at 10 % false alarms" in drawn.words


def test_precision_and_recall_come_in_either_direction() -> None:
    """From the highest threshold to the lowest, or the other way round: it is the same curve."""
    points = ((0.0, 1.0), (0.5, 0.9), (0.5, 0.8), (1.0, 0.3))
    assert precision_recall(points) == precision_recall(points[::-1])


def test_who_is_always_right_is_said_to_be() -> None:
    """A curve that falls where everything is found is at its top until then."""
    drawn = precision_recall(((0.2, 1.0), (0.9, 1.0), (1.0, 1.0), (1.0, 0.4)))
    assert drawn is not None
    assert "100 % right when 95 % is to be found" in drawn.words


def test_many_points_are_thinned() -> None:
    """The first and the last stay."""
    points = [(n / 1000, n / 1000) for n in range(1001)]
    kept = thinned(points, MOST_LISTED)
    assert (len(kept), kept[0], kept[-1]) == (MOST_LISTED, (0.0, 0.0), (1.0, 1.0))
