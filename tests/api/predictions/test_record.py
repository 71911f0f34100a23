"""The record: what is in a line, and its way through the spool into the database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, create_engine, delete, text

from api.errors import NotRecorded, StorageUnavailable
from api.predictions.asking import Asking
from api.predictions.drain import Drainer
from api.predictions.lines import records_of
from api.predictions.plain_row import PlainRows
from api.predictions.predict import Predictor
from api.predictions.record import Recorder
from api.predictions.segment import KEPT, abandoned_segment
from api.predictions.spool import MOST_BYTES, Spool
from api.registry.directory import ModelsDirectory
from api.runtime.answers import ClassAnswers, ValueAnswers
from api.runtime.rows import Rows, numbers_only
from api.runtime.serving import ServingModels
from api.storage.engine import make_tables, open_engine
from api.storage.predictions import Answered, Predictions, Wanted
from api.storage.tables import METADATA
from tests.servers import running_postgres
from tests.services import ROOT

PAIRS = [("sepal_length", "5.1"), ("sepal_width", "3.5"), ("petal_length", "1.4"), ("petal_width", "0.2")]
EVERYTHING = Wanted()


class Lines:
    """Lines as they come, in memory."""

    def __init__(self) -> None:
        self.text = b""

    def append(self, lines: bytes) -> None:
        """Keep them."""
        self.text += lines

    @property
    def records(self) -> list[Answered]:
        """What they say."""
        return records_of(self.text.splitlines(keepends=True))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database of either kind."""
    if request.param == "sqlite":
        yield open_engine("", tmp_path_factory.mktemp("database"))
        return
    with running_postgres() as server:
        engine = open_engine(server.url, Path())
        yield engine
        engine.dispose()


@pytest.fixture
def predictions(database: Engine) -> Predictions:
    """An empty record."""
    make_tables(database)
    with database.begin() as connection:
        for table in ("predictions", "prediction_counts"):
            connection.execute(delete(METADATA.tables[table]))
    return Predictions(database)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty spool."""
    return Spool(tmp_path / "spool")


@pytest.fixture(scope="module")
def models(garden_dir: Path) -> ServingModels:
    """Every kind of model."""
    models = ServingModels(ModelsDirectory(garden_dir), chosen=dict)
    models.refresh()
    return models


def asking(user: str = "ada") -> Asking:
    """A request of somebody."""
    return Asking(user, "/api/v1.0")


def expanded(record: Answered) -> dict[str, Any]:
    """What is JSON in it, read."""
    shares = record.probabilities
    return {
        "inputs": json.loads(record.inputs),
        "answers": json.loads(record.answers),
        "probabilities": None if shares is None else json.loads(shares),
    }


def line(number: int) -> bytes:
    """A line of one row, as the recorder writes it."""
    head = [f"{number:036}", 0, 1, 1_800_000_000 + number / 1000, 0.5, "ada", "/api/v1.0", "iris", "1"]
    return f'{json.dumps(head)}\t{{"length":[{number}]}}\t["red"]\t\n'.encode()


def test_one_row_is_recorded_as_it_was_answered(models: ServingModels) -> None:
    """The record has the request's id, its values, and the label and probabilities of the answer."""
    lines, asked = Lines(), asking()
    answer = Predictor(models, Recorder(Spool(Path()), lines)).from_pairs("iris", PAIRS, asked)
    (record,) = lines.records
    assert (record.id, record.row, record.rows) == (answer.id, 0, 1) == (asked.id, 0, 1)
    assert (record.model, record.version, record.by, record.route) == ("iris", "2", "ada", "/api/v1.0")
    assert record.seconds > 0
    found = expanded(record)
    assert found["inputs"] == {name: [float(value)] for name, value in PAIRS}
    assert found["answers"] == [answer.response["predicted_species"]]
    assert [share for (share,) in found["probabilities"].values()] == list(answer.response.values())[1:]


