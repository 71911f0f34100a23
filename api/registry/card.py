"""The card of a version: what the model is, what it takes and gives, and how it was made and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from api.registry.explanation import Explanation, explanation_from_json, explanation_to_json
from api.registry.figures import AnyFigures, figures_from_json
from api.registry.ranking import Ranking, ranking_from_json
from api.schema.as_json import Json, schema_from_json, schema_to_json, target_from_json, target_to_json
from api.schema.schema import Schema
from api.schema.target import Target

CLASSIFICATION = "classification"
REGRESSION = "regression"

_Form = TypeVar("_Form", "ManyRows", "OneRow")


@dataclass(frozen=True, slots=True)
class Parity:
    """How a compiled model was compared with its estimator.

    On `rows` probe rows every label was equal, and no probability differed by more than
    `largest_difference`, which had to stay within `bound`. A regressor's differences are counted in units
    of `scale`, the spread of its answers; a classifier has no scale.
    """

    rows: int
    largest_difference: float
    bound: float
    scale: float | None = None


@dataclass(frozen=True, slots=True)
class ManyRows:
    """A second form of a model, in a file of its own, which answers requests of many rows.

    `milliseconds` is what 1,000 rows took it when it was published, `first_form` what they took the other;
    `from_rows` is how many rows it takes for this one to be the faster.
    """

    file: str
    parity: Parity
    milliseconds: float
    first_form: float
    from_rows: int = 32


@dataclass(frozen=True, slots=True)
class OneRow:
    """Another form of a small model, in a file of its own, which answers requests of one row.

    `microseconds` is what a row took it when it was published, `first_form` what it took the other.
    """

    file: str
    parity: Parity
    microseconds: float
    first_form: float


@dataclass(frozen=True, slots=True)
class Runtime:
    """What is loaded to answer: the format ("onnx" or "skops") and the file of the version it is in.

    `parity` is the proof of a compiled model; None where the estimator itself answers (skops).
    `compiler` made the file; `refused` says of each compiler tried before it why it was not used.
    `many_rows` and `one_row` are there where another form was measured to be faster for these.
    """

    format: str
    file: str
    parity: Parity | None
    compiler: str = ""
    refused: tuple[str, ...] = ()
    many_rows: ManyRows | None = None
    one_row: OneRow | None = None


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows the model was fitted to, and how many were held out to measure it.

    Both are None for an imported model; `sample` is then the rows it was brought with, which its figures
    are measured on where they have the target, and which it may have been fitted to.
    """

    training: int | None
    hold_out: int | None
    sample: int | None = None


@dataclass(frozen=True)
class Card:
    """What is known of one version; `version` and `files` are filled in when it is published.

    `files` maps each file of the version to its SHA-256; `libraries` each library that made it to its
    version; `trained_at` is UTC in ISO 8601. `figures` is None where nobody could measure them. `source`
    says where the model came from, in words; `notes` what is not known of it, a sentence each. `ranking`
    is there of a model of texts. `training` is the id of the job that made it, empty where none did.
    `explanation` is what answers are explained by, None where they cannot be.
    """

    name: str
    title: str
    description: str
    task: str
    schema: Schema
    target: Target
    figures: AnyFigures | None
    rows: RowCounts
    data_digest: str | None
    trained_at: str
    libraries: Mapping[str, str]
    runtime: Runtime
    source: str = ""
    notes: tuple[str, ...] = ()
    ranking: Ranking | None = None
    training: str = ""
    explanation: Explanation | None = None
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
        "figures": asdict(card.figures) if card.figures else None,
        "rows": asdict(card.rows),
        "data_digest": card.data_digest,
        "trained_at": card.trained_at,
        "libraries": dict(card.libraries),
        "runtime": asdict(card.runtime) | {"refused": list(card.runtime.refused)},
        "source": card.source,
        "notes": list(card.notes),
        "ranking": asdict(card.ranking) if card.ranking else None,
        "training": card.training,
        "explanation": explanation_to_json(card.explanation),
        "files": dict(card.files),
    }


def card_from_json(data: Json) -> Card:
    """The card that `card_to_json` wrote, now or before it knew the newest members.

    Raises KeyError, TypeError or ValueError where the object is not one.
    """
    if data["task"] not in (CLASSIFICATION, REGRESSION):
        raise ValueError(f"a card's task is {CLASSIFICATION} or {REGRESSION}, not {data['task']!r}")
    return Card(
        name=data["name"],
        version=data["version"],
        title=data["title"],
        description=data["description"],
        task=data["task"],
        schema=schema_from_json(data["schema"]),
        target=target_from_json(data["target"]),
        figures=figures_from_json(data["task"] == REGRESSION, data["figures"]),
        rows=RowCounts(**data["rows"]),
        data_digest=data["data_digest"],
        trained_at=data["trained_at"],
        libraries=data["libraries"],
        runtime=_runtime_from_json(data["runtime"]),
        source=data.get("source", ""),
        notes=tuple(data.get("notes", ())),
        ranking=ranking_from_json(data.get("ranking")),
        training=data.get("training", ""),
        explanation=explanation_from_json(data.get("explanation")),
        files=data["files"],
    )


def _runtime_from_json(data: dict[str, Any]) -> Runtime:
    parity = data["parity"]
    return Runtime(
        format=data["format"],
        file=data["file"],
        parity=parity and Parity(**parity),
        compiler=data.get("compiler", ""),
        refused=tuple(data.get("refused", ())),
        many_rows=_form_from_json(ManyRows, data.get("many_rows")),
        one_row=_form_from_json(OneRow, data.get("one_row")),
    )


def _form_from_json(form: type[_Form], data: dict[str, Any] | None) -> _Form | None:
    return form(**(data | {"parity": Parity(**data["parity"])})) if data else None
