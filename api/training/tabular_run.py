"""One training from a CSV file: read, profile, split, compare candidates, fit, measure, compile, publish."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from api.registry.card import Card, RowCounts
from api.registry.digests import file_digest
from api.registry.explanation import Explanation
from api.runtime.frame import natural_frame
from api.training.evaluate import evaluate
from api.training.made_with import libraries, now
from api.training.memory import give_back
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.tabular_candidates import candidates
from api.training.tabular_contest import Contest, hold
from api.training.tabular_enabled import Enabled
from api.training.tabular_fit import answered, fitted, prepared
from api.training.tabular_known import Clock, Kept, Known, kept_of, read_csv
from api.training.tabular_leaks import leaks
from api.training.tabular_report import Findings, Told, decide, metrics_of, report
from api.training.tabular_scores import best_threshold, by_f1, chance, decided, metric_of, score
from api.training.tabular_split import Ground, split
from api.training.tabular_words import about, model_name, notes_of, warnings_about
from api.training.typical import explanation_of
from api.training.watch import Watch
from api.training.words import title_of

if TYPE_CHECKING:
    from api.training.choose import Chosen

# How much of the step "fit" goes to comparing candidates.
_COMPARING = 0.5


def train_csv(request: TrainingRequest, file: Path, house: House, watch: Watch, job: str) -> Outcome:
    """Make a version of a model from a CSV file and publish it, unless `job` has published one already.

    Raises UnfitData where nothing can be learnt from the file, and what `watch` raises.
    """
    clock = Clock()
    # Nothing here holds on to all of the file's rows: they make room for what the winner is fitted to.
    learnt = _learn(read_csv(request, file, watch, clock), request, house, watch, clock)
    known = learnt.kept.known
    findings = _measure(learnt, watch)
    clock.note("evaluate")
    chosen = _compiled(learnt, house, watch)
    clock.note("compile")
    name = model_name(request, file, known.recipe)
    watch.step("publish", 0.0, f"publishing {name}")
    enabled, digest = house.enabled(name), file_digest(file)
    card = Card(
        name=name,
        title=request.title or (known.recipe.title if known.recipe else title_of(name)),
        description=about(known),
        task=known.truth.task,
        schema=known.view.schema,
        target=known.truth.target,
        figures=findings.figures,
        rows=RowCounts(learnt.counts[0], learnt.counts[2]),
        data_digest=digest,
        trained_at=now(),
        libraries=libraries(),
        runtime=chosen.runtime,
        source=house.source,
        notes=(*house.notes, *notes_of(known, learnt.contest, learnt.counts, learnt.warnings)),
        training=job,
        explanation=_explanation(learnt.kept),
    )
    published = _published(house, card) or house.directory.publish(card, chosen.files)
    clock.note("publish")
    watch.step("compare", 0.0, "comparing with the version that answers")
    other = Enabled(house.directory, name, None if enabled == published.version else enabled, house.trusted)
    asked = other.ask(known.view, known.truth, known.truth.rows[learnt.kept.hold_out])
    decision = decide(known.truth, findings, asked, digest)
    clock.note("compare")
    told = Told(learnt.counts, learnt.by, learnt.contest, findings, decision, tuple(learnt.warnings))
    watch.step("compare", 1.0, decision.why)
    return Outcome(
        published,
        decision.better,
        decision.why,
        metrics_of(findings.figures),
        report(known, told, clock),
    )


@dataclass(frozen=True)
class Learnt:
    """The fitted winner, and what is needed to measure it; `counts` are rows to learn, validate, hold out."""

    kept: Kept
    estimator: Any
    seconds: float
    metric: str
    contest: Contest
    counts: tuple[int, int, int]
    by: str
    warnings: list[str]


def _learn(known: Known, request: TrainingRequest, house: House, watch: Watch, clock: Clock) -> Learnt:
    """Split the rows, let the candidates compete on a sample, and fit the winner to all it may learn from."""
    metric = metric_of(known.truth, request.metric)
    watch.step("split", 0.0, "setting rows aside")
    parts = split(known.view, known.truth, lambda share: watch.step("split", share))
    ground = Ground(known.view, known.truth, parts)
    give_back()
    clock.note("split")
    watch.step("fit", 0.0, "looking for columns that give the target away")
    warnings = warnings_about(known, leaks(ground), parts)
    entrants = candidates(known.truth, known.recipe)
    contest = hold(
        entrants,
        ground,
        metric,
        house.seconds,
        lambda share, words: watch.step("fit", _COMPARING * share, words),
    )
    # From here on nobody asks which rows are alike.
    parts = replace(parts, hashes=parts.hashes[:0].copy())
    ground = replace(ground, split=parts)
    give_back()
    clock.note("candidates")
    winner = contest.best.candidate
    counts = (len(parts.training), len(parts.validation), len(parts.hold_out))
    watch.step("fit", _COMPARING, f"fitting {winner.name} to {counts[0]:,} rows")
    began = time.perf_counter()
    matrix = prepared(winner, ground, parts.training)
    values, by, kept = known.truth.values[parts.training], parts.by, kept_of(known, parts)
    del known, parts, ground
    give_back()
    estimator = fitted(winner, matrix, values)
    del matrix, values
    give_back()
    seconds = time.perf_counter() - began
    clock.note("fit")
    kept = _with_threshold(kept, contest, estimator, metric)
    return Learnt(kept, estimator, seconds, metric, contest, counts, by, warnings)


def _with_threshold(kept: Kept, contest: Contest, estimator: Any, metric: str) -> Kept:
    """The target with the threshold that is best on rows that the model has not learnt from."""
    truth = kept.known.truth
    if truth.positive is None:
        return kept
    if len(kept.validation):
        true = truth.values[kept.validation]
        second = answered(estimator, kept.known.view, truth.rows[kept.validation])[:, 1]
    elif contest.best.said is not None:
        known = ~np.isnan(contest.best.said[:, 1])
        true, second = contest.truth[known], contest.best.said[known, 1]
    else:
        return kept
    target = replace(truth.target, threshold=best_threshold(by_f1(metric), true, second))
    return replace(kept, known=replace(kept.known, truth=replace(truth, target=target)))


def _measure(learnt: Learnt, watch: Watch) -> Findings:
    """The winner's answers to the rows held out, and how good they are."""
    kept, known = learnt.kept, learnt.kept.known
    truth = known.truth
    watch.step("evaluate", 0.0, f"measuring on {learnt.counts[2]:,} rows held out")
    rows = truth.rows[kept.hold_out]
    said = answered(learnt.estimator, known.view, rows, lambda share: watch.step("evaluate", share))
    answers, true = decided(said, truth.target), truth.values[kept.hold_out]
    classes = len(truth.target.classes)
    return Findings(
        metric=learnt.metric,
        score=score(learnt.metric, true, answers, classes),
        chance=chance(learnt.metric, true, classes),
        figures=evaluate(answers, true, learnt.seconds, truth.positive),
        answers=answers,
        true=true,
    )


