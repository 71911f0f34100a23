"""Packed lines: what the database gets of many rows is what was answered, whatever their bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.predictions.asking import Asking
from api.predictions.lines import records_of
from api.predictions.prediction import DECIMALS, Batch
from api.predictions.record import Recorder, inputs_of
from api.predictions.spool import Spool
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.runtime.rows import Rows, rows_from
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema
from api.schema.target import Target, TargetClass
from api.storage.predictions import Answered

# A double of which each byte ends a line, escapes, or follows an escape.
ODD = [float(np.frombuffer(bytes([byte] * 8), "<f8")[0]) for byte in b"\n\r\t\x1b012"]

# What is larger than single precision holds, infinity among it, is refused before.
finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = st.one_of(st.none(), st.sampled_from(ODD), st.sampled_from([-0.0, 1e-7, 5e-5, 1e300]), finite)
wholes = st.one_of(st.none(), st.integers(-(2**60), 2**60), st.sampled_from([2**53, 2**53 + 2, -0.0, 2.5]))
texts = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])), st.just('ü\t\n\r\x1b1\x00"%'))
rows_given = st.lists(st.tuples(numbers, wholes, texts, texts, st.none() | st.booleans()), min_size=2)


@pytest.fixture(scope="module")
def card(garden_dir: Path) -> Card:
    """A card of a classifier, to be given other fields and classes."""
    return ModelsDirectory(garden_dir).card("meadow", "1")


class Lines:
    """Lines as they come."""

    def __init__(self) -> None:
        self.all: list[bytes] = []

    def append(self, lines: bytes) -> None:
        """Keep one."""
        assert lines.splitlines(keepends=True) == [lines]
        self.all.append(lines)


def recorded(card: Card, rows: Rows, answers: Answers, first: int = 0) -> tuple[list[bytes], list[Answered]]:
    """The lines of some answers and the records that they become."""
    lines = Lines()
    batch = Batch("an-id", card, answers, 0.25)
    asking = Asking("ada", "/api/v1.0", "an-id", 1_800_000_000.25)
    Recorder(Spool(Path()), lines).record(asking, batch, rows, np.arange(first, first + len(rows)))
    return lines.all, records_of(lines.all)


def of_every_kind(card: Card, labels: tuple[str, ...] = ()) -> Card:
    """The card with a field of every kind, and these classes."""
    fields = (
        Field("length", "Length", Kind.NUMBER),
        Field('le"gs\t\u2028', "Legs", Kind.INTEGER),
        Field("colour", "Colour", Kind.CHOICE, choices=(Choice("red", "Red"),), others_allowed=True),
        Field("note", "Note", Kind.TEXT),
        Field("tame", "Tame", Kind.BOOLEAN),
    )
    classes = tuple(TargetClass(f"c{at}", label) for at, label in enumerate(labels))
    return replace(card, schema=Schema(fields), target=Target("kind", "Kind", classes))


@given(rows_given, st.data())
def test_what_is_packed_is_unpacked(
    card: Card, given_rows: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    """Every value of every kind, missing or not, is on record as it was given, and each answer as given."""
    labels = ("no", 'ye"s\n', "vielleicht\u00fc")
    card = of_every_kind(card, labels)
    rows = rows_from(card.schema, given_rows)
    count = len(rows)
    chosen = data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    shares = data.draw(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=count, max_size=count))
    answers = ClassAnswers(np.array(chosen), np.array(shares))
    lines, (record,) = recorded(card, rows, answers, first=7)
    assert all(line.startswith(b"{") for line in lines)
    assert (record.id, record.row, record.rows, record.seconds) == ("an-id", 7, count, 0.25)
    assert (record.by, record.route, record.model) == ("ada", "/api/v1.0", "meadow")
    assert record.inputs.isascii()
    found = json.loads(record.inputs)
    assert found == inputs_of(card, rows)
    assert list(found) == list(card.schema.names)
    assert json.loads(record.answers) == [labels[at] for at in chosen]
    assert record.probabilities is not None
    probabilities = json.loads(record.probabilities)
    assert list(probabilities) == list(labels)
    expected = np.round(np.array(shares), DECIMALS).T.tolist()
    assert list(probabilities.values()) == expected


@given(st.lists(st.one_of(st.sampled_from(ODD), st.floats(-1e300, 1e300)), min_size=2))
def test_values_that_were_answered_are_unpacked(card: Card, values: list[float]) -> None:
    """A regressor's answers are on record to the last bit, and there are no probabilities."""
    card = of_every_kind(card)
    rows = rows_from(card.schema, [(1.0, 2, "red", "", True)] * len(values))
    _, (record,) = recorded(card, rows, ValueAnswers(np.array(values)))
    assert record.probabilities is None
    read = np.array(json.loads(record.answers), dtype=np.float64)
    assert read.tobytes() == np.array(values).tobytes()


