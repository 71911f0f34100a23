"""The JSON form of schemas and targets."""

from __future__ import annotations

import json

from api.recipes.iris import IRIS
from api.schema.as_json import schema_from_json, schema_to_json, target_from_json, target_to_json
from api.schema.fields import Choice, Field, Kind, Observed
from api.schema.schema import Schema


def test_a_schema_comes_back_as_it_was() -> None:
    """Every attribute of every field survives the way through JSON."""
    schema = Schema(
        (
            Field(
                "a", "A", Kind.NUMBER, "Words.", "cm", Observed(1.0, 2.0), 0.1, (), 1.5, missing_allowed=True
            ),
            Field("b", "B", Kind.CHOICE, choices=(Choice("x", "The X"),), example="x"),
        )
    )
    assert schema_from_json(json.loads(json.dumps(schema_to_json(schema)))) == schema


def test_a_target_comes_back_as_it_was() -> None:
    """Classes keep their keys, labels and order."""
    assert target_from_json(json.loads(json.dumps(target_to_json(IRIS.target)))) == IRIS.target
