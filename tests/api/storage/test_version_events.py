"""The record of what was done to versions."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api.errors import BadSetting, StorageUnavailable
from api.storage.engine import make_tables, open_engine
from api.storage.remembered import RememberedChoices
from api.storage.version_events import DELETED, ENABLED, KEPT, PUBLISHED, VersionEvents


@pytest.fixture
def events(tmp_path: Path) -> VersionEvents:
    """An empty record in a SQLite file."""
    engine = open_engine("", tmp_path)
    make_tables(engine)
    return VersionEvents(engine)


def test_the_version_enabled_last_is_the_choice(events: VersionEvents) -> None:
    """Each model has its own choice, and neither publishing nor deleting is one."""
    assert events.enabled() == {}
    for model, version, what in (
        ("iris", "1", ENABLED),
        ("iris", "2", PUBLISHED),
        ("wine", "1", PUBLISHED),
        ("iris", "3", ENABLED),
        ("iris", "1", DELETED),
    ):
        events.note(model, version, what, by="ada")
    assert events.enabled() == {"iris": "3"}


def test_the_newest_number_grows_with_every_event(events: VersionEvents) -> None:
    """Whoever has seen the newest number knows whether anything was done since."""
    numbers = [events.newest()]
    for _ in range(3):
        events.note("iris", "1", ENABLED, by="ada")
        numbers.append(events.newest())
    assert numbers == sorted(set(numbers))


def test_what_was_done_is_told_newest_first(events: VersionEvents) -> None:
    """The history of one model has who did what and when, and nothing of another model."""
    events.note("iris", "1", ENABLED, by="ada")
    events.note("wine", "1", ENABLED, by="ada")
    events.note("iris", "2", ENABLED, by="grace" * 100)
    newest, oldest = events.of("iris")
    assert (newest.version, newest.what, len(newest.by)) == ("2", ENABLED, 200)
    assert (oldest.version, oldest.by) == ("1", "ada")
    assert oldest.at <= newest.at


def test_many_writers_at_once_lose_nothing(events: VersionEvents) -> None:
    """Writers wait for each other instead of failing."""

    def write() -> None:
        for _ in range(20):
            events.note("iris", "1", PUBLISHED, by="ada")

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(events.of("iris")) == 80


def test_tables_are_made_once(tmp_path: Path) -> None:
    """Making them again changes nothing that is in them."""
    engine = open_engine("", tmp_path)
    make_tables(engine)
    VersionEvents(engine).note("iris", "1", ENABLED, by="ada")
    make_tables(engine)
    assert VersionEvents(engine).enabled() == {"iris": "1"}


def test_a_database_that_is_away_is_one_error(tmp_path: Path) -> None:
    """Whatever the driver raises comes out as StorageUnavailable, with the reason for the log."""
    events = VersionEvents(open_engine(f"sqlite:///{tmp_path}/no/such/folder.db", tmp_path))
    with pytest.raises(StorageUnavailable) as caught:
        events.newest()
    assert "unable to open database file" in caught.value.reason
    assert "database file" not in str(caught.value)


@pytest.mark.parametrize("url", ["nosuch://host/db", "sqlite:////proc/nothing/db.sqlite"])
def test_a_database_that_cannot_be_used_stops_the_start(url: str, tmp_path: Path) -> None:
    """A wrong URL is a setting to be put right."""
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        make_tables(open_engine(url, tmp_path))


def test_what_was_enabled_is_remembered_without_the_database(events: VersionEvents, tmp_path: Path) -> None:
    """A process that starts while the database is away answers with what was enabled last."""
    events.note("iris", "1", ENABLED, by="ada")
    events.note("wine", "2", KEPT, by="ada")
    file = tmp_path / "data" / "choices.json"
    RememberedChoices(events, file).enabled()
    away = VersionEvents(open_engine("", tmp_path / "away"))
    remembered = RememberedChoices(away, file)
    assert remembered.enabled() == {"iris": "1"}
    assert remembered.kept() == {("wine", "2")}
    file.write_text("{")
    with pytest.raises(StorageUnavailable):
        remembered.enabled()
