"""The report of a training, as docs/training.md describes it, and the decision that it ends in."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.registry.figures import AnyFigures
from api.runtime.answers import Answers, ClassAnswers
from api.schema.as_json import Json
from api.training.memory import peak_memory_mb
from api.training.tabular_contest import Contest
from api.training.tabular_enabled import Asked, measured
from api.training.tabular_known import Clock, Known
from api.training.tabular_scores import Score, better, confusion, curves, interval_of_auc, value_of
from api.training.tabular_target import Truth

# Of more classes, whose curves would be as many pictures, those with the most rows are drawn.
_MOST_CURVES = 12


@dataclass(frozen=True)
class Findings:
    """What was measured on the rows held out, whose truth is `true`."""

    metric: str
    score: Score
    chance: float
    figures: AnyFigures
    answers: Answers
    true: NDArray[Any]


@dataclass(frozen=True)
class Decision:
    """Whether the new version should answer, and why; and how the two compare, as JSON."""

    better: bool
    why: str
    comparison: Json


def decide(truth: Truth, findings: Findings, asked: Asked, digest: str) -> Decision:
    """Compare with the enabled version on the same rows, and with chance."""
    metric, value = findings.metric, findings.score.value
    classes = len(truth.target.classes)
    lucky = _no_more_than_chance(truth, findings)
    comparison: Json = {
        "against": asked.version, "rows": 0, "enabled": None, "candidate": None, "why": asked.why
    }  # fmt: skip
    if asked.answers is None or asked.places is None:
        first = asked.version is None
        why = lucky or f"{metric} is {value:.4g}, more than the {findings.chance:.4g} of chance. " + (
            asked.why if first or asked.why else ""
        )
        return Decision(not lucky, why.strip(), comparison)
    true = findings.true[asked.places]
    ours = findings.answers[_mask(asked.places, len(findings.true))]
    mine, theirs = (value_of(metric, true, one, classes) for one in (ours, asked.answers))
    same = asked.data_digest == digest
    comparison |= {
        "rows": len(true),
        "enabled": _figures(measured(asked.answers, true, truth)),
        "candidate": _figures(measured(ours, true, truth)),
        "why": "Both answered the same rows held out, which neither has learnt from."
        if same
        else "Both answered the same rows held out; version "
        f"{asked.version} may have learnt from some of them.",
    }
    wins = better(metric, mine, theirs)
    verdict = (
        f"{metric} is {mine:.4g} on {len(true):,} rows held out, and {theirs:.4g} by version "
        f"{asked.version}, which answers now: {'better' if wins else 'not better'}."
    )
    return Decision(wins and not lucky, lucky or verdict, comparison)


def _mask(places: Any, rows: int) -> Any:
    mask = np.zeros(rows, dtype=bool)
    mask[places] = True
    return mask


def _no_more_than_chance(truth: Truth, findings: Findings) -> str:
    """Why the model is not known to be better than a guess, empty where it is.

    Of two classes it is the area under the curve that tells: F1 of a guess is high where the class is common.
    """
    metric, score = findings.metric, findings.score
    if math.isnan(score.value):
        return f"{metric} cannot be measured: the rows held out lack a class."
    worse = not better(metric, score.value, findings.chance)
    edge = score.high if better(metric, 0.0, 1.0) else score.low
    unsure = not better(metric, edge, findings.chance)
    if truth.positive is not None and isinstance(findings.answers, ClassAnswers):
        area = interval_of_auc(findings.true, findings.answers, 2)
        unsure = not area.low > 0.5
    if not worse and not unsure:
        return ""
    return (
        f"{metric} is {score.value:.4g} (95 % interval {score.low:.4g} to {score.high:.4g}), which is not "
        f"known to be better than the {findings.chance:.4g} of chance."
    )


def metrics_of(figures: AnyFigures) -> dict[str, float | None]:
    """The figures as numbers only."""
    return {name: value for name, value in asdict(figures).items() if not isinstance(value, str)}


def _figures(figures: AnyFigures) -> Json:
    return {name: value for name, value in asdict(figures).items() if name != "seconds"}


@dataclass(frozen=True)
class Told:
    """What a report tells beside what is known of the file; `counts`: rows to learn, validate, hold out."""

    counts: tuple[int, int, int]
    by: str
    contest: Contest
    findings: Findings
    decision: Decision
    warnings: tuple[str, ...]


def report(known: Known, told: Told, clock: Clock) -> Json:
    """The report as a JSON object."""
    findings, decision = told.findings, told.decision
    learn, validate, hold_out = told.counts
    whole = profile_json(known) | {
        "split": {"training": learn, "validation": validate, "hold_out": hold_out, "by": told.by},
        "candidates": [
            {
                "name": one.candidate.name,
                "score": one.score,
                "seconds": one.seconds,
                "chosen": one is told.contest.best,
                "note": one.note,
            }
            for one in told.contest.entries
        ],
        "metric": {"name": findings.metric, **asdict(findings.score), "chance": findings.chance},
        "figures": asdict(findings.figures),
        "threshold": known.truth.target.threshold,
        "confusion": _confusion(known.truth, findings),
        "curves": _curves(known.truth, findings),
        "comparison": decision.comparison,
        "decision": {"enabled": decision.better, "why": decision.why},
        "warnings": list(told.warnings),
        "seconds": clock.told(),
        "peak_memory_mb": peak_memory_mb(),
        "memory_mb": clock.memory(),
    }
    made: Json = finite(whole)
    return made


def _confusion(truth: Truth, findings: Findings) -> Json:
    if not isinstance(findings.answers, ClassAnswers):
        return {"labels": [], "counts": []}
    labels = [one.label for one in truth.target.classes]
    return {"labels": labels, "counts": confusion(findings.true, findings.answers, len(labels))}


def _curves(truth: Truth, findings: Findings) -> Json:
    """The curves of two classes; of more, those of each against the rest, the most frequent first."""
    answers = findings.answers
    given = answers.probabilities if isinstance(answers, ClassAnswers) else None
    none: dict[str, list[list[float]]] = {"roc": [], "precision_recall": []}
    if given is None:
        return {**none, "by_class": {}}
    if given.shape[1] == 2:
        return {**curves(findings.true, given[:, 1]), "by_class": {}}
    counts = np.bincount(findings.true, minlength=given.shape[1])
    frequent = [int(one) for one in np.argsort(-counts, kind="stable")[:_MOST_CURVES] if counts[one]]
    classes = truth.target.classes
    by_class = {classes[one].label: curves(findings.true == one, given[:, one]) for one in frequent}
    return {**none, "by_class": by_class}


def profile_json(known: Known) -> Json:
    """What was found out about the file, its columns and its target."""
    dialect, truth = known.dialect, known.truth
    return {
        "file": {
            "delimiter": dialect.delimiter,
            "encoding": dialect.encoding,
            "decimal": dialect.decimal,
            "header": dialect.has_header,
            "rows": known.rows,
            "bytes": known.file.stat().st_size,
        },
        "columns": [asdict(one) | {"examples": list(one.examples)} for one in known.accounts],
        "target": {
            "name": truth.column,
            "why": truth.why,
            "task": truth.task,
            "task_why": truth.task_why,
            "classes": [
                {"label": one.label, "rows": count}
                for one, count in zip(truth.target.classes, truth.counts, strict=True)
            ],
            "positive": truth.positive,
        },
    }


def finite(value: Any) -> Any:
    """The same JSON with null for what is no number, which JSON cannot say."""
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
