"""One training run: load, split, fit, evaluate, compile, prove, publish."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from api.recipes.recipe import Dataset, Recipe
from api.registry.card import CLASSIFICATION, REGRESSION, Card, RowCounts
from api.registry.digests import digest_of
from api.registry.directory import ModelsDirectory
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import natural_frame
from api.runtime.rows import Rows, numbers_only
from api.schema.fields import Field, Observed
from api.schema.schema import Schema
from api.schema.target import Target
from api.training.choose import Chooser, Progress
from api.training.evaluate import evaluate
from api.training.made_with import libraries, now
from api.training.target import distribution
from api.training.typical import explanation_of

HOLD_OUT = 0.2


@dataclass(frozen=True, slots=True)
class _Part:
    rows: Rows
    truth: NDArray[Any]


def train(recipe: Recipe, directory: ModelsDirectory, progress: Progress) -> Card:
    """Make the next version of the recipe's model and publish it; returns its card."""
    progress("reading the data")
    dataset = recipe.load()
    training, hold_out = _split(recipe, dataset)
    schema = _observe(recipe.schema, training.rows)
    frame = natural_frame(schema)
    progress(f"fitting {len(training.rows)} rows")
    started = time.perf_counter()
    estimator = recipe.estimator().fit(frame.of(training.rows), training.truth)
    seconds = time.perf_counter() - started
    progress(f"evaluating on {len(hold_out.rows)} rows held out")
    answers = EstimatorModel(estimator, frame).predict(hold_out.rows)
    figures = evaluate(answers, hold_out.truth, seconds)
    chosen = Chooser(progress).choose(estimator, frame, training.rows)
    progress("publishing")
    card = Card(
        name=recipe.name,
        title=recipe.title,
        description=recipe.description,
        task=CLASSIFICATION if recipe.target.classes else REGRESSION,
        schema=schema,
        target=_spread(recipe.target, training.truth),
        figures=figures,
        rows=RowCounts(len(training.rows), len(hold_out.rows)),
        data_digest=_digest(dataset),
        trained_at=now(),
        libraries=libraries(),
        runtime=chosen.runtime,
        source=f"the recipe {recipe.name}",
        explanation=explanation_of(schema, training.rows),
    )
    return directory.publish(card, chosen.files)


def _split(recipe: Recipe, dataset: Dataset) -> tuple[_Part, _Part]:
    rows = numbers_only(dataset.numbers) if dataset.texts is None else Rows(dataset.numbers, dataset.texts)
    training, hold_out = train_test_split(
        np.arange(len(rows)),
        test_size=HOLD_OUT,
        stratify=dataset.truth if recipe.target.classes else None,
        random_state=0,
    )
    return _Part(rows[training], dataset.truth[training]), _Part(rows[hold_out], dataset.truth[hold_out])


def _spread(target: Target, truth: NDArray[Any]) -> Target:
    return target if target.classes else replace(target, distribution=distribution(truth))


def _digest(dataset: Dataset) -> str:
    texts = "" if dataset.texts is None else repr(dataset.texts.tolist())
    return digest_of(dataset.numbers.tobytes() + dataset.truth.tobytes() + texts.encode())


def _observe(schema: Schema, rows: Rows) -> Schema:
    """The schema with the range of the training rows in each number's field."""
    fields: list[Field] = list(schema.fields)
    for column, at in enumerate(schema.number_positions):
        values = rows.numbers[:, column]
        seen = Observed(float(np.nanmin(values)), float(np.nanmax(values)))
        fields[at] = replace(fields[at], observed=seen)
    return Schema(tuple(fields))
