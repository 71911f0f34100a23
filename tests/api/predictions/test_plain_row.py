"""One plain row beside the general functions: the same values, the same inputs in the record."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.errors import InvalidInput
from api.predictions.instances import rows_of_instances
from api.predictions.plain_fields import USUAL_NUMBER, USUAL_WHOLE
from api.predictions.plain_row import PlainRow, PlainRows
from api.predictions.record import inputs_of
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.registry.explanation import Explanation
from api.runtime.one_row.unrolled import MOST
from api.runtime.rows import Rows, rows_from
from api.schema.fields import Choice, Field, Kind, Observed
from api.schema.observed import outside_observed
from api.schema.parse import parse_pairs
from api.schema.schema import Schema

CHOICES = tuple(Choice(one, one) for one in ("red", "%", "a+b", "ä", " ", "'\"\\"))
SCHEMA = Schema(
    (
        Field("length", "Length", Kind.NUMBER, observed=Observed(-2.0, 9.5)),
        Field("mass", "Mass", Kind.NUMBER),
        Field("legs", "Legs", Kind.INTEGER, observed=Observed(0, 1e30)),
        Field("colour", "Colour", Kind.CHOICE, choices=CHOICES),
        Field("tame", "Tame", Kind.BOOLEAN),
        Field("soil", "Soil", Kind.CHOICE, choices=CHOICES, missing_allowed=True, others_allowed=True),
        Field("100%", "Whole", Kind.BOOLEAN, missing_allowed=True),
        Field("age", "Age", Kind.INTEGER, missing_allowed=True, observed=Observed(0, 9)),
    )
)
# With no name that a query would write otherwise.
MIXED = Schema(tuple(one for one in SCHEMA.fields if one.name != "100%"))
NUMBERS = Schema((*SCHEMA.fields[:3], SCHEMA.fields[-1]))
MEASURES = Schema((*SCHEMA.fields[:2], Field("width", "Width", Kind.NUMBER, missing_allowed=True)))
# As a query would write another name, and so not this one.
SPELT = Schema((*MEASURES.fields, Field("a%20b", "Spelt", Kind.NUMBER)))


@pytest.fixture(scope="module")
def card(models_dir: Path) -> Card:
    """Some card, whose schema the tests replace."""
    return ModelsDirectory(models_dir).card("iris", "1")


numbers = st.one_of(
    st.floats(-2, 9).map(repr),
    st.integers(-3, 12).map(str),
    st.from_regex(USUAL_NUMBER, fullmatch=True),
    st.sampled_from(["", "-0.0", "-0", "1e3", "1e+3", "1e300", "nan", "inf", "5_1", " 5", "5.0", "3="]),
)  # fmt: skip
words = st.sampled_from(
    ["", "true", "TRUE", "1", "off", "no", "red", *(one.value for one in CHOICES), "blue", "\x00"]
)
texts = {"length": numbers, "mass": numbers, "legs": numbers, "age": numbers}
pairs = st.fixed_dictionaries(
    {one.name: texts.get(one.name, words) for one in SCHEMA.fields} | {"width": numbers, "a%20b": numbers}
)
members: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        ["", None, True, False, *(one.value for one in CHOICES), "blue", "\ud800", [], {}, 1, 0, 1.0]
    ),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-3, 12),
    st.sampled_from([-0.0, 10**400, 1e39, 2**70]),
)
lefts: st.SearchStrategy[set[str]] = st.one_of(
    st.just(set()), st.sets(st.sampled_from(["legs", "soil", "100%", "age"]), max_size=4)
)
plain_numbers = st.one_of(st.floats(-9, 9), st.integers(-9, 9))


def _assert_same(row: PlainRow, rows: Rows, card: Card) -> None:
    # By their texts, in which 0.0 and -0.0 differ.
    numbers, words, inputs = row
    assert repr(numbers) == repr(rows.numbers[0].tolist())
    assert list(words) == ["" if one is None else one for one in rows.texts[0]]
    assert inputs == json.dumps(inputs_of(card, rows), separators=(",", ":"))


@given(
    given_pairs=pairs,
    order=st.one_of(
        st.just([*range(len(SCHEMA.fields) + 2)]), st.permutations(range(len(SCHEMA.fields) + 2))
    ),
    left_out=lefts,
    spelt=st.tuples(
        st.sampled_from([SCHEMA, MIXED, MIXED, NUMBERS, MEASURES, MEASURES, SPELT]),
        st.sampled_from(["", "%+ \"'"]),
        st.sampled_from(["", "", "&legs=1", "&x=1", "&", "&explain=1"]),
    ),
)
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_query_is_read_as_the_general_functions_read_it(
    card: Card,
    given_pairs: dict[str, str],
    order: list[int],
    left_out: set[str],
    spelt: tuple[Schema, str, str],
) -> None:
    """What is taken for plain has no problem and no warning, and is the row that parsing makes of it."""
    fields, safe, added = spelt
    names = set(fields.names) - left_out
    items = [item for at in order if (item := list(given_pairs.items())[at])[0] in names]
    query = "&".join(f"{quote(name, safe)}={quote(text, safe)}" for name, text in items) + added
    row = PlainRows(replace(card, schema=fields)).from_query(query)
    if row is not None:
        parsed = parse_pairs(fields, parse_qsl(query, keep_blank_values=True, errors="replace"))
        assert outside_observed(fields, parsed) == ()
        _assert_same(row, rows_from(fields, [parsed]), replace(card, schema=fields))


@given(
    given_object=st.fixed_dictionaries({one.name: members for one in SCHEMA.fields}),
    usual=st.fixed_dictionaries(dict.fromkeys(NUMBERS.names, plain_numbers)),
    left_out=lefts,
    more=st.sampled_from([{}, {}, {}, {"x": 1}]),
)
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_object_is_read_as_the_general_functions_read_it(
    card: Card, given_object: dict[str, Any], usual: dict[str, Any], left_out: set[str], more: dict[str, Any]
) -> None:
    """What is taken for plain has no problem, and is the row that is made of it among many."""
    for fields, made in ((SCHEMA, given_object), (SCHEMA, given_object | usual), (NUMBERS, usual)):
        sent = {name: value for name, value in made.items() if name not in left_out} | more
        row = PlainRows(replace(card, schema=fields)).from_object(sent)
        if row is not None:
            _assert_same(row, rows_of_instances(fields, [sent]), replace(card, schema=fields))


GOOD = {
    "length": 1.5,
    "mass": 2,
    "legs": 4,
    "colour": "red",
    "tame": True,
    "soil": "red",
    "100%": False,
    "age": 2,
}


def test_what_is_usual_is_plain(card: Card) -> None:
    """Numbers, choices and booleans that fit need nobody else."""
    rows = PlainRows(replace(card, schema=SCHEMA))
    row = rows.from_object(GOOD)
    assert row is not None
    assert row[:2] == ([1.5, 2.0, 4.0, 1.0, 0.0, 2.0], ["red", "red"])
    query = PlainRows(replace(card, schema=Schema(SCHEMA.fields[:-2]))).from_query(
        "soil=&tame=no&colour=red&legs=4&mass=-1e3&length=1.50"
    )
    assert query is not None
    assert query[:2] == ([1.5, -1000.0, 4.0, 0.0], ["red", ""])


def test_what_is_missing_is_plain(card: Card) -> None:
    """A gap is NaN to the model and null in the record, where the field allows one."""
    row = PlainRows(replace(card, schema=SCHEMA)).from_object(
        GOOD | {"soil": None, "100%": None, "age": None}
    )
    assert row is not None
    given, texts, inputs = row
    assert repr(given) == "[1.5, 2.0, 4.0, 1.0, nan, nan]"
    assert texts == ["red", ""]
    assert inputs.endswith('"soil":[null],"100%":[null],"age":[null]}')
    assert PlainRows(replace(card, schema=SCHEMA)).from_object(GOOD | {"mass": None}) is None
    left_out = {name: value for name, value in GOOD.items() if name not in ("soil", "100%", "age")}
    assert repr(PlainRows(replace(card, schema=SCHEMA)).from_object(left_out)) == repr(row)
    numbers = PlainRows(replace(card, schema=NUMBERS))
    assert numbers.from_query("legs=1&mass=1&length=1") == numbers.from_query("length=1&mass=1&legs=1&age=")
    for wrong in ("length=1&mass=1", "length=1&mass=1&mass=1", "length=1&mass=1&legs=1&legs=1", "age=&age=1"):
        assert numbers.from_query(wrong) is None
    query = numbers.from_query("length=1&mass=1&legs=1&age=")
    assert query is not None
    assert query[2] == '{"length":[1.0],"mass":[1.0],"legs":[1],"age":[null]}'
    assert numbers.from_query("length=1&mass=&legs=1&age=1") is None


@given(text=st.from_regex(USUAL_NUMBER, fullmatch=True))
def test_a_usual_number_is_written_as_the_record_writes_it(text: str) -> None:
    """So that it need not be written anew."""
    assert repr(float(text)) == text


@pytest.mark.parametrize(
    "text",
    ["5", "5.10", "05.1", ".5", "5.", "0.0001", "1e3", "+5.1", "12345678.5", "0.12345678", "5_1.0", ""],
)
def test_another_number_is_not_usual(text: str) -> None:
    """It may be written otherwise there."""
    assert re.fullmatch(USUAL_NUMBER, text) is None


def test_usual_and_other_numbers_are_the_same_row(card: Card) -> None:
    """Whichever way they are written, within what the model has seen, and outside of it none."""
    rows = PlainRows(replace(card, schema=Schema(MEASURES.fields[:2])))
    row = rows.from_query("length=1.5&mass=-2.0")
    assert row == ([1.5, -2.0], (), '{"length":[1.5],"mass":[-2.0]}')
    for other in ("length=1.50&mass=-2", "length=15e-1&mass=-2.0", "mass=-2.0&length=1.5"):
        assert rows.from_query(other) == row
    for outside in ("length=9.6&mass=1.0", "length=-2.5&mass=1.0", "length=9.60&mass=1"):
        assert rows.from_query(outside) is None


def test_usual_words_and_numbers_are_the_same_row_as_others(card: Card) -> None:
    """In their order or not; what a choice or a boolean is none of is for others."""
    rows = PlainRows(replace(card, schema=MIXED))
    usual = "length=1.5&mass=-2.0&legs=4&colour=red&tame=true&soil=&age=3.0"
    row = rows.from_query(usual)
    inputs = (
        '{"length":[1.5],"mass":[-2.0],"legs":[4],"colour":["red"],"tame":[true],"soil":[null],"age":[3]}'
    )
    assert row == ([1.5, -2.0, 4.0, 1.0, 3.0], ["red", ""], inputs)
    for other in ("&".join(reversed(usual.split("&"))), usual.replace("1.5", "15e-1").replace("true", "on")):
        assert rows.from_query(other) == row
    for wrong in (usual.replace("red", "blue"), usual.replace("true", ""), usual.replace("3.0", "10")):
        assert rows.from_query(wrong) is None


def test_many_fields_are_read_as_few(card: Card) -> None:
    """Where there are too many to be written out."""
    fields = tuple(Field(f"f{at}", "F", Kind.NUMBER, observed=Observed(0, 9)) for at in range(MOST + 1))
    many, few = (PlainRows(replace(card, schema=Schema(some))) for some in (fields, fields[:MOST]))
    query = "&".join(f"f{at}=1.5" for at in range(MOST))
    assert few._read is not None
    assert many._read is None
    assert few.from_query(query) == ([1.5] * MOST, (), few._inputs % (("1.5",) * MOST))
    row = many.from_query(f"{query}&f{MOST}=2.5")
    assert row is not None
    assert row[0] == [1.5] * MOST + [2.5]
    assert many.from_query(f"{query}&f{MOST}=9.5") is None


@pytest.mark.parametrize("text", ["0", "-7", "123456789", "40.0"])
def test_a_usual_whole_number_is_written_without_its_point(text: str) -> None:
    """As the record has it."""
    found = re.fullmatch(USUAL_WHOLE, text)
    assert found is not None
    assert found[1] == str(int(float(text)))


@pytest.mark.parametrize("text", ["", "-0", "05", "1e3", "1234567890", "4.5", "4.00", "4."])
def test_another_whole_number_is_not_usual(text: str) -> None:
    """It may be written otherwise there, or be none."""
    assert re.fullmatch(USUAL_WHOLE, text) is None


def test_what_is_explained_unasked_is_not_plain(card: Card) -> None:
    """Answers that come with their reasons are others' work."""
    explained = replace(card, schema=NUMBERS, explanation=Explanation({"mass": 1.0}, by_default=True))
    assert PlainRows(explained).from_query("length=1&mass=1&legs=1&age=") is None
    assert (
        PlainRows(replace(explained, explanation=None)).from_query("length=1&mass=1&legs=1&age=") is not None
    )


def test_texts_are_not_plain(card: Card, schema: Schema) -> None:
    """A field that takes any text is others' work."""
    sent = {"length": 1.5, "legs": 4, "colour": "red", "note": "a", "tame": True}
    rows_of_instances(schema, [sent])
    assert PlainRows(replace(card, schema=schema)).from_object(sent) is None


def test_a_wrong_row_is_not_plain(card: Card) -> None:
    """What the general functions refuse, they are left to refuse."""
    assert PlainRows(replace(card, schema=SCHEMA)).from_object(GOOD | {"legs": 1.5}) is None
    with pytest.raises(InvalidInput):
        rows_of_instances(SCHEMA, [GOOD | {"legs": 1.5}])
