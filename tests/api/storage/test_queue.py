"""The trainings as workers see them, in SQLite and in Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from api.storage.engine import make_tables, open_engine
from api.storage.leases import Lease
from api.storage.queue import MOST_ATTEMPTS, Claim, Ending, Queue
from api.storage.tables import LEASES, METADATA, TRAININGS
from api.storage.trainings import CANCELLED, ERROR, PENDING, PROCESSED, PROCESSING, Trainings
from api.storage.version_events import ENABLED, KEPT, PUBLISHED, VersionEvents
from tests.servers import running_postgres

REQUEST = {"dataset": "https://example.org/a.csv"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Where a Postgres of one's own is."""
    with running_postgres() as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    engine = open_engine(url, tmp_path)
    METADATA.drop_all(engine)
    make_tables(engine)
    yield engine
    engine.dispose()


def fall_silent(engine: Engine) -> None:
    """Let every lease run out."""
    with engine.begin() as connection:
        connection.execute(update(TRAININGS).values(lease_until=0.0))
        connection.execute(update(LEASES).values(until=0.0))


def claimed(queue: Queue, id: str, owner: str = "one") -> Claim:
    """A claim that must be given."""
    claim = queue.claim(id, owner)
    assert claim is not None
    return claim


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_tables_that_are_there_are_not_waited_for(engine: Engine) -> None:
    """A process that starts does not wait for one that froze while it was writing to them."""
    with engine.begin() as frozen:
        frozen.execute(update(TRAININGS).values(step="frozen"))
        frozen.execute(update(LEASES).values(owner="frozen"))
        hurried = engine.url.update_query_dict({"options": "-c lock_timeout=2000"})
        other = open_engine(hurried.render_as_string(hide_password=False), Path())
        make_tables(other)
        other.dispose()


def test_a_training_is_one_worker_s_at_a_time(engine: Engine) -> None:
    """Of sixteen that claim it at once, one gets it; nobody else can keep or end it."""
    queue, trainings = Queue(engine), Trainings(engine)
    id = trainings.add(REQUEST, "ada")[0].id
    with ThreadPoolExecutor(16) as pool:
        claims = [one for one in pool.map(lambda n: queue.claim(id, str(n)), range(16)) if one]
    assert len(claims) == 1
    assert (claims[0].request, claims[0].by) == (REQUEST, "ada")
    stranger = Claim(id, "stranger", REQUEST, "ada")
    assert queue.keep(stranger, 0.5, "fit", None) == ""
    assert not queue.announce(stranger, "a", "1", None)
    assert not queue.end(stranger, Ending(PROCESSED))
    assert queue.keep(claims[0], 0.5, "fit", "a forest") == PROCESSING
    found = trainings.get(id)
    assert found is not None
    assert (found.status, found.progress, found.step, found.message) == (PROCESSING, 0.5, "fit", "a forest")


def test_a_silent_worker_s_training_is_another_s(engine: Engine) -> None:
    """After its lease has run out it is claimed again, and the first can do nothing to it any more."""
    queue, trainings = Queue(engine), Trainings(engine)
    id = trainings.add(REQUEST, "ada")[0].id
    first = claimed(queue, id)
    assert queue.waiting() == []
    fall_silent(engine)
    assert queue.waiting() == [id]
    second = claimed(queue, id, "two")
    assert not queue.announce(first, "a", "1", None)
    assert not queue.end(first, Ending(ERROR, error={"detail": "late"}))
    assert queue.end(second, Ending(PROCESSED, "a", "1", enabled=True, metrics={"f1": 0.5}, report={"a": 1}))
    found = trainings.get(id)
    assert found is not None
    assert (found.status, found.model, found.version, found.enabled) == (PROCESSED, "a", "1", True)
    assert (found.metrics, found.report, found.error, found.progress) == ({"f1": 0.5}, {"a": 1}, None, 1.0)


def test_workers_that_always_fall_silent_are_not_tried_for_ever(engine: Engine) -> None:
    """After some attempts it is an error that says so; giving back what was not begun is no attempt."""
    queue, trainings = Queue(engine), Trainings(engine)
    id = trainings.add(REQUEST, "ada")[0].id
    for _ in range(5):
        queue.give_back(claimed(queue, id), begun=False)
    for _ in range(MOST_ATTEMPTS):
        claimed(queue, id)
        fall_silent(engine)
    assert queue.claim(id, "one") is None
    found = trainings.get(id)
    assert found is not None
    assert found.status == ERROR
    assert found.error is not None
    assert "without a word" in found.error["detail"]


