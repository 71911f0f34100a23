"""Fields, schemas and targets as JSON Schema (draft 2020-12), for documentation and for other programs.

What was observed in the training rows (ranges, choices, classes, examples) is told only with `details`: it
may say more about the people in the data than its owner wants everybody to know.
"""

from __future__ import annotations

from typing import Any

from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.schema.target import Target

Json = dict[str, Any]

# The largest magnitude of single precision, which is what parsing allows.
_LARGEST = 3.4028234663852886e38
_TYPES = {
    Kind.NUMBER: "number",
    Kind.INTEGER: "integer",
    Kind.CHOICE: "string",
    Kind.TEXT: "string",
    Kind.BOOLEAN: "boolean",
}


def field_json_schema(field: Field, *, details: bool, nullable: bool = True) -> Json:
    """The values that a field takes; null among them where it may be missing and `nullable` allows it.

    The observed range is told and not demanded, because a model answers outside it too, with a warning.
    """
    null = nullable and field.missing_allowed
    kind = _TYPES[field.kind]
    schema: Json = {"type": [kind, "null"] if null else kind, "title": field.title}
    schema["description"] = _description(field, details)
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        schema |= {"minimum": -_LARGEST, "maximum": _LARGEST}
    if kind == "string" and not field.missing_allowed:
        # A choice of blanks only counts as missing, in the sense in which Python calls a character blank.
        schema |= {"pattern": r"[^\s\x1c-\x1f\x85]"} if field.kind is Kind.CHOICE else {"minLength": 1}
    if field.unit:
        schema["x-unit"] = field.unit
    return schema | _details(field, null) if details else schema


def row_json_schema(schema: Schema, *, details: bool) -> Json:
    """The object that holds one row."""
    required = [field.name for field in schema.fields if not field.missing_allowed]
    row: Json = {
        "type": "object",
        "properties": {one.name: field_json_schema(one, details=details) for one in schema.fields},
        "additionalProperties": False,
    }
    return row | {"required": required} if required else row


def answer_json_schema(target: Target, *, details: bool) -> Json:
    """The object that holds the answer for one row; without `details` its classes go unnamed."""
    name, labels = f"predicted_{target.name}", [one.label for one in target.classes]
    predicted: Json = {"type": "string" if labels else "number", "title": target.title}
    if not details:
        answer: Json = {"type": "object", "properties": {name: predicted}, "required": [name]}
        return answer | {"patternProperties": {"^prob_": {"type": "number"}}}
    if labels:
        predicted["enum"] = labels
    if target.threshold is not None:
        predicted["description"] = _decision(target)
        predicted["x-threshold"] = target.threshold
    properties = {name: predicted}
    if target.probabilities:
        properties |= {f"prob_{one.key}": _probability(one.label) for one in target.classes}
    return {"type": "object", "properties": properties, "required": list(properties)}


def example_row(schema: Schema) -> Json:
    """A row of the fields' examples; a field without one is left out."""
    return {field.name: field.example for field in schema.fields if field.example is not None}


def _decision(target: Target) -> str:
    first, second = target.classes
    return (
        f"{second.label} where prob_{second.key} is at or above {target.threshold:.6g}, "
        f"{first.label} below that."
    )


def _probability(label: str) -> Json:
    return {"type": "number", "minimum": 0, "maximum": 1, "title": f"Probability of {label}"}


def _description(field: Field, details: bool) -> str:
    sentences = [field.description] if field.description else []
    if field.unit:
        sentences.append(f"In {field.unit}.")
    if details and field.observed:
        seen = f"{field.observed.minimum:g} to {field.observed.maximum:g}"
        sentences.append(f"The model has seen {seen}; outside that it answers with a warning.")
    if details and field.others_allowed and field.choices:
        sentences.append("Other values than the examples are answered too, with a warning.")
    if field.longest:
        sentences.append(f"Of a longer text the first {field.longest:,} characters are read.")
    if field.missing_allowed:
        sentences.append("May be missing.")
    return " ".join(sentences)


def _details(field: Field, null: bool) -> Json:
    details: Json = {}
    choices = [choice.value for choice in field.choices]
    examples = [] if field.example is None else [field.example]
    if choices and field.others_allowed:
        examples += [value for value in choices if value not in examples]
    elif choices:
        details["enum"] = [*choices, None] if null else choices
    if field.observed:
        details["x-observed"] = {"minimum": field.observed.minimum, "maximum": field.observed.maximum}
    if examples:
        details["examples"] = examples[:20]
    return details
