"""Where a model comes from and how it is run, read from the API's answer about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .members import Json, number, optional_mapping, optional_text, optional_texts, whole


@dataclass(frozen=True)
class RowCounts:
    """How many rows a model learnt from, was tried on, or came with; None where that is not known."""

    training: int | None = None
    hold_out: int | None = None
    sample: int | None = None


@dataclass(frozen=True)
class Parity:
    """The proof of a compiled model: on `rows` rows its answers were those of the original, but for at
    most `largest_difference`."""

    rows: int
    largest_difference: float


@dataclass(frozen=True)
class Runtime:
    """What answers: the format of the file, its proof, and why others were `refused`."""

    format: str = ""
    parity: Parity | None = None
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Everything of a model's card that concerns its making. `trained_at` is ISO 8601 in UTC."""

    rows: RowCounts
    runtime: Runtime
    trained_at: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    libraries: Mapping[str, str] = field(default_factory=dict)


def read_origin(card: Json) -> Origin:
    """The origin of the model that a card describes; what is not known is left empty."""
    rows = optional_mapping(card, "rows")
    libraries = optional_mapping(card, "libraries")
    return Origin(
        rows=RowCounts(whole(rows, "training"), whole(rows, "hold_out"), whole(rows, "sample")),
        runtime=_read_runtime(optional_mapping(card, "runtime")),
        trained_at=optional_text(card, "trained_at"),
        source=optional_text(card, "source"),
        notes=optional_texts(card, "notes"),
        libraries={name: version for name, version in libraries.items() if isinstance(version, str)},
    )


def _read_runtime(data: Json) -> Runtime:
    parity = optional_mapping(data, "parity")
    rows, difference = whole(parity, "rows"), number(parity, "largest_difference")
    return Runtime(
        format=optional_text(data, "format"),
        parity=Parity(rows, difference) if rows is not None and difference is not None else None,
        refused=optional_texts(data, "refused"),
    )
