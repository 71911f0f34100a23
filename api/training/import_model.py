"""Taking a fitted model into the house: read, infer, measure, compile, prove, publish."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnreadableModel
from api.registry.card import CLASSIFICATION, REGRESSION, Card, RowCounts
from api.registry.digests import digest_of
from api.registry.directory import ModelsDirectory, is_name
from api.registry.figures import AnyFigures
from api.runtime.estimator import EstimatorModel
from api.runtime.probes import invented_rows
from api.training.choose import Chooser, Progress
from api.training.evaluate import evaluate
from api.training.infer import Inferred, infer, target_column
from api.training.made_with import libraries, now
from api.training.read_model import read_model
from api.training.sample import Sample, read_sample
from api.training.target import target_of, truth_of
from api.training.typical import explanation_of
from api.training.words import title_of


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brings: a model file, a name for it, and what they know of it.

    `data` is a CSV file like the one it was fitted to; `target` the column of it that the model predicts.
    """

    file: Path
    name: str
    data: Path | None = None
    target: str | None = None
    title: str | None = None
    description: str | None = None
    trust_pickle: bool = False


def import_model(
    brought: Brought, directory: ModelsDirectory, progress: Progress, trusted: Collection[str] = ()
) -> Card:
    """Publish a fitted model as the next version of `brought.name`; returns its card.

    Raises UnreadableModel, with a sentence for the operator, where the files are not what they should be.
    """
    if not is_name(brought.name):
        raise UnreadableModel(
            f"{brought.name[:80]!r} is no name for a model: use lower-case letters, digits, _ and -, "
            "a letter first."
        )
    progress(f"reading {brought.file.name}")
    estimator = read_model(brought.file, brought.trust_pickle, trusted)
    sample = read_sample(brought.data) if brought.data else None
    return take_in(estimator, sample, brought, directory, Chooser(progress, trusted))


def take_in(
    estimator: Any, sample: Sample | None, brought: Brought, directory: ModelsDirectory, chooser: Chooser
) -> Card:
    """Publish a fitted estimator that is in memory already; returns its card."""
    progress = chooser.progress
    column = target_column(estimator, sample, brought.target) if sample else brought.target
    progress("finding out what it takes")
    inferred = infer(estimator, sample, column)
    truth = _truth(estimator, sample, column, inferred)
    if brought.target and truth is None and sample is not None:
        raise UnreadableModel(f"the sample's column {column!r} holds nothing that the model predicts.")
    figures = _figures(estimator, inferred, truth)
    rows = inferred.rows if inferred.rows is not None else invented_rows(inferred.schema)
    chosen = chooser.choose(estimator, inferred.frame, rows)
    progress("publishing")
    target = target_of(estimator, column or "target", truth)
    card = Card(
        name=brought.name,
        title=brought.title or title_of(brought.name),
        description=brought.description or f"A {_kind(estimator)} that was fitted elsewhere.",
        task=CLASSIFICATION if target.classes else REGRESSION,
        schema=inferred.schema,
        target=target,
        figures=figures,
        rows=RowCounts(None, None, None if inferred.rows is None else len(inferred.rows)),
        data_digest=digest_of(brought.data.read_bytes()) if brought.data else None,
        trained_at=now(),
        libraries=libraries(),
        runtime=chosen.runtime,
        source=f"imported from {brought.file.name}",
        notes=_notes(inferred, figures, column),
        explanation=explanation_of(inferred.schema, inferred.rows) if inferred.rows is not None else None,
    )
    return directory.publish(card, chosen.files)


def _truth(
    estimator: Any, sample: Sample | None, column: str | None, inferred: Inferred
) -> NDArray[np.float64] | None:
    """What is true of the sample's rows that fit: class indices or values, NaN where it is not known."""
    if sample is None or column is None or inferred.fits is None or column not in sample.names:
        return None
    truth = truth_of(estimator, sample.texts(column))[inferred.fits]
    return None if np.isnan(truth).all() else truth


def _figures(estimator: Any, inferred: Inferred, truth: NDArray[np.float64] | None) -> AnyFigures | None:
    if truth is None or inferred.rows is None:
        return None
    known = ~np.isnan(truth)
    if known.sum() < 2:
        return None
    answers = EstimatorModel(estimator, inferred.frame).predict(inferred.rows[known])
    kept = truth[known].astype(np.int64) if hasattr(estimator, "classes_") else truth[known]
    return evaluate(answers, kept, None)


def _notes(inferred: Inferred, figures: AnyFigures | None, column: str | None) -> tuple[str, ...]:
    if figures is not None:
        about = (
            f"The figures were measured on the sample's column {column}, whose rows it may have learnt from."
        )
        return (*inferred.notes, about)
    if inferred.rows is None:
        why = "there was no sample"
    elif column is None:
        why = "it is not known which column of the sample it predicts (--target)"
    else:
        why = f"the sample's column {column} holds nothing that the model predicts"
    return (*inferred.notes, f"Its figures are not known: {why}.")


def _kind(estimator: Any) -> str:
    """The name of what decides, inside of pipelines and searches."""
    inner = getattr(estimator, "best_estimator_", estimator)
    return type(inner.steps[-1][1] if hasattr(inner, "steps") else inner).__name__
