"""Who drains: files are handed over by who writes, and drained by whoever has the turn."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from api.predictions.drain import Drainer
from api.predictions.drain_here import DrainHere
from api.predictions.drain_nicely import NICENESS, DrainNicely
from api.predictions.lines import records_of, time_text
from api.predictions.spool import Spool
from api.predictions.turn import Turn
from api.storage.engine import make_tables, open_engine
from api.storage.predictions import Predictions, Wanted
from tests.api.predictions.test_record import line
from tests.services import DEADLINE, ROOT


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    engine = open_engine("", tmp_path / "database")
    make_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def predictions(engine: Engine) -> Predictions:
    """An empty record."""
    return Predictions(engine)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty spool."""
    return Spool(tmp_path / "spool")


def ids(predictions: Predictions) -> set[int]:
    """What is on record."""
    return {int(one.id) for one in predictions.page(Wanted(), None, 1000)}


def wait_until(happened: Callable[[], bool]) -> None:
    """Return once that is so."""
    deadline = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_handed_over_is_drained_while_its_process_goes_on(
    spool: Spool, predictions: Predictions, tmp_path: Path
) -> None:
    """Another process's drainer finds it, and what is written next is not in it."""
    other = Drainer(Spool(tmp_path / "spool"), predictions)
    spool.append(line(1))
    assert not other.look()
    assert ids(predictions) == set()
    spool.hand_over()
    spool.append(line(2))
    assert not other.look()
    assert ids(predictions) == {1}
    spool.hand_over()
    other.look()
    assert ids(predictions) == {1, 2}


def test_nobody_drains_and_the_files_stay_few(spool: Spool, predictions: Predictions, tmp_path: Path) -> None:
    """While what was handed over waits, what follows is kept in one file; all of it is drained in the end."""
    for number in range(50):
        spool.append(line(number))
        spool.hand_over()
    assert len(list((tmp_path / "spool").iterdir())) == 2
    Drainer(spool, predictions).drain()
    assert ids(predictions) == set(range(50))


def test_the_newest_do_not_wait_for_the_oldest(spool: Spool, tmp_path: Path) -> None:
    """After an outage there are many files, and the newest is drained first."""
    (tmp_path / "spool").mkdir()
    for number in (1, 2, 3):
        (tmp_path / "spool" / f"{number:020}-1-1.spool").write_bytes(line(number) * 1000)
    spool.append(line(4))
    spool.hand_over()
    listed = [segment.path.name for segments in spool.abandoned() for segment in segments]
    assert listed == sorted(listed, reverse=True)
    assert len(listed) == 4


_TAKE = """
import sys, time
from pathlib import Path
from api.predictions.turn import Turn
turn = Turn(Path(sys.argv[1]))
print(turn.take(), flush=True)
time.sleep(1000)
"""


def test_a_turn_is_one_process_s_until_it_ends(tmp_path: Path) -> None:
    """While a process has it no other gets it; killed, it has it no more."""
    folder, turn = tmp_path / "spool", Turn(tmp_path / "spool")
    with subprocess.Popen(
        [sys.executable, "-c", _TAKE, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        assert not turn.take()
        os.kill(process.pid, signal.SIGKILL)
    assert turn.take()
    assert turn.take()
    assert not Turn(folder).take()
    turn.give_up()
    assert Turn(folder).take()


def test_a_process_drains_only_while_no_other_does(
    spool: Spool, predictions: Predictions, tmp_path: Path
) -> None:
    """It hands over what it writes, leaves it to whose turn it is, and drains it when nobody has the turn."""
    turn = Turn(tmp_path / "spool")
    assert turn.take()
    here = DrainHere(spool, Drainer(spool, predictions))
    here.start()
    spool.append(line(1))
    # Handed over: another file has been begun.
    wait_until(lambda: len(list((tmp_path / "spool").iterdir())) == 2)
    assert ids(predictions) == set()
    turn.give_up()
    wait_until(lambda: ids(predictions) == {1})
    # It is not its turn for longer than it takes.
    wait_until(turn.take)
    here.finish()


def test_at_its_end_a_process_drains_what_it_wrote(
    spool: Spool, predictions: Predictions, tmp_path: Path
) -> None:
    """Everything is on record and no file is left, but where it is another's turn: then that one finds it."""
    here = DrainHere(spool, Drainer(spool, predictions))
    here.start()
    spool.append(line(1))
    here.finish()
    assert ids(predictions) == {1}
    assert list((tmp_path / "spool").iterdir()) == []
    turn = Turn(tmp_path / "spool")
    assert turn.take()
    following = DrainHere(spool, Drainer(spool, predictions))
    following.start()
    spool.append(line(2))
    following.finish()
    assert ids(predictions) == {1}
    Drainer(Spool(tmp_path / "spool"), predictions).finish()
    assert ids(predictions) == {1, 2}


@given(st.lists(st.floats(0, 4e9), min_size=1, max_size=50))
def test_times_are_written_as_the_calendar_has_them(times: list[float]) -> None:
    """To the nearest microsecond, also where that is the next second."""
    near = [math.floor(at) + 0.9999996 for at in times]
    head = '["id",0,1,{!r},0.5,"ada","/api/v1.0","iris","1"]\t{{}}\t[]\t\n'
    records = records_of([head.format(at).encode() for at in [*times, *near]])
    assert [one.at for one in records] == [
        time_text(datetime.fromtimestamp(at, UTC)) for at in [*times, *near]
    ]


class Noting(Drainer):
    """A drainer that notes of each thread in which it looked how nice it was, and on how many processors."""

    noted: list[tuple[int, int]]

    def look(self) -> bool:
        how = (os.getpriority(os.PRIO_PROCESS, 0), len(os.sched_getaffinity(0)))
        self.noted = [*getattr(self, "noted", ()), how]
        return super().look()


@pytest.mark.skipif(sys.platform != "linux", reason="only threads of Linux have a niceness of their own")
def test_draining_gives_way_until_much_is_waiting(spool: Spool, predictions: Predictions) -> None:
    """Little by a nice thread that keeps to one processor, much by one that is as those that answer."""
    drainer, usual = Noting(spool, predictions), os.getpriority(os.PRIO_PROCESS, 0)
    nicely, urgently = (max(usual, NICENESS), 1), (usual, len(os.sched_getaffinity(0)))
    for number, (much, how) in enumerate([(1_000_000, nicely), (10, urgently)]):
        spool.append(line(number))
        spool.hand_over()
        DrainNicely(drainer, spool, much).look()
        assert drainer.noted[-1] == how
    assert ids(predictions) == {0, 1}


@pytest.mark.skipif(sys.platform != "linux", reason="only threads of Linux are bound to a processor")
def test_a_thread_that_may_not_be_bound_drains_all_the_same(
    spool: Spool, predictions: Predictions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some sandboxes do not let it."""

    def refused(thread: int, processors: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refused)
    spool.append(line(1))
    spool.hand_over()
    DrainNicely(Drainer(spool, predictions), spool).look()
    assert ids(predictions) == {1}


def test_what_waits_is_counted_whoever_has_it(spool: Spool) -> None:
    """The file that is written to, and those that were handed over; nothing where there is no folder."""
    assert spool.waiting() == 0
    spool.append(line(1))
    spool.hand_over()
    spool.append(line(2))
    assert spool.waiting() == len(line(1)) + len(line(2))
