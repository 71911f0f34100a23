"""The card of a version: what the model is, what it takes and gives, and how it was made and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from api.schema.as_json import Json, schema_from_json, schema_to_json, target_from_json, target_to_json
from api.schema.schema import Schema
from api.schema.target import Target


@dataclass(frozen=True, slots=True)
class Figures:
    """The six figures of a classifier on its hold-out: ratios from 0 to 1, and seconds to train.

    Precision, recall, F1 and AUC are unweighted means over the classes (AUC: one class against the rest).
    """

    precision: float
    recall: float
    accuracy: float
    auc: float
    f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Parity:
    """How a compiled model was compared with its estimator.

    On `rows` probe rows every label was equal, and no probability differed by more than
    `largest_difference`, which had to stay within `bound`.
    """

    rows: int
    largest_difference: float
    bound: float


@dataclass(frozen=True, slots=True)
class Runtime:
    """What is loaded to answer: the format, the file of the version it is in, and its proof."""

    format: str
    file: str
    parity: Parity


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows the model was fitted to, and how many were held out to measure it."""

    training: int
    hold_out: int


@dataclass(frozen=True)
class Card:
    """What is known of one version; `version` and `files` are filled in when it is published.

    `files` maps each file of the version to its SHA-256; `libraries` each library that made it to its
    version; `trained_at` is UTC in ISO 8601.
    """

    name: str
    title: str
    description: str
    task: str
    schema: Schema
    target: Target
    figures: Figures
    rows: RowCounts
    data_digest: str
    trained_at: str
    libraries: Mapping[str, str]
    runtime: Runtime
    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def card_to_json(card: Card) -> Json:
    """The card as the JSON object that `card.json` holds and the API answers with."""
    return {
        "name": card.name,
        "version": card.version,
        "title": card.title,
        "description": card.description,
        "task": card.task,
        "schema": schema_to_json(card.schema),
        "target": target_to_json(card.target),
        "figures": asdict(card.figures),
        "rows": asdict(card.rows),
        "data_digest": card.data_digest,
        "trained_at": card.trained_at,
        "libraries": dict(card.libraries),
        "runtime": asdict(card.runtime),
        "files": dict(card.files),
    }


def card_from_json(data: Json) -> Card:
    """The card that `card_to_json` wrote.

    Raises KeyError, TypeError or ValueError where the object is not one.
    """
    runtime: dict[str, Any] = data["runtime"]
    return Card(
        name=data["name"],
        version=data["version"],
        title=data["title"],
        description=data["description"],
        task=data["task"],
        schema=schema_from_json(data["schema"]),
        target=target_from_json(data["target"]),
        figures=Figures(**data["figures"]),
        rows=RowCounts(**data["rows"]),
        data_digest=data["data_digest"],
        trained_at=data["trained_at"],
        libraries=data["libraries"],
        runtime=Runtime(runtime["format"], runtime["file"], Parity(**runtime["parity"])),
        files=data["files"],
    )
