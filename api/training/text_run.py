"""One training run of a model of texts: compare, fit, measure, make it servable, prove, publish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.recipes.recipe import Estimator
from api.recipes.text_recipe import Candidate, LabelledText, TextRecipe
from api.registry.card import CLASSIFICATION, Card, RowCounts, Runtime
from api.registry.digests import digest_of_parts
from api.registry.directory import ModelsDirectory
from api.runtime import canary
from api.runtime.text_model import FILE, FORMAT, text_model_to_bytes
from api.schema.target import Target
from api.training.choose import Progress
from api.training.evaluate import evaluate
from api.training.made_with import libraries, now
from api.training.skills import skills_of
from api.training.text_export import answers_of, exported, prove, reference, rows_of
from api.training.text_notes import Comparison, about_comparison, about_measuring
from api.training.text_probes import probe_texts
from api.training.text_ranking import ranking
from api.training.text_scores import Learnt, out_of_fold, ranks, scores_of, temperature
from api.training.text_size import comparable
from api.training.text_split import known_of, measuring

_CANARY_ROWS = 40


@dataclass(frozen=True, slots=True)
class _Best:
    candidate: Candidate
    heat: float
    compared: tuple[Comparison, ...]


def train_texts(recipe: TextRecipe, directory: ModelsDirectory, progress: Progress) -> Card:
    """Make the next version of the recipe's model and publish it; returns its card.

    The classifier is chosen by cross-validation, and measured on texts that it has not learnt from.
    """
    progress("reading the data")
    lines = recipe.load()
    target = recipe.target(lines)
    everything = _learnt(recipe, target, lines)
    measured = measuring(recipe, target, lines, everything)
    candidates, why = comparable(recipe.candidates, everything.texts, len(target.classes))
    best = _best(candidates, measured.compared or measured.training, progress)
    progress(f"fitting {best.candidate.name} to {len(measured.training.truth)} lines")
    estimator, seconds = _fitted(best.candidate, measured.training)
    heat = best.heat
    if measured.calibration is not None:
        heat = temperature(scores_of(estimator, measured.calibration.texts), measured.calibration.truth)
    progress(f"measuring it on {len(measured.hold_out.truth)} lines that it has not learnt from")
    scores, truth = scores_of(estimator, measured.hold_out.texts), measured.hold_out.truth
    figures = evaluate(answers_of(scores, heat), truth, seconds)
    if measured.training is not everything:
        progress(f"fitting it to all {len(lines)} lines")
        estimator, _ = _fitted(best.candidate, everything)
    base_rates = np.bincount(everything.truth) / len(everything.truth)
    content = text_model_to_bytes(exported(estimator, heat, base_rates, skills_of(lines)))
    probes = probe_texts(everything.texts)
    progress(f"comparing with scikit-learn on {len(probes)} texts")
    parity = prove(recipe.schema, content, estimator, heat, probes)
    kept = _canary(estimator, heat, everything.texts)
    progress("publishing")
    card = Card(
        name=recipe.name,
        title=recipe.title,
        description=recipe.description,
        task=CLASSIFICATION,
        schema=recipe.schema,
        target=target,
        figures=figures,
        rows=RowCounts(len(lines), len(truth)),
        data_digest=digest_of_parts(repr((one.text, one.label)).encode() for one in lines),
        trained_at=now(),
        libraries=libraries(),
        runtime=Runtime(FORMAT, FILE, parity, "bouquet"),
        source=recipe.source or f"the recipe {recipe.name}",
        notes=(*recipe.notes, *about_measuring(measured, heat), *why, *about_comparison(best.compared)),
        ranking=ranking(target, scores, heat, truth),
    )
    return directory.publish(card, {FILE: content, canary.FILE: kept.to_bytes()})


def _fitted(candidate: Candidate, learnt: Learnt) -> tuple[Estimator, float]:
    """The candidate fitted, and the seconds that took."""
    started = time.perf_counter()
    estimator = learnt.fit(candidate)
    return estimator, time.perf_counter() - started


def _learnt(recipe: TextRecipe, target: Target, lines: Sequence[LabelledText]) -> Learnt:
    known, anchors = known_of(target, lines), known_of(target, recipe.anchors(target))
    return Learnt(known.texts, known.truth, anchors.texts, anchors.truth)


def _best(candidates: Sequence[Candidate], learnt: Learnt, progress: Progress) -> _Best:
    """The candidate whose true classes come first: by the mean of 1 / place."""
    compared, scored = [], []
    for candidate in candidates:
        progress(f"cross-validating {candidate.name} on {len(learnt.truth)} lines")
        scored.append(out_of_fold(candidate, learnt))
        compared.append(Comparison(candidate.name, ranks(scored[-1], learnt.truth)))
    at = int(np.argmax([one.mean_reciprocal_rank for one in compared]))
    return _Best(candidates[at], temperature(scored[at], learnt.truth), tuple(compared))


def _canary(estimator: Estimator, heat: float, texts: NDArray[np.object_]) -> canary.Canary:
    """Some of the texts, from the first to the last, with scikit-learn's own answers."""
    every = np.linspace(0, len(texts) - 1, min(_CANARY_ROWS, len(texts))).astype(int)
    picked = np.array([texts[at] for at in every], dtype=np.object_)
    return canary.Canary(rows_of(picked), reference(estimator, heat, picked))