def test_one_plain_row_is_recorded_as_any_row_is(models: ServingModels) -> None:
    """The shorter way writes the same record, with a time between those before and after."""
    lines, query = Lines(), "&".join(f"{name}={value}" for name, value in PAIRS)
    predictor = Predictor(models, Recorder(Spool(Path()), lines))
    before = asking()
    answer = predictor.plainly("iris", PlainRows.from_query, query, ("ada", "/api/v1.0"))
    after = asking()
    for one in (before, after):
        predictor.from_pairs("iris", PAIRS, one)
    plain, first, second = lines.records
    assert answer is not None
    assert first.at <= plain.at <= second.at
    assert plain.seconds > 0
    assert plain._replace(id=first.id, at=first.at, seconds=first.seconds) == first
    response, id, _ = answer
    assert plain.id == id != first.id
    assert json.loads(response)["predicted_species"] == expanded(plain)["answers"][0]


@pytest.mark.parametrize("rows", [1, 2, 30_000])
def test_rows_of_every_kind_are_recorded(models: ServingModels, rows: int) -> None:
    """Missing values, choices and booleans; many rows come in several lines, none of them lost."""
    lines = Lines()
    numbers = np.tile([[31.5, 1.0], [np.nan, 0.0]], (rows, 1))[:rows]
    texts = np.array([["clay"], ['ü\t\n\x00"%']] * rows, dtype=np.object_)[:rows]
    predictor = Predictor(models, Recorder(Spool(Path()), lines))
    batch = predictor.answer(models.get("meadow"), Rows(numbers, texts), asking())
    records = lines.records
    assert [one.row for one in records] == np.cumsum([0, *(one.rows for one in records[:-1])]).tolist()
    assert sum(one.rows for one in records) == rows
    found = expanded(records[0])["inputs"]
    assert {name: values[:2] for name, values in found.items()} == {
        "rain": [31.5, None][:rows],
        "soil": ["clay", 'ü\t\n\x00"%'][:rows],
        "watered": [True, False][:rows],
    }
    answers = [one for record in records for one in expanded(record)["answers"]]
    labels = [one.label for one in batch.card.target.classes]
    assert isinstance(batch.answers, ClassAnswers)
    assert answers == [labels[index] for index in batch.answers.classes]


@pytest.mark.parametrize("rows", [1, 3])
def test_values_of_a_regressor_are_recorded(models: ServingModels, rows: int) -> None:
    """A number is the answer, whole numbers are whole, and there are no probabilities."""
    lines = Lines()
    predictor = Predictor(models, Recorder(Spool(Path()), lines))
    given = numbers_only(np.array([[3.0, 5.5]] * rows))
    batch = predictor.answer(models.get("height"), given, asking())
    (record,) = lines.records
    assert isinstance(batch.answers, ValueAnswers)
    assert expanded(record) == {
        "inputs": {"age": [3] * rows, "light": [5.5] * rows},
        "answers": batch.answers.values.tolist(),
        "probabilities": None,
    }


def test_rows_that_do_not_follow_each_other_keep_their_numbers(models: ServingModels) -> None:
    """Of a CSV whose bad rows were left out, the record says which rows were answered."""
    lines = Lines()
    predictor = Predictor(models, Recorder(Spool(Path()), lines))
    given = numbers_only(np.ones((5, 4)))
    predictor.answer(models.get("iris"), given, asking(), np.array([7, 8, 10, 12, 13]))
    assert [(one.row, one.rows) for one in lines.records] == [(7, 2), (10, 1), (12, 2)]


def test_what_is_spooled_is_drained_once(spool: Spool, predictions: Predictions) -> None:
    """Each line comes into the database, is counted, and is gone from the spool; draining again adds none."""
    drainer = Drainer(spool, predictions)
    for number in range(450):
        spool.append(line(number))
    drainer.drain()
    drainer.drain()
    assert [one.id for one in predictions.page(EVERYTHING, None, 1000)] == [
        f"{number:036}" for number in reversed(range(450))
    ]
    assert predictions.count("iris", "1", "2000-01-01T00:00:00.000000Z") == 450
    spool.append(line(450))
    drainer.drain()
    assert len(predictions.page(EVERYTHING, None, 1000)) == 451


def test_a_segment_that_comes_twice_adds_and_counts_nothing(spool: Spool, predictions: Predictions) -> None:
    """Killed after the commit and before the segment was deleted, it is drained again to no effect."""
    lines = b"".join(line(number) for number in range(10))
    for _ in range(2):
        spool.append(lines)
        Drainer(spool, predictions).drain()
    assert len(predictions.page(EVERYTHING, None, 100)) == 10
    assert predictions.count("iris", "1", "2000-01-01T00:00:00.000000Z") == 10


