"""The form: every kind of field is drawn from what the model says of it."""

from __future__ import annotations

import pytest

from front_end_app.cards import read_card
from front_end_app.errors import Complaint
from front_end_app.forms import Form, FormField, draw_form, example_pairs

from .samples import GARDEN, IRIS, YIELD, with_classes

IRIS_CARD = read_card(IRIS)
GARDEN_CARD = read_card(GARDEN)
YIELD_CARD = read_card(YIELD)


def field(form: Form, name: str) -> FormField:
    """The field of that name."""
    return next(item for item in form.fields if item.field.name == name)


def test_fields_come_in_the_models_order() -> None:
    """The form has the schema's fields, all of them, in its order, and nothing else."""
    assert [item.field.name for item in draw_form(GARDEN_CARD).fields] == [
        item["name"] for item in GARDEN["schema"]["fields"]
    ]


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("buds", "number"),
        ("frost", "number"),
        ("light", "radios"),
        ("soil", "select"),
        ("notes", "textarea"),
        ("watered", "checkbox"),
        ("pruned", "radios"),
    ],
)
def test_each_kind_has_its_control(name: str, control: str) -> None:
    """Few choices are buttons, many a list; a box cannot say "not known", so that is buttons too."""
    assert field(draw_form(GARDEN_CARD), name).control == control


def test_a_phone_shows_a_keyboard_that_can_type_the_value() -> None:
    """Number pads lack a minus sign, so a field that has been below zero gets the full keyboard."""
    form = draw_form(GARDEN_CARD)
    assert field(form, "buds").inputmode == "numeric"
    assert field(form, "frost").inputmode == "text"
    assert field(draw_form(IRIS_CARD), "sepal_length").inputmode == "decimal"


def test_the_hint_says_range_step_and_example() -> None:
    """It is made from the schema alone."""
    hint = field(draw_form(IRIS_CARD), "sepal_width").hint
    assert hint == "Seen so far: 2 to 4.4 cm. Steps of 0.1. Example: 3.5."


def test_a_field_that_says_nothing_has_no_hint() -> None:
    """Nothing is described by an empty line."""
    age = field(draw_form(GARDEN_CARD), "age")
    assert age.hint == ""
    assert age.described_by == ""


def test_optional_choices_can_be_left_unknown() -> None:
    """Where a value may be missing, "not known" is the first thing to choose."""
    assert field(draw_form(GARDEN_CARD), "pruned").options == (
        ("", "Not known"),
        ("true", "Yes"),
        ("false", "No"),
    )


def test_typed_values_are_kept() -> None:
    """What was typed stands in the form again, wrong or right."""
    form = draw_form(IRIS_CARD, [("sepal_length", "5,1"), ("petal_width", "<b>")])
    assert field(form, "sepal_length").value == "5,1"
    assert field(form, "petal_width").value == "<b>"
    assert not form.refused


def test_complaints_stand_at_their_fields() -> None:
    """Each at the field it names, and described by it for a screen reader."""
    form = draw_form(IRIS_CARD, [("petal_width", "x")], [Complaint("petal_width", "Not a number.")])
    wrong = field(form, "petal_width")
    assert wrong.error == "Not a number."
    assert "field-4-error" in wrong.described_by.split()
    assert form.wrong_fields == (wrong,)
    assert form.complaints == ()
    assert form.refused


def test_complaints_of_no_field_stand_above_the_form() -> None:
    """Unknown names and complaints of the whole are not lost, and the name is said once."""
    complaints = [
        Complaint("colour", "Not known."),
        Complaint("x", "x is not known."),
        Complaint(None, "Full."),
    ]
    form = draw_form(IRIS_CARD, [], complaints)
    assert form.complaints == ("colour: Not known.", "x is not known.", "Full.")
    assert form.refused


def test_several_complaints_of_one_field_are_all_said() -> None:
    """A value may be both repeated and wrong."""
    form = draw_form(IRIS_CARD, [], [Complaint("petal_width", "Once."), Complaint("petal_width", "Twice.")])
    assert field(form, "petal_width").error == "Once. Twice."


def test_the_summary_names_each_field_once() -> None:
    """Whether or not the complaint does so itself."""
    told = [Complaint("petal_width", "Petal width is missing."), Complaint("sepal_width", "Too wide.")]
    form = draw_form(IRIS_CARD, [], told)
    assert [item.reminder for item in form.wrong_fields] == [
        "Sepal width: Too wide.",
        "Petal width is missing.",
    ]


def test_a_comma_that_may_mean_either_is_explained() -> None:
    """Instead of "not a number", which would be of no help to who typed 1,234."""
    form = draw_form(IRIS_CARD, [("petal_width", "1,234")], [Complaint("petal_width", "Not a number.")])
    error = field(form, "petal_width").error
    assert error == "Petal width may be 1.234 or 1234: write the one you mean."


def test_the_example_is_the_models_own() -> None:
    """It fills every field that has one."""
    assert dict(example_pairs(IRIS_CARD))["sepal_length"] == "5.1"
    assert dict(example_pairs(GARDEN_CARD)) == {
        "buds": "3",
        "light": "sun",
        "notes": "moved in spring",
        "watered": "true",
    }


def test_a_choice_may_be_another() -> None:
    """What is none of the choices stands in the field beside them, where the model allows it."""
    form = draw_form(YIELD_CARD, [("sort", "quince"), ("sort", "")])
    assert (field(form, "sort").control, field(form, "sort").other) == ("radios", "quince")
    assert field(form, "soil").control == "select"
    known = draw_form(YIELD_CARD, [("sort", "bosc")])
    assert (field(known, "sort").value, field(known, "sort").other) == ("bosc", "")
    assert field(draw_form(GARDEN_CARD, [("light", "moon")]), "light").other == ""


def test_an_empty_box_is_said_to_mean_no() -> None:
    """A box cannot be left out, so what it says empty is written beside it."""
    assert field(draw_form(GARDEN_CARD), "watered").hint == "Left empty, it says no."


def test_many_fields_are_laid_out_closely() -> None:
    """Thirty are long, eight are not; how many may be left empty is counted."""
    assert draw_form(read_card(with_classes(30))).long
    assert not draw_form(GARDEN_CARD).long
    assert draw_form(GARDEN_CARD).optional == 3
