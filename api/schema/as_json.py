"""A schema and a target as JSON, and back: the form they have in a card and over HTTP."""

from __future__ import annotations

from typing import Any

from api.schema.fields import Choice, Field, Kind, Observed
from api.schema.schema import Schema
from api.schema.target import Distribution, Target, TargetClass

Json = dict[str, Any]


def schema_to_json(schema: Schema) -> Json:
    """The schema as a JSON object: `{"fields": [...]}`, in order."""
    return {"fields": [_field_to_json(field) for field in schema.fields]}


def schema_from_json(data: Json) -> Schema:
    """The schema that `schema_to_json` wrote."""
    return Schema(tuple(_field_from_json(one) for one in data["fields"]))


def target_to_json(target: Target) -> Json:
    """The target as a JSON object; a regressor's has no classes, a classifier's no distribution."""
    spread = target.distribution
    return {
        "name": target.name,
        "title": target.title,
        "classes": [{"key": one.key, "label": one.label, "value": one.value} for one in target.classes],
        "probabilities": target.probabilities,
        "distribution": spread and {"edges": list(spread.edges), "counts": list(spread.counts)},
        "threshold": target.threshold,
    }


def target_from_json(data: Json) -> Target:
    """The target that `target_to_json` wrote."""
    spread = data.get("distribution")
    return Target(
        name=data["name"],
        title=data["title"],
        classes=tuple(TargetClass(one["key"], one["label"], one.get("value")) for one in data["classes"]),
        distribution=spread and Distribution(tuple(spread["edges"]), tuple(spread["counts"])),
        probabilities=data.get("probabilities", True),
        threshold=data.get("threshold"),
    )


def _field_to_json(field: Field) -> Json:
    observed = field.observed
    return {
        "name": field.name,
        "title": field.title,
        "description": field.description,
        "kind": field.kind.value,
        "unit": field.unit,
        "observed": observed and {"minimum": observed.minimum, "maximum": observed.maximum},
        "step": field.step,
        "choices": [{"value": one.value, "title": one.title} for one in field.choices] or None,
        "example": field.example,
        "missing_allowed": field.missing_allowed,
        "others_allowed": field.others_allowed,
        "longest": field.longest,
    }


def _field_from_json(data: Json) -> Field:
    observed = data["observed"]
    return Field(
        name=data["name"],
        title=data["title"],
        description=data["description"],
        kind=Kind(data["kind"]),
        unit=data["unit"],
        observed=observed and Observed(observed["minimum"], observed["maximum"]),
        step=data["step"],
        choices=tuple(Choice(one["value"], one["title"]) for one in data["choices"] or ()),
        example=data["example"],
        missing_allowed=data["missing_allowed"],
        others_allowed=data.get("others_allowed", False),
        longest=data.get("longest"),
    )
