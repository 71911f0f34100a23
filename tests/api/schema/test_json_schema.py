"""JSON Schema of fields and targets: it takes what parsing takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.errors import FieldProblem
from api.schema.fields import Choice, Field, Kind, Observed
from api.schema.json_schema import answer_json_schema, example_row, field_json_schema, row_json_schema
from api.schema.schema import Schema
from api.schema.target import Target, TargetClass
from api.schema.typed import typed_value

SOIL = (Choice("clay", "Clay"), Choice("peat", "Peat"))
FIELDS = (
    Field("rain", "Rain", Kind.NUMBER, unit="mm", observed=Observed(0, 50), example=12.5),
    Field("buds", "Buds", Kind.INTEGER, missing_allowed=True),
    Field("soil", "Soil", Kind.CHOICE, choices=SOIL, example="clay"),
    Field("bed", "Bed", Kind.CHOICE, choices=SOIL, missing_allowed=True),
    Field("note", "Note", Kind.TEXT),
    Field("wet", "Wet", Kind.BOOLEAN, missing_allowed=True),
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["clay", "peat", "", 3.5e38, -3.4028234663852886e38, 10**39, 2.0])
)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
@settings(max_examples=300, deadline=None)
@given(value=VALUES)
def test_the_schema_takes_what_parsing_takes(field: Field, value: Any) -> None:
    """A JSON value fits the published schema exactly if the service takes it for the field."""
    if value == "" and field.missing_allowed:
        return  # Taken as missing, which is a kindness and no part of the contract.
    fits = Draft202012Validator(field_json_schema(field, details=True)).is_valid(value)
    assert fits is not isinstance(typed_value(field, value), FieldProblem)


def test_every_schema_is_one() -> None:
    """The schemas are valid JSON Schema of the 2020-12 draft, with details and without."""
    target = Target("flowers", "Flowers", (TargetClass("no", "no"), TargetClass("yes", "yes")))
    for details in (True, False):
        Draft202012Validator.check_schema(row_json_schema(Schema(FIELDS), details=details))
        Draft202012Validator.check_schema(answer_json_schema(target, details=details))


def test_a_range_is_told_and_not_demanded() -> None:
    """A model answers outside what it has seen, so the schema takes it."""
    schema = field_json_schema(FIELDS[0], details=True)
    assert schema["x-observed"] == {"minimum": 0, "maximum": 50}
    assert Draft202012Validator(schema).is_valid(1000)


def test_without_details_nothing_observed_is_told() -> None:
    """Neither range nor choices nor example nor classes; kind, unit and whether it may be missing are."""
    rain, soil = (field_json_schema(field, details=False) for field in (FIELDS[0], FIELDS[2]))
    assert rain["x-unit"] == "mm"
    assert "50" not in str(rain["description"])
    assert not {"x-observed", "examples", "enum"} & (rain.keys() | soil.keys())
    target = Target("flowers", "Flowers", (TargetClass("no", "no"), TargetClass("yes", "yes")))
    assert list(answer_json_schema(target, details=False)["properties"]) == ["predicted_flowers"]


def test_a_classifier_without_probabilities_promises_none() -> None:
    """Its answer has the label only."""
    target = Target("flowers", "Flowers", (TargetClass("no", "no"),), probabilities=False)
    assert list(answer_json_schema(target, details=True)["properties"]) == ["predicted_flowers"]


def test_an_example_row_holds_what_is_known() -> None:
    """A field without an example is left out, never made up."""
    assert example_row(Schema(FIELDS)) == {"rain": 12.5, "soil": "clay"}
