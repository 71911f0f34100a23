"""Signing in: right pairs, wrong pairs, and too many wrong ones."""

from __future__ import annotations

import pytest

from api.web.sign_in import WINDOW_SECONDS, SignIn, TooManyFailures


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """The clock that `sign_in` reads."""
    return Clock()


@pytest.fixture
def sign_in(clock: Clock) -> SignIn:
    """Sign-in for one pair that allows three failures a minute."""
    return SignIn("ada", "secret", failures=3, clock=clock)


@pytest.mark.parametrize(
    ("username", "password"),
    [("ada", "wrong"), ("bob", "secret"), ("", ""), ("adas", "ecret"), ("ada", "secret ")],
)
def test_only_the_exact_pair_is_right(sign_in: SignIn, username: str, password: str) -> None:
    """Neither half alone nor a pair that joins to the same letters will do."""
    assert sign_in.verify("ada", "secret", "::1")
    assert not sign_in.verify(username, password, "::1")


def fail(sign_in: SignIn, times: int, address: str = "10.0.0.1") -> None:
    """Try a wrong password some times."""
    for _ in range(times):
        assert not sign_in.verify("ada", "wrong", address)


def test_after_too_many_failures_nothing_is_looked_at(sign_in: SignIn) -> None:
    """The fourth attempt is refused even where it would be right, with the seconds to wait."""
    fail(sign_in, 3)
    with pytest.raises(TooManyFailures) as caught:
        sign_in.verify("ada", "secret", "10.0.0.1")
    assert 1 <= caught.value.retry_after <= WINDOW_SECONDS + 1


def test_others_are_not_held_up(sign_in: SignIn) -> None:
    """Another address, another name, and who has signed in a moment ago still get through."""
    sign_in.verify("ada", "secret", "10.0.0.2")
    fail(sign_in, 3)
    assert sign_in.verify("ada", "secret", "10.0.0.1")
    assert sign_in.verify("ada", "secret", "10.0.0.3")
    assert not sign_in.verify("bob", "wrong", "10.0.0.1")


def test_a_minute_later_it_can_be_tried_again(sign_in: SignIn, clock: Clock) -> None:
    """Failures are forgotten when the window has passed."""
    fail(sign_in, 3)
    clock.seconds += WINDOW_SECONDS
    assert sign_in.verify("ada", "secret", "10.0.0.1")


def test_a_sign_in_is_remembered_for_a_minute_only(sign_in: SignIn, clock: Clock) -> None:
    """What was right a minute ago counts as an attempt like any other."""
    sign_in.verify("ada", "secret", "10.0.0.1")
    clock.seconds += WINDOW_SECONDS
    fail(sign_in, 3)
    with pytest.raises(TooManyFailures):
        sign_in.verify("ada", "secret", "10.0.0.1")
