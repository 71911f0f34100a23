"""Threads that rest after their answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from api.web.express import resting
from api.web.express.resting import Resting
from tests.services import DEADLINE


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    """Another thread than the test's own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch) -> Resting:
    """With all the time that a busy machine takes between two answers."""
    monkeypatch.setattr(resting, "_LATELY", DEADLINE)
    return Resting()


def waiting(rest: Resting, ended: Future[None]) -> None:
    """Answer in this thread until another one rests."""
    deadline = time.monotonic() + DEADLINE
    while not rest._woken and not ended.done():
        assert time.monotonic() < deadline
        assert not rest.may_rest()


def test_a_thread_alone_never_rests(rest: Resting) -> None:
    """However many answers it gives."""
    assert not any(rest.may_rest() for _ in range(100))


def test_who_finds_another_one_answering_may_rest(rest: Resting, other: ThreadPoolExecutor) -> None:
    """The other one goes on."""
    assert not rest.may_rest()
    assert other.submit(rest.may_rest).result(DEADLINE)
    assert not rest.may_rest()


def test_nobody_rests_where_the_other_one_has_not_answered_lately(
    monkeypatch: pytest.MonkeyPatch, rest: Resting, other: ThreadPoolExecutor
) -> None:
    """It may do something else by now; whoever answers is the one that answers from then on."""
    monkeypatch.setattr(resting, "_LATELY", 0.0)
    assert not rest.may_rest()
    assert not other.submit(rest.may_rest).result(DEADLINE)
    monkeypatch.setattr(resting, "_LATELY", DEADLINE)
    assert rest.may_rest()


def test_leaving_ends_the_rest_of_another_one(
    monkeypatch: pytest.MonkeyPatch, rest: Resting, other: ThreadPoolExecutor
) -> None:
    """It is needed when the thread that answers begins something long, and answers from then on."""
    monkeypatch.setattr(resting, "_LOOK_EVERY", DEADLINE)
    assert not rest.may_rest()
    ended: Future[None] = other.submit(rest.rest)
    waiting(rest, ended)
    rest.leave()
    ended.result(DEADLINE)
    assert not other.submit(rest.may_rest).result(DEADLINE)


def test_leaving_of_another_one_wakes_nobody(rest: Resting, other: ThreadPoolExecutor) -> None:
    """There is still the thread that answers."""
    assert not rest.may_rest()
    other.submit(rest.leave).result(DEADLINE)
    assert other.submit(rest.may_rest).result(DEADLINE)


def test_nobody_rests_behind_one_who_has_left(
    monkeypatch: pytest.MonkeyPatch, rest: Resting, other: ThreadPoolExecutor
) -> None:
    """Between the answer and the rest the other one may have begun something long."""
    monkeypatch.setattr(resting, "_LOOK_EVERY", DEADLINE)
    assert not rest.may_rest()
    assert other.submit(rest.may_rest).result(DEADLINE)
    rest.leave()
    rest.rest()


def test_a_rest_ends_when_nothing_is_answered(rest: Resting, other: ThreadPoolExecutor) -> None:
    """Whatever the thread does that should answer: it waits for a disk, or has ended."""
    assert not rest.may_rest()
    other.submit(rest.rest).result(DEADLINE)
