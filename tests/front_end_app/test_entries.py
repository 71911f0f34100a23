"""What was typed: how numbers are read, what is sent to the API, what is shown again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from front_end_app.cards import read_card
from front_end_app.entries import Entry, entries, number_read, payload, readable, two_readings, typed
from front_end_app.fields import Field

from .samples import GARDEN, IRIS, YIELD

LENGTH = Field("length", "Length", "number", unit="cm")
NOTES = Field("notes", "Notes", "text")
GARDEN_CARD = read_card(GARDEN)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5.1", "5.1"),
        ("5,1", "5.1"),
        (" 5.1 ", "5.1"),
        ("5.1 cm", "5.1"),
        ("5,1cm", "5.1"),
        ("\N{MINUS SIGN}2,5", "-2.5"),
        (",5", ".5"),
        ("0,125", "0.125"),
        ("12,3456", "12.3456"),
        ("1e3", "1e3"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    """A decimal comma, the unit and spaces are understood."""
    assert number_read(LENGTH, text) == number


@pytest.mark.parametrize("text", ["1,234", "-12,345", "1,234.5", "1.234,5", "1,2,3", "five", "", "cm"])
def test_what_is_no_plain_number_is_left_for_the_api_to_refuse(text: str) -> None:
    """Nothing is guessed where a guess may be wrong by a factor of a thousand."""
    with pytest.raises(ValueError, match="could not convert"):
        float(number_read(LENGTH, text))


def test_a_comma_that_may_mean_either_gives_both_readings() -> None:
    """1,234 may be 1.234 or 1234; 0,234 and 1,23 can be one thing only."""
    assert two_readings(LENGTH, "1,234 cm") == ("1.234", "1234")
    assert two_readings(LENGTH, "0,234") is None
    assert two_readings(LENGTH, "1,23") is None


def test_text_is_never_changed() -> None:
    """A comma in a text is a comma."""
    assert number_read(NOTES, " 5,1 cm ") == " 5,1 cm "


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_sent_as_it_was_typed(number: float) -> None:
    """Whatever Python prints as a float reaches the API as the same float."""
    assert float(number_read(LENGTH, repr(number))) == number


@given(st.text())
def test_reading_a_number_twice_changes_nothing_more(text: str) -> None:
    """What "Make another prediction" puts back into the form is read as it was the first time."""
    once = number_read(LENGTH, text)
    assert number_read(LENGTH, once) == number_read(LENGTH, number_read(LENGTH, once))


def test_unknown_and_repeated_names_are_passed_on() -> None:
    """The API is the judge of them, so it gets to see them, in their order."""
    pairs = [("colour", "red"), ("sepal_length", "5,1"), ("sepal_length", "6")]
    assert payload(read_card(IRIS), pairs) == [
        ("colour", "red"),
        ("sepal_length", "5.1"),
        ("sepal_length", "6"),
    ]


def test_an_empty_required_field_is_sent_and_an_empty_optional_one_is_not() -> None:
    """So the API can say that the first is missing, and take the second as not known."""
    assert payload(GARDEN_CARD, [("buds", ""), ("age", " "), ("notes", "")]) == [("buds", "")]


def test_a_ticked_box_is_one_value() -> None:
    """The form sends "false" and then "true" for a ticked box; any other repetition is passed on."""
    ticked = [("watered", "false"), ("watered", "true")]
    assert payload(GARDEN_CARD, ticked) == [("watered", "true")]
    assert payload(GARDEN_CARD, ticked[:1]) == [("watered", "false")]
    assert payload(GARDEN_CARD, ticked * 2) == ticked * 2


def test_the_first_of_repeated_values_is_shown() -> None:
    """The form has one place for it; the complaint says that it came twice."""
    assert typed(LENGTH, [("length", "1"), ("length", "2")]) == "1"
    assert typed(LENGTH, []) == ""


def test_entries_are_shown_in_words() -> None:
    """Units, choices and boxes read as on the form, and a number read differently says so."""
    pairs = [("buds", "3"), ("frost", "-2,5"), ("light", "sun"), ("watered", "false"), ("watered", "true")]
    assert entries(GARDEN_CARD, pairs) == (
        Entry("Buds", "3"),
        Entry("Frost", "-2,5 °C", "-2.5 °C"),
        Entry("Light", "Sun"),
        Entry("Soil", "Not given"),
        Entry("Notes", "Not given"),
        Entry("Watered", "Yes"),
        Entry("Pruned", "Not known"),
        Entry("Age", "Not given"),
    )


def test_a_typed_unit_is_not_shown_twice() -> None:
    """5.1 cm stays 5.1 cm."""
    (entry, *_) = entries(read_card(IRIS), [("sepal_length", "5.1 cm")])
    assert entry == Entry("Sepal length", "5.1 cm")


def test_control_characters_become_visible() -> None:
    """A page never holds a NUL byte; line breaks stay."""
    assert readable("a\x00b\x1bc\nd") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\nd"


@pytest.mark.parametrize(
    ("pairs", "sent"),
    [
        ([("sort", "bosc"), ("sort", "")], [("sort", "bosc")]),
        ([("sort", ""), ("sort", "quince")], [("sort", "quince")]),
        ([("sort", "bosc"), ("sort", "bosc")], [("sort", "bosc")]),
        ([("sort", "bosc"), ("sort", "quince")], [("sort", "bosc"), ("sort", "quince")]),
        ([("sort", ""), ("sort", "")], [("sort", "")]),
        ([("soil", ""), ("soil", "")], []),
        ([("soil", ""), ("soil", "moss")], [("soil", "moss")]),
    ],
)
def test_chosen_or_typed(pairs: list[tuple[str, str]], sent: list[tuple[str, str]]) -> None:
    """One of the two is empty and not sent; if both say something, the API is asked to object."""
    assert payload(read_card(YIELD), pairs) == sent
