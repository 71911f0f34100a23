"""Times, spans and sentences as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from front_end_app.moments import read_moment, sentence, shown, span

HALF_PAST = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-11-20T12:30:00Z", HALF_PAST),
        ("2026-11-20T13:30:00+01:00", HALF_PAST),
        ("2026-11-20T12:30:00", HALF_PAST),
        ("soon", None),
        (None, None),
        (12, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_are_read_as_utc(given: object, moment: datetime | None) -> None:
    """Whatever their zone; what is none is no time."""
    assert read_moment(given) == moment


def test_a_time_is_shown_to_the_minute() -> None:
    """With the zone said."""
    moment = shown(HALF_PAST)
    assert moment is not None
    assert moment.words == "20 November 2026, 12:30 UTC"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0 s"), (0.4, "0 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (1000, "16 min"),
     (3600, "1 h"), (7500, "2 h 5 min")],
)  # fmt: skip
def test_spans_are_said_roughly(seconds: float, text: str) -> None:
    """The longer, the rougher."""
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("words", "said"), [("", ""), ("it is so", "It is so."), ("Is it?", "Is it?"), ("É.", "É.")]
)
def test_reasons_become_sentences(words: str, said: str) -> None:
    """With a capital and a stop."""
    assert sentence(words) == said