def _compiled(learnt: Learnt, house: House, watch: Watch) -> Chosen:
    """What answers, proved equal to the estimator."""
    watch.step("compile", 0.0, "compiling, and comparing with scikit-learn")
    # What compiles is fetched now, when the rows that were learnt from have been let go of.
    give_back()
    from api.training.choose import Chooser  # noqa: PLC0415 (see above)

    chooser = Chooser(lambda step: watch.step("compile", 0.3, step), house.trusted)
    known = learnt.kept.known
    sample = known.view.rows(known.truth.rows[learnt.kept.sample])
    return chooser.choose(learnt.estimator, natural_frame(known.view.schema), sample)


def _explanation(kept: Kept) -> Explanation:
    """The usual values of rows that were learnt from, of the first class alone where the recipe explains."""
    known, rows = kept.known, kept.sample
    explains = known.recipe is not None and known.recipe.explains
    if explains and known.truth.positive is not None:
        usual = rows[known.truth.values[rows] == 0]
        rows = usual if len(usual) else rows
    given = known.view.rows(known.truth.rows[rows])
    return explanation_of(known.view.schema, given, by_default=explains, texts=True)


def _published(house: House, card: Card) -> Card | None:
    """The version that this job has published before it was cut short, None where there is none."""
    for version in reversed(house.directory.versions(card.name)):
        found = house.directory.card(card.name, version)
        if card.training and found.training == card.training:
            return found
    return None
