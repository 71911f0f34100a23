"""One training run of a model of texts: compare, fit, measure, make it servable, prove, publish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from api.recipes.recipe import Estimator
from api.recipes.text_recipe import Candidate, LabelledText, TextRecipe
from api.registry.card import CLASSIFICATION, Card, RowCounts, Runtime
from api.registry.digests import digest_of
from api.registry.directory import ModelsDirectory
from api.runtime import canary
from api.runtime.text_model import FILE, FORMAT, text_model_to_bytes
from api.schema.target import Target
from api.training.choose import Progress
from api.training.evaluate import evaluate
from api.training.made_with import libraries, now
from api.training.skills import skills_of
from api.training.text_export import exported, prove, reference, rows_of
from api.training.text_notes import Comparison, about_comparison, about_hold_out
from api.training.text_probes import probe_texts
from api.training.text_scores import Learnt, out_of_fold, ranks, scores_of, temperature

HOLD_OUT = 0.2
_CANARY_ROWS = 40


@dataclass(frozen=True, slots=True)
class _Best:
    candidate: Candidate
    heat: float
    compared: tuple[Comparison, ...]


def train_texts(recipe: TextRecipe, directory: ModelsDirectory, progress: Progress) -> Card:
    """Make the next version of the recipe's model and publish it; returns its card.

    The classifier is chosen and its temperature set by cross-validation on four fifths of the lines, and
    measured on the others. What is published is then fitted to all lines.
    """
    progress("reading the data")
    lines = recipe.load()
    target = recipe.target(lines)
    everything = _learnt(recipe, target, lines)
    training, hold_out = train_test_split(
        np.arange(len(lines)), test_size=HOLD_OUT, stratify=everything.truth, random_state=0
    )
    best = _best(recipe.candidates, everything.part(training), progress)
    progress(f"measuring {best.candidate.name} on {len(hold_out)} lines held out")
    tried = everything.part(training).fit(best.candidate)
    texts, truth = everything.texts[hold_out], everything.truth[hold_out]
    answers, places = reference(tried, best.heat, texts), ranks(scores_of(tried, texts), truth)
    progress(f"fitting it to all {len(lines)} lines")
    started = time.perf_counter()
    estimator = everything.fit(best.candidate)
    seconds = time.perf_counter() - started
    base_rates = np.bincount(everything.truth) / len(everything.truth)
    content = text_model_to_bytes(exported(estimator, best.heat, base_rates, skills_of(lines)))
    probes = probe_texts(everything.texts)
    progress(f"comparing with scikit-learn on {len(probes)} texts")
    parity = prove(recipe.schema, content, estimator, best.heat, probes)
    kept = _canary(estimator, best.heat, everything.texts)
    progress("publishing")
    card = Card(
        name=recipe.name,
        title=recipe.title,
        description=recipe.description,
        task=CLASSIFICATION,
        schema=recipe.schema,
        target=target,
        figures=evaluate(answers, truth, seconds),
        rows=RowCounts(len(lines), len(hold_out)),
        data_digest=digest_of(repr([(one.text, one.label) for one in lines]).encode()),
        trained_at=now(),
        libraries=libraries(),
        runtime=Runtime(FORMAT, FILE, parity, "bouquet"),
        source=f"the recipe {recipe.name}",
        notes=(
            *about_comparison(best.compared, best.heat),
            *about_hold_out(target, answers, truth, places),
        ),
    )
    return directory.publish(card, {FILE: content, canary.FILE: kept.to_bytes()})


def _learnt(recipe: TextRecipe, target: Target, lines: Sequence[LabelledText]) -> Learnt:
    number = {one.label: at for at, one in enumerate(target.classes)}
    anchors = recipe.anchors(target)
    return Learnt(
        np.array([one.text for one in lines], dtype=np.object_),
        np.array([number[one.label] for one in lines], dtype=np.int64),
        np.array([one.text for one in anchors], dtype=np.object_),
        np.array([number[one.label] for one in anchors], dtype=np.int64),
    )


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