def test_what_nobody_works_on_is_cancelled_at_once(engine: Engine) -> None:
    """Pending or abandoned, it ends; one under way is told; one that has ended stays as it is."""
    queue, trainings = Queue(engine), Trainings(engine)
    pending, abandoned, working, ended = (trainings.add(REQUEST, "ada")[0].id for _ in range(4))
    claimed(queue, abandoned)
    fall_silent(engine)
    claim = claimed(queue, working)
    assert queue.end(claimed(queue, ended), Ending(PROCESSED))
    found = [trainings.cancel(id) for id in (pending, abandoned, working, ended)]
    assert [one and one.status for one in found] == [CANCELLED, CANCELLED, PROCESSING, PROCESSED]
    assert queue.keep(claim, 0.1, "read", None) == CANCELLED
    assert not queue.announce(claim, "a", "1", None)
    fall_silent(engine)
    assert queue.claim(working, "two") is None
    after = trainings.get(working)
    assert after is not None
    assert after.status == CANCELLED
    assert queue.waiting() == []
    assert trainings.cancel("none") is None


def test_a_version_is_kept_back_until_its_training_enables_it(engine: Engine) -> None:
    """What answers is pinned once, and the new version is kept back; the end publishes and enables it."""
    queue, trainings, events = Queue(engine), Trainings(engine), VersionEvents(engine)
    first = claimed(queue, trainings.add(REQUEST, "ada")[0].id)
    assert queue.announce(first, "a", "2", "1")
    assert (events.enabled(), events.kept()) == ({"a": "1"}, {("a", "2")})
    assert queue.end(first, Ending(PROCESSED, "a", "2", enabled=False))
    assert (events.enabled(), events.kept()) == ({"a": "1"}, {("a", "2")})
    second = claimed(queue, trainings.add(REQUEST, "bob")[0].id)
    assert queue.announce(second, "a", "3", "1")
    assert queue.end(second, Ending(PROCESSED, "a", "3", enabled=True))
    assert (events.enabled(), events.kept()) == ({"a": "3"}, {("a", "2")})
    told = [(one.what, one.version, one.by) for one in reversed(events.of("a"))]
    assert told == [
        (ENABLED, "1", "training"),
        (KEPT, "2", "ada"),
        (PUBLISHED, "2", "ada"),
        (KEPT, "3", "bob"),
        (PUBLISHED, "3", "bob"),
        (ENABLED, "3", "bob"),
    ]


def test_the_same_key_is_the_same_training(engine: Engine) -> None:
    """Sixteen requests with one key add one; another caller's key is another; no key is never the same."""
    trainings = Trainings(engine)
    with ThreadPoolExecutor(16) as pool:
        added = list(pool.map(lambda _: trainings.add(REQUEST, "ada", "key"), range(16)))
    assert len({training.id for training, _ in added}) == 1
    assert sum(new for _, new in added) == 1
    assert trainings.add(REQUEST, "bob", "key")[1]
    assert trainings.add(REQUEST, "ada")[1]
    assert trainings.add(REQUEST, "ada")[1]


def test_pages_are_stable_while_others_are_added(engine: Engine) -> None:
    """Newest first, from below a number on: what is added meanwhile moves nothing."""
    trainings = Trainings(engine)
    ids = [trainings.add(REQUEST, "ada")[0].id for _ in range(5)]
    first = trainings.page(None, 2)
    trainings.add(REQUEST, "ada")
    rest = trainings.page(first[-1].number, 10)
    assert [one.id for one in first + rest] == ids[::-1]


def test_an_id_is_sent_once_and_again_if_nobody_took_it(engine: Engine) -> None:
    """It is due at first, after the queue was away, and after it was given back."""
    queue, trainings = Queue(engine), Trainings(engine)
    id = trainings.add(REQUEST, "ada")[0].id
    assert (queue.to_send(), queue.to_send()) == ([id], [])
    queue.not_sent([id])
    assert (queue.to_send(), queue.to_send()) == ([id], [])
    with engine.begin() as connection:
        connection.execute(update(TRAININGS).values(sent_at=TRAININGS.c.sent_at - 100))
    assert queue.to_send() == [id]
    claim = claimed(queue, id)
    queue.give_back(claim, begun=False)
    assert queue.to_send() == [id]


def test_a_lease_is_one_owner_s(engine: Engine) -> None:
    """Only its owner keeps it, until it is given up or has run out."""
    one, two = Lease(engine, "drain", "one"), Lease(engine, "drain", "two")
    assert not one.taken()
    assert (one.take(), one.take(), two.take(), two.taken()) == (True, True, False, True)
    one.give_up()
    assert (two.take(), one.take()) == (True, False)
    fall_silent(engine)
    assert not two.taken()
    assert one.take()


def test_pending_is_the_first_state(engine: Engine) -> None:
    """What was added is pending, has no progress, and is not there under another id."""
    trainings = Trainings(engine)
    added, _ = trainings.add(REQUEST | {"model": "a"}, "ada")
    assert (added.status, added.progress, added.model, added.by) == (PENDING, 0.0, "a", "ada")
    assert trainings.get(added.id) == added
    assert trainings.get("none") is None
