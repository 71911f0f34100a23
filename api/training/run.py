"""One training run: load, split, fit, evaluate, compile, prove, publish."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from api.recipes.recipe import Dataset, Recipe
from api.registry.card import CLASSIFICATION, Card, Parity, RowCounts, Runtime
from api.registry.digests import digest_of
from api.registry.directory import ModelsDirectory
from api.registry.figures import AnyFigures
from api.runtime import canary
from api.runtime.compile import compile_to_onnx
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import plain_frame
from api.runtime.onnx_model import OnnxModel
from api.runtime.probes import probe_rows
from api.runtime.prove import prove_equal
from api.runtime.rows import Rows, numbers_only
from api.schema.fields import Observed
from api.schema.schema import Schema
from api.training.evaluate import evaluate

HOLD_OUT = 0.2
MODEL_FILE = "model.onnx"
_CANARY_ROWS = 60
_LIBRARIES = ("scikit-learn", "skl2onnx", "onnx", "onnxruntime", "numpy")

# Called with a sentence as each step begins.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Split:
    training: Dataset
    hold_out: Dataset


def train(recipe: Recipe, directory: ModelsDirectory, progress: Progress) -> Card:
    """Make the next version of the recipe's model and publish it; returns its card.

    Raises NotEqual where the compiled model does not answer as its estimator, and then nothing is published.
    """
    progress("reading the data")
    dataset = recipe.load()
    split = _split(dataset)
    progress(f"fitting {len(split.training.features)} rows")
    started = time.perf_counter()
    estimator = recipe.estimator().fit(split.training.features, split.training.classes)
    seconds = time.perf_counter() - started
    predictor = EstimatorModel(estimator, plain_frame(recipe.schema))
    progress(f"evaluating on {len(split.hold_out.features)} rows held out")
    figures = evaluate(
        predictor.predict(numbers_only(split.hold_out.features)), split.hold_out.classes, seconds
    )
    progress("compiling and comparing the compiled model with scikit-learn")
    content, parity, kept = _compile(recipe.schema, estimator, predictor, split.training)
    progress("publishing")
    card = _card(recipe, dataset, split, figures, parity)
    return directory.publish(card, {MODEL_FILE: content, canary.FILE: kept.to_bytes()})


def _split(dataset: Dataset) -> _Split:
    training, hold_out, training_classes, hold_out_classes = train_test_split(
        dataset.features, dataset.classes, test_size=HOLD_OUT, stratify=dataset.classes, random_state=0
    )
    return _Split(Dataset(training, training_classes), Dataset(hold_out, hold_out_classes))


def _compile(
    schema: Schema, estimator: Any, predictor: EstimatorModel, training: Dataset
) -> tuple[bytes, Parity, canary.Canary]:
    content = compile_to_onnx(estimator, fields=training.features.shape[1])
    probes = numbers_only(probe_rows(estimator, training.features))
    parity = prove_equal(schema, OnnxModel(content), probes, predictor.predict(probes))
    return content, parity, _canary(predictor, probes)


def _canary(predictor: EstimatorModel, probes: Rows) -> canary.Canary:
    """Rows from everywhere among the probes, with the estimator's own answers."""
    rows = probes[np.linspace(0, len(probes) - 1, _CANARY_ROWS).astype(int)]
    return canary.Canary(rows, predictor.predict(rows))


def _card(recipe: Recipe, dataset: Dataset, split: _Split, figures: AnyFigures, parity: Parity) -> Card:
    return Card(
        name=recipe.name,
        title=recipe.title,
        description=recipe.description,
        task=CLASSIFICATION,
        schema=_observe(recipe.schema, split.training.features),
        target=recipe.target,
        figures=figures,
        rows=RowCounts(len(split.training.features), len(split.hold_out.features)),
        data_digest=digest_of(dataset.features.tobytes() + dataset.classes.tobytes()),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        libraries={name: version(name) for name in _LIBRARIES},
        source=f"the recipe {recipe.name}",
        runtime=Runtime("onnx", MODEL_FILE, parity, compiler="skl2onnx"),
    )


def _observe(schema: Schema, features: NDArray[np.float64]) -> Schema:
    """The schema with the range of the training rows in each field."""
    ranges = zip(features.min(axis=0), features.max(axis=0), strict=True)
    observed = (Observed(float(low), float(high)) for low, high in ranges)
    return Schema(
        tuple(replace(field, observed=seen) for field, seen in zip(schema.fields, observed, strict=True))
    )
