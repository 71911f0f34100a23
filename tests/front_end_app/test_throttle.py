"""How often a password may be guessed."""

from __future__ import annotations

from front_end_app.throttle import FOR_ONE_NAME, FROM_ONE_PLACE, WINDOW_SECONDS, Throttle


class Clock:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_place_is_stopped_and_others_are_not() -> None:
    """For that name from that address, until the first failure is a minute old."""
    clock = Clock()
    throttle = Throttle(clock)
    for second in range(FROM_ONE_PLACE):
        clock.now = second
        assert throttle.seconds_to_wait("vita", "10.0.0.1") == 0
        throttle.note_failure("vita", "10.0.0.1")
    assert throttle.seconds_to_wait("vita", "10.0.0.1") == int(WINDOW_SECONDS) - FROM_ONE_PLACE + 2
    assert throttle.seconds_to_wait("vita", "10.0.0.2") == 0
    assert throttle.seconds_to_wait("ada", "10.0.0.1") == 0
    clock.now = WINDOW_SECONDS
    assert throttle.seconds_to_wait("vita", "10.0.0.1") == 0


def test_many_places_are_stopped_together() -> None:
    """So that they cannot shut a name out at the API, which counts this site as one address."""
    throttle = Throttle(Clock())
    for n in range(FOR_ONE_NAME):
        throttle.note_failure("vita", f"10.0.0.{n}")
    assert throttle.seconds_to_wait("vita", "10.9.9.9") > 0
    assert throttle.seconds_to_wait("ada", "10.9.9.9") == 0
