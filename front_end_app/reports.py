"""What a training found and decided, read from its report. Pure: JSON already parsed goes in.

A report is read kindly: what is not there, or is of another shape, is left out of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .members import Json, as_text, number, optional_mapping, optional_text, optional_texts, whole

Point = tuple[float, float]


@dataclass(frozen=True)
class Column:
    """A column of the file; `missing` is the share of its cells that are empty, None where not known."""

    name: str
    kind: str
    used: bool
    why: str
    missing: float | None
    distinct: int | None
    examples: tuple[str, ...]


@dataclass(frozen=True)
class FoundTarget:
    """What is predicted, why that was taken, and of classes how many rows there are of each."""

    name: str = ""
    why: str = ""
    task: str = ""
    classes: tuple[tuple[str, int | None], ...] = ()
    positive: str = ""


@dataclass(frozen=True)
class Candidate:
    """One that was tried: its score in the comparison and how long it took, None where not known."""

    name: str
    score: float | None
    seconds: float | None
    chosen: bool
    note: str


@dataclass(frozen=True)
class Score:
    """The figure that decides, with the interval in which it lies in 95 of 100 cases,
    and what guessing would have."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    chance: float | None


@dataclass(frozen=True)
class Comparison:
    """The version that answered before, beside the new one, on the same `rows`; figures by their names."""

    against: str
    rows: int | None
    enabled: Mapping[str, float]
    candidate: Mapping[str, float]
    why: str


@dataclass(frozen=True)
class ClassCurves:
    """The curves of one class against the rest."""

    label: str
    roc: tuple[Point, ...]
    precision_recall: tuple[Point, ...]


@dataclass(frozen=True)
class Report:
    """Everything that a training's page tells when it is done."""

    file: Json = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    target: FoundTarget = FoundTarget()
    split: Json = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    metric: Score | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    threshold: float | None = None
    labels: tuple[str, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    roc: tuple[Point, ...] = ()
    precision_recall: tuple[Point, ...] = ()
    by_class: tuple[ClassCurves, ...] = ()
    comparison: Comparison | None = None
    decision: str = ""
    enabled: bool | None = None
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: float | None = None


def read_report(data: Json) -> Report:
    """The report in a training's answer, or what a preview has of one."""
    confusion, curves = optional_mapping(data, "confusion"), optional_mapping(data, "curves")
    decision = optional_mapping(data, "decision")
    enabled = decision.get("enabled")
    labels = confusion.get("labels")
    return Report(
        file=optional_mapping(data, "file"),
        columns=tuple(_column(one) for one in _objects(data.get("columns"))),
        target=_target(optional_mapping(data, "target")),
        split=optional_mapping(data, "split"),
        candidates=tuple(_candidate(one) for one in _objects(data.get("candidates"))),
        metric=_score(optional_mapping(data, "metric")),
        figures=numbers(optional_mapping(data, "figures")),
        threshold=number(data, "threshold"),
        labels=tuple(as_text(one) for one in labels) if isinstance(labels, list) else (),
        counts=_counts(confusion.get("counts")),
        roc=_points(curves.get("roc")),
        precision_recall=_points(curves.get("precision_recall")),
        by_class=_by_class(optional_mapping(curves, "by_class")),
        comparison=_comparison(optional_mapping(data, "comparison")),
        decision=optional_text(decision, "why"),
        enabled=enabled if isinstance(enabled, bool) else None,
        warnings=optional_texts(data, "warnings"),
        seconds=numbers(optional_mapping(data, "seconds")),
        peak_memory_mb=number(data, "peak_memory_mb"),
    )


def numbers(data: Json) -> dict[str, float]:
    """The members of an object that are numbers."""
    return {name: value for name in data if (value := number(data, name)) is not None}


def _objects(value: Any) -> list[Json]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _column(data: Json) -> Column:
    examples = data.get("examples")
    return Column(
        name=as_text(data.get("name")),
        kind=optional_text(data, "kind"),
        used=data.get("used") is not False,
        why=optional_text(data, "why"),
        missing=number(data, "missing"),
        distinct=whole(data, "distinct"),
        examples=tuple(as_text(one) for one in examples) if isinstance(examples, list) else (),
    )


def _target(data: Json) -> FoundTarget:
    classes = tuple((as_text(one.get("label")), whole(one, "rows")) for one in _objects(data.get("classes")))
    return FoundTarget(
        name=as_text(data.get("name")),
        why=optional_text(data, "why"),
        task=optional_text(data, "task"),
        classes=classes,
        positive=as_text(data.get("positive")),
    )


def _candidate(data: Json) -> Candidate:
    return Candidate(
        name=as_text(data.get("name")),
        score=number(data, "score"),
        seconds=number(data, "seconds"),
        chosen=data.get("chosen") is True,
        note=optional_text(data, "note"),
    )


def _score(data: Json) -> Score | None:
    if not optional_text(data, "name"):
        return None
    value, low, high, chance = (number(data, key) for key in ("value", "low", "high", "chance"))
    return Score(optional_text(data, "name"), value, low, high, chance)


def _comparison(data: Json) -> Comparison | None:
    if not data:
        return None
    return Comparison(
        against=as_text(data.get("against")),
        rows=whole(data, "rows"),
        enabled=numbers(optional_mapping(data, "enabled")),
        candidate=numbers(optional_mapping(data, "candidate")),
        why=optional_text(data, "why"),
    )


def _counts(value: Any) -> tuple[tuple[int, ...], ...]:
    rows = value if isinstance(value, list) else []
    if not all(isinstance(row, list) and all(isinstance(one, int) for one in row) for row in rows):
        return ()
    return tuple(tuple(row) for row in rows)


def _by_class(data: Json) -> tuple[ClassCurves, ...]:
    given = {label: optional_mapping(data, label) for label in data}
    return tuple(
        ClassCurves(label, _points(one.get("roc")), _points(one.get("precision_recall")))
        for label, one in given.items()
    )


def _points(value: Any) -> tuple[Point, ...]:
    """Pairs of numbers from 0 to 1; a pair that is none is left out."""
    pairs = value if isinstance(value, list) else []
    return tuple(
        (float(pair[0]), float(pair[1]))
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(_share(one) for one in pair)
    )


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