def test_many_writers_and_a_drainer_lose_nothing(spool: Spool, predictions: Predictions) -> None:
    """While eight threads write and one drains, every line arrives, though segments follow each other."""
    drainer = Drainer(spool, predictions)
    padding = b" " * 20_000
    written = threading.Event()

    def write(first: int) -> None:
        for number in range(first, first + 80):
            spool.append(line(number).replace(b"\t[", b"\t" + padding + b"["))

    def drain() -> None:
        while not written.is_set():
            drainer.drain()

    writers = [threading.Thread(target=write, args=(first,)) for first in range(0, 640, 80)]
    draining = threading.Thread(target=drain)
    for thread in (*writers, draining):
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    draining.join()
    Drainer(spool, predictions).drain()
    assert 640 * len(padding) > 2 * MOST_BYTES
    assert len({one.id for one in predictions.page(EVERYTHING, None, 1000)}) == 640


def test_the_segment_of_an_ended_process_is_taken_over(
    spool: Spool, predictions: Predictions, tmp_path: Path
) -> None:
    """Its whole lines are drained and the torn one at its end is not; one that is in use is let be."""
    used = Spool(tmp_path / "spool")
    used.append(line(1))
    abandoned = tmp_path / "spool" / f"1-1-1{KEPT}"
    abandoned.write_bytes(line(2) + line(3) + line(4)[:-1])
    held = tmp_path / "spool" / "1-1-2.held"
    held.write_bytes(line(5))
    Drainer(spool, predictions).drain()
    assert {int(one.id) for one in predictions.page(EVERYTHING, None, 100)} == {2, 3}
    assert not abandoned.exists()
    assert not held.exists()
    used.close()
    Drainer(spool, predictions).drain()
    assert {int(one.id) for one in predictions.page(EVERYTHING, None, 100)} == {1, 2, 3}


def test_a_line_that_is_none_holds_up_no_other(
    spool: Spool, predictions: Predictions, tmp_path: Path
) -> None:
    """What a damaged disk made of a line is set aside, and the others are drained."""
    bad = [b"\x00" * 50 + b"\n", b"[]\t{}\t[]\t\n", line(2).replace(b"1800000000", b"1e300000000")]
    spool.append(line(1) + b"".join(bad) + line(3))
    Drainer(spool, predictions).drain()
    assert {int(one.id) for one in predictions.page(EVERYTHING, None, 100)} == {1, 3}
    assert (tmp_path / "spool" / "refused").read_bytes() == b"".join(bad)


def test_what_a_database_does_not_take_is_set_aside(
    spool: Spool, predictions: Predictions, database: Engine, tmp_path: Path
) -> None:
    """Nothing is cut to fit, and nothing left out: it is in the file of what was refused; others go on."""
    without, long = line(2).replace(b'"iris"', b"null"), line(3).replace(b'"1"', b'"' + b"1" * 21 + b'"')
    spool.append(line(1) + without + long + line(4))
    Drainer(spool, predictions).drain()
    refused = (tmp_path / "spool" / "refused").read_bytes()
    found = {int(one.id): one for one in predictions.page(EVERYTHING, None, 100)}
    # SQLite has no lengths.
    if database.dialect.name == "sqlite":
        assert (refused, set(found)) == (without, {1, 3, 4})
        assert found[3].version == "1" * 21
    else:
        assert (refused, set(found)) == (without + long, {1, 4})
    assert predictions.count("iris", "1", "2000-01-01T00:00:00.000000Z") == 2


def test_a_database_that_is_away_loses_nothing(tmp_path: Path, spool: Spool) -> None:
    """What cannot be drained stays, in several segments if it is much, and is drained when it can be."""
    folder = tmp_path / "database"
    engine = open_engine("", folder)
    drainer = Drainer(spool, Predictions(engine))
    big = b"".join(line(number) for number in range(10_000))
    for _ in range(8):
        with suppress(StorageUnavailable):
            drainer.drain()
        spool.append(big)
    spool.append(line(10_000))
    with pytest.raises(StorageUnavailable):
        drainer.drain()
    make_tables(engine)
    Drainer(spool, Predictions(engine)).drain()
    with create_engine(f"sqlite:///{folder / 'bouquet.db'}").connect() as connection:
        assert connection.execute(text("select count(*) from predictions")).scalar() == 10_001
    spool.close()
    assert list((tmp_path / "spool").iterdir()) == []


