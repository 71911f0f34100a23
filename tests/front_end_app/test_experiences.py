"""The form of experiences: from pairs to experiences and back, what is sent, where complaints go."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from front_end_app.errors import Complaint
from front_end_app.experiences import (
    NAMES,
    Experience,
    draw_experiences,
    experience_pairs,
    payload,
    read_experiences,
    strangers,
)

TEXTS = st.text(max_size=20)
LISTS = st.lists(st.builds(Experience, TEXTS, TEXTS, TEXTS), max_size=4)


@given(LISTS)
def test_what_is_read_is_written_and_read_again(experiences: list[Experience]) -> None:
    """An address or a hidden field brings back all that was typed, but for blanks and kinds of line ends."""
    first = read_experiences([pair for one in experiences for pair in zip(NAMES, _values(one), strict=True)])
    assert first
    assert len(first) <= max(1, len(experiences))
    again = read_experiences(experience_pairs(first))
    assert [_stripped(one) for one in again] == [_stripped(one) for one in first]


@given(LISTS)
def test_what_is_sent_is_json(experiences: list[Experience]) -> None:
    """Years are a finite number or as they were typed: nothing that JSON does not have."""
    json.dumps(payload(experiences), allow_nan=False)


@given(st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), TEXTS), TEXTS)))
def test_any_pairs_at_all_are_read(pairs: list[tuple[str, str]]) -> None:
    """There is always one experience, and each value that belongs to one is kept, if it is not blank."""
    found = read_experiences(pairs)
    assert found
    kept = [value for one in found for value in _values(one) if value.strip()]
    assert len(kept) == sum(bool(value.strip()) for name, value in pairs if name in NAMES)
    assert len(strangers(pairs)) == len({name for name, _ in pairs} - set(NAMES))


def test_a_description_begins_an_experience() -> None:
    """What follows belongs to it; links that leave parts out are read too."""
    pairs = [("title", "a"), ("description", "b"), ("years", "2"), ("description", "c"), ("title", "d")]
    assert read_experiences(pairs) == (
        Experience(title="a"),
        Experience("b", years="2"),
        Experience("c", title="d"),
    )


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        *(("2,5", 2.5), (" 3 years ", 3.0), ("-1", -1.0), ("0", 0.0), ("1,234", "1,234"), ("ten", "ten")),
        *(("1e5", "1e5"), ("nan", "nan"), ("9" * 400, "9" * 400), ("٣", "٣")),
    ],
)
def test_years_are_sent_as_a_number_where_they_are_one(typed: str, sent: object) -> None:
    """The API is the judge of the others."""
    assert payload([Experience("x", "", typed)]) == [{"description": "x", "years": sent}]


def test_complaints_stand_where_they_belong() -> None:
    """At their field, or in the summary where there is none."""
    names = ("experience/1/years", "experience/7/years", "experience/0/salary", "experience", None)
    form = draw_experiences([Experience("a"), Experience("b")], [Complaint(name, "Bad.") for name in names])
    assert [block.errors for block in form.blocks] == [{}, {"years": "Bad."}]
    assert form.reminders == (("experience-2-years", "Experience 2: Bad."),)
    assert form.complaints == ("Bad.",) * 4
    assert draw_experiences([Experience("a")], [Complaint("experience/0/years", "Bad.")]).reminders == (
        ("experience-1-years", "Bad."),
    )


def _values(one: Experience) -> tuple[str, str, str]:
    return one.description, one.title, one.years


def _stripped(one: Experience) -> tuple[str, ...]:
    return tuple(value.strip() for value in _values(one))
