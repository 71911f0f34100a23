"""A training's report as its page shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .confusion import Confusion, confusion, grouped
from .curves import Curve, precision_recall, roc
from .figures import Figure, explain_figures, titled, written
from .members import number
from .moments import span
from .new_training import class_rows, how_written
from .reports import Candidate, Column, Comparison, FoundTarget, Point, Report

REGRESSION = "regression"
LOWER_IS_BETTER = ("mean_absolute_error", "median_absolute_error", "root_mean_squared_error", "seconds")


@dataclass(frozen=True)
class Line:
    """A figure of the candidate beside that of the version that answered: `better` is "candidate", "enabled"
    or "" where they are equal."""

    title: str
    candidate: str
    enabled: str
    better: str


@dataclass(frozen=True)
class Tried:
    """A candidate that was tried, with its score and time as texts; `width` of its bar in percent."""

    name: str
    score: str
    seconds: str
    chosen: bool
    note: str
    width: str


@dataclass(frozen=True)
class ClassDrawn:
    """What is drawn of one class against the rest."""

    label: str
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class ReportView:
    """What the page says, in its order."""

    decision: str
    enabled: bool | None
    headline: str
    interval: str
    figures: tuple[Figure, ...]
    measured: str
    threshold: str
    confusion: Confusion | None
    curves: tuple[Curve, ...]
    by_class: tuple[ClassDrawn, ...]
    comparison: Comparison | None
    lines: tuple[Line, ...]
    metric: str
    candidates: tuple[Tried, ...]
    columns: tuple[Column, ...]
    target: FoundTarget
    classes: str
    file: str
    warnings: tuple[str, ...]
    seconds: tuple[tuple[str, str], ...]
    memory: str


def report_view(report: Report) -> ReportView:
    """The page of a report."""
    regression = report.target.task == REGRESSION
    comparison = report.comparison if report.comparison and report.comparison.against else None
    by_class = [ClassDrawn(one.label, _drawn(one.roc, one.precision_recall)) for one in report.by_class]
    return ReportView(
        decision=report.decision,
        enabled=report.enabled,
        headline=_headline(report),
        interval=_interval(report),
        figures=explain_figures(report.figures, regression=regression, positive=report.target.positive),
        measured=_measured(report),
        threshold=_threshold(report),
        confusion=confusion(report),
        curves=_drawn(report.roc, report.precision_recall),
        by_class=tuple(one for one in by_class if one.curves),
        comparison=comparison,
        lines=_lines(comparison) if comparison else (),
        metric=titled(report.metric.name) if report.metric else "Score",
        candidates=_tried(report.candidates, report.metric.name if report.metric else ""),
        columns=report.columns,
        target=report.target,
        classes=class_rows(report.target),
        file=how_written(report.file),
        warnings=report.warnings,
        seconds=tuple((name.replace("_", " "), span(value)) for name, value in report.seconds.items()),
        memory="" if report.peak_memory_mb is None else f"{report.peak_memory_mb:.0f} MB",
    )


def _drawn(roc_points: Sequence[Point], ratio_points: Sequence[Point]) -> tuple[Curve, ...]:
    both = (roc(roc_points), precision_recall(ratio_points))
    return tuple(one for one in both if one is not None)


def _headline(report: Report) -> str:
    if report.metric is None or report.metric.value is None:
        return ""
    return f"{titled(report.metric.name)} {written(report.metric.name, report.metric.value)}"


def _interval(report: Report) -> str:
    score = report.metric
    if score is None:
        return ""
    low, high, chance = (written(score.name, one) for one in (score.low, score.high, score.chance))
    said = []
    if score.low is not None and score.high is not None:
        said.append(f"Measured on other such rows, it would lie between {low} and {high} in 95 of 100 cases.")
    if score.chance is not None:
        said.append(f"Guessing would have {chance}.")
    return " ".join(said)


def _measured(report: Report) -> str:
    rows = {name: number(report.split, name) for name in ("training", "validation", "hold_out")}
    said = [
        f"{grouped(int(count))} to {what}"
        for name, what in (
            ("training", "learn from"),
            ("validation", "choose with"),
            ("hold_out", "measure on"),
        )
        if (count := rows[name])
    ]
    by = report.split.get("by")
    how = f" They were set apart by {by}." if isinstance(by, str) and by else ""
    return f"Of the rows, {', '.join(said)}.{how}" if said else ""


def _threshold(report: Report) -> str:
    if report.threshold is None:
        return ""
    label = report.target.positive or "the second class"
    return f"It answers {label} where it holds that for at least {report.threshold * 100:.3g} % probable."


def _lines(comparison: Comparison) -> tuple[Line, ...]:
    names = [name for name in comparison.candidate if name in comparison.enabled]
    return tuple(_line(name, comparison.candidate[name], comparison.enabled[name]) for name in names)


def _line(name: str, candidate: float, enabled: float) -> Line:
    lower = name in LOWER_IS_BETTER
    better = (
        ""
        if candidate == enabled or name == "seconds"
        else "candidate"
        if (candidate < enabled) == lower
        else "enabled"
    )
    return Line(titled(name), written(name, candidate), written(name, enabled), better)


def _tried(candidates: tuple[Candidate, ...], metric: str) -> tuple[Tried, ...]:
    return tuple(
        Tried(
            name=one.name,
            score=written(metric, one.score),
            seconds="" if one.seconds is None else span(one.seconds),
            chosen=one.chosen,
            note=one.note,
            width=f"{min(max(one.score, 0.0), 1.0) * 100:.1f}%" if one.score is not None else "0%",
        )
        for one in candidates
    )
