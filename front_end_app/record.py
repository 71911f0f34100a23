"""The record of what was answered, as the API tells of it. Pure: JSON already parsed goes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .bars import Bar
from .members import Json, as_text, mapping, number, optional_mapping, optional_text, sequence, whole
from .moments import read_moment


@dataclass(frozen=True)
class Answered:
    """One row as it was answered: what was asked, by whom, and what the answer was."""

    id: str
    row: int
    time: datetime | None
    model: str
    version: str
    user: str
    inputs: tuple[tuple[str, str], ...]
    answer: str
    probability: str


@dataclass(frozen=True)
class Record:
    """A page of the record, newest first, and the cursor of the next, "" on the last."""

    rows: tuple[Answered, ...]
    next: str


def read_record(data: Any) -> Record:
    """A page of the record; raises BrokenAnswer."""
    given = mapping(data)
    rows = tuple(_answered(mapping(one)) for one in sequence(given, "predictions"))
    return Record(rows, optional_text(given, "next"))


def _answered(data: Json) -> Answered:
    answer = as_text(data.get("answer"))
    inputs = optional_mapping(data, "inputs")
    share = number(optional_mapping(data, "probabilities"), answer)
    return Answered(
        id=as_text(data.get("id")),
        row=whole(data, "row") or 0,
        time=read_moment(data.get("time")),
        model=optional_text(data, "model"),
        version=optional_text(data, "version"),
        user=optional_text(data, "user"),
        inputs=tuple((name, as_text(value) or "not given") for name, value in inputs.items()),
        answer=answer,
        probability="" if share is None else Bar("", share, True).percent,
    )
