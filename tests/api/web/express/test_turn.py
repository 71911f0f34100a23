"""Threads that take turns."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.web.express.turn import Turn

THREADS, TIMES = 4, 200


@pytest.mark.parametrize("between", [0.0, 0.0005])
def test_one_thread_at_a_time_has_its_turn_and_each_gets_its_own(between: float) -> None:
    """Whether one request follows the other at once or not, and whoever waits inside for something else."""
    turn, inside, most = Turn(), 0, 0

    def come(number: int) -> int:
        nonlocal inside, most
        for _ in range(TIMES):
            with turn.at(time.perf_counter()):
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                inside -= 1
            time.sleep(between)
        return number

    with ThreadPoolExecutor(THREADS) as threads:
        assert sorted(threads.map(come, range(THREADS))) == list(range(THREADS))
    assert most == 1


def test_a_turn_ends_with_what_went_wrong_in_it() -> None:
    """The next one is let in."""
    turn = Turn()
    with pytest.raises(ValueError, match="wrong"), turn.at(time.perf_counter()):
        raise ValueError("wrong")
    with turn.at(time.perf_counter()):
        pass