def test_the_texts_in_the_database_are_these(card: Card) -> None:
    """The bytes that were kept before lines were packed: the record of years does not change its form."""
    card = of_every_kind(card, ("no", "yes"))
    rows = rows_from(
        card.schema, [(5e-5, 3, "red", "a", True), (-0.0, 4, "r\xfct", None, False), (1e16, 5, "b", "", True)]
    )
    answers = ClassAnswers(np.array([0, 1, 0]), np.array([[0.99999999, 1e-8], [0.25, 0.75], [0.9999, 1e-4]]))
    _, (record,) = recorded(card, rows, answers)
    assert record.inputs == (
        '{"length":[0.00005,-0.0,1e+16],"le\\"gs\\t\\u2028":[3,4,5],"colour":["red","r\\u00fct","b"],'
        '"note":["a",null,""],"tame":[true,false,true]}'
    )
    assert record.answers == '["no","yes","no"]'
    assert record.probabilities == '{"no":[1.0,0.25,0.9999],"yes":[0.0,0.75,0.0001]}'


@pytest.mark.parametrize("count", [2, 256, 257, 70_000])
def test_classes_may_be_many(card: Card, count: int) -> None:
    """The last of them is found as the first is, also without probabilities."""
    labels = tuple(f"c{at}" for at in range(count))
    card = of_every_kind(card, labels)
    rows = rows_from(card.schema, [(1.0, 2, "red", "", True)] * 2)
    _, records = recorded(card, rows, ClassAnswers(np.array([0, count - 1]), None))
    # Of very many classes, each row has a line of its own.
    assert [label for one in records for label in json.loads(one.answers)] == [labels[0], labels[-1]]
    assert {one.probabilities for one in records} == {None}


def test_packed_lines_and_others_come_in_any_order(card: Card) -> None:
    """What an earlier version left in the spool is drained with what this one wrote."""
    card = of_every_kind(card, ("no", "yes"))
    rows = rows_from(card.schema, [(1.0, 2, "red", "", True), (2.0, None, "red", "", False)])
    packed = recorded(card, rows, ClassAnswers(np.array([0, 1]), None))[0]
    written = recorded(card, rows[:1], ClassAnswers(np.array([1]), None))[0]
    before = [b'["id",0,2,1.5,0.5,"ada","/api/v1.0","iris","1"]\t{"a":[1,2]}\t["x","y"]\t\n']
    lines = [*packed, *written, *before, *before, *packed]
    assert [one.rows for one in records_of(lines)] == [2, 1, 2, 2, 2]
    assert records_of(lines) == [record for line in lines for record in records_of([line])]


@given(st.data())
def test_a_damaged_line_is_none(card: Card, data: st.DataObject) -> None:
    """Whatever a disk does to a packed line, it is a record or it is refused, and nothing else happens."""
    card = of_every_kind(card, ("no", "yes"))
    rows = rows_from(card.schema, [(ODD[0], 2, "red", "", True), (ODD[3], None, "red", "", False)])
    ((line,), _) = recorded(card, rows, ClassAnswers(np.array([0, 1]), np.array([[1, 0.0], [0, 1.0]])))
    at = data.draw(st.integers(0, len(line) - 2))
    other = data.draw(st.binary(max_size=3).filter(lambda one: b"\n" not in one))
    damaged = line[:at] + other + line[at + data.draw(st.integers(0, 20)) :].rstrip(b"\n") + b"\n"
    try:
        records = records_of([damaged])
    except (ValueError, TypeError, OverflowError):
        return
    assert len(records) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\x1b1", b"\x1b9"),
        (b'"<f8"', b'"|O"'),
        (b'"|u1"', b'"|O"'),
        (b'"shares":2', b'"shares":-2'),
        (b'"shares":2', b'"shares":3'),
        (b",2,1", b",-2,1"),
        (b'"fields"', b'"field"'),
        (b"\t", b" "),
        (b'["red","red"]', b'["red","red"]\t[1,2]'),
    ],
)
def test_what_is_wrong_in_a_packed_line_is_refused(card: Card, before: bytes, after: bytes) -> None:
    """An escape that is none, a layout that is none, other counts than there are bytes."""
    card = of_every_kind(card, ("no", "yes"))
    rows = rows_from(card.schema, [(ODD[0], 2, "red", "", True), (ODD[3], 3, "red", "", False)])
    ((line,), _) = recorded(card, rows, ClassAnswers(np.array([0, 1]), np.array([[1, 0.0], [0, 1.0]])))
    if before == b'"<f8"':
        ((line,), _) = recorded(card, rows, ValueAnswers(np.array([0.5, 1.0])))
    assert before in line
    with pytest.raises((ValueError, TypeError)):
        records_of([line.replace(before, after, 1)])