def test_what_is_held_counts_only_when_it_is_kept(
    models: ServingModels, spool: Spool, predictions: Predictions
) -> None:
    """An answer of many parts that is refused in the end is not on record; one that is given is, entirely."""
    predictor = Predictor(models, Recorder(spool))
    drainer = Drainer(spool, predictions)
    for kept in (False, True):
        with predictor.holding() as (holding, keep):
            for _ in range(3):
                holding.answer(models.get("iris"), numbers_only(np.ones((2, 4))), asking())
            drainer.drain()
            assert predictions.page(EVERYTHING, None, 100) == []
            if kept:
                keep()
    Drainer(spool, predictions).drain()
    assert len(predictions.page(EVERYTHING, None, 100)) == 3


def test_a_folder_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    """Where no record can be kept there is no answer."""
    (tmp_path / "spool").write_text("no folder")
    with pytest.raises(NotRecorded, match="try again"):
        Spool(tmp_path / "spool").append(line(1))


_FILL = """
import resource, sys
from pathlib import Path
from api.errors import NotRecorded
from api.predictions.spool import Spool
spool = Spool(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
kept = refused = 0
for number in range(100):
    try:
        spool.append(b"%099d\\n" % number * (1 + number % 7))
        kept += 1
    except NotRecorded:
        refused += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000 + 1000 * refused, resource.RLIM_INFINITY))
print(kept, refused, flush=True)
import os; os._exit(0)
"""


def test_a_write_that_finds_no_room_half_way_leaves_nothing_of_itself(tmp_path: Path) -> None:
    """What had room is there whole, what had not is not there at all, and the next line follows cleanly."""
    ended = subprocess.run(
        [sys.executable, "-c", _FILL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    kept, refused = map(int, ended.stdout.split())
    assert refused > 5
    (path,) = tmp_path.iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    assert {len(one) for one in lines} == {100}
    numbers = [int(one) for one in lines]
    assert len(set(numbers)) == kept
    assert all(numbers.count(one) == 1 + one % 7 for one in set(numbers))


def test_a_segment_is_one_process_s(spool: Spool, tmp_path: Path) -> None:
    """While it is open nobody can take it over; once it is closed anybody can."""
    spool.append(line(1))
    (path,) = (tmp_path / "spool").iterdir()
    assert abandoned_segment(path) is None
    spool.close()
    segment = abandoned_segment(path)
    assert segment is not None
    segment.close()
    os.unlink(path)
    assert abandoned_segment(path) is None


def test_old_records_are_forgotten_and_still_counted(spool: Spool, predictions: Predictions) -> None:
    """What is older than it is to be kept is deleted, some at a time."""
    old = b"".join(line(number - 10**10) for number in range(700))
    spool.append(old + line(10**12))
    Drainer(spool, predictions, days=30).drain()
    (left,) = predictions.page(EVERYTHING, None, 1000)
    assert int(left.id) == 10**12
    assert predictions.count("iris", "1", "2000-01-01T00:00:00.000000Z") == 701


def test_packed_lines_are_torn_and_damaged_like_others(
    models: ServingModels, spool: Spool, predictions: Predictions, tmp_path: Path
) -> None:
    """Many rows whose writer was killed over them are not drained; damaged ones are set aside."""
    lines: list[bytes] = []
    predictor = Predictor(models, Recorder(Spool(Path()), Each(lines)))
    for at in range(3):
        given = numbers_only(np.full((500, 4), 10 / 3 + at))
        predictor.answer(models.get("iris"), given, asking())
    whole, damaged, torn = lines[0], lines[1].replace(b'"answers"', b'"answer"'), lines[2][:-1]
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / f"1-1-1{KEPT}").write_bytes(whole + damaged + line(1) + torn)
    Drainer(spool, predictions).drain()
    found = predictions.page(EVERYTHING, None, 100)
    assert sorted(one.rows for one in found) == [1, 500]
    (many,) = [one for one in found if one.rows == 500]
    assert expanded(many)["inputs"]["sepal_length"] == [10 / 3] * 500
    assert (tmp_path / "spool" / "refused").read_bytes() == damaged


class Each:
    """Lines as they come, one by one."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines

    def append(self, lines: bytes) -> None:
        """Keep one."""
        self._lines.append(lines)
