"""Which texts a model learns from, and on which ones its probabilities are set and it is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.model_selection import train_test_split

from api.recipes.text_recipe import LabelledText, TextRecipe
from api.schema.target import Target
from api.training.text_alike import groups_of_alike
from api.training.text_groups import held_out, sample_to_compare
from api.training.text_scores import FOLDS, Known, Learnt
from api.training.text_size import most_lines

HOLD_OUT = 0.2
# So many words in a row that two texts have in common are a phrase; fewer, where they all mean something.
_PHRASE, _MEANING = 4, 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Measuring:
    """What a model is measured with.

    It learns from `training` and is measured on `hold_out`. `calibration` sets its temperature, None where
    cross-validation does. `left_out` texts written apart shared a phrase with one that is learnt from; None
    where none were written apart. Classifiers are compared on `compared`, None where that is all of
    `training`. `said` are sentences on how lines were parted.
    """

    training: Learnt
    hold_out: Known
    calibration: Known | None = None
    left_out: int | None = None
    compared: Learnt | None = None
    said: tuple[str, ...] = ()


def measuring(recipe: TextRecipe, target: Target, lines: Sequence[LabelledText], every: Learnt) -> Measuring:
    """With the texts written apart, half of them for each purpose, or else with some of the lines."""
    if recipe.apart is None:
        return _within(every)
    apart = recipe.apart()
    phrases = {one for line in lines for one in phrases_of(line.text)}
    kept = [one for one in apart if phrases.isdisjoint(phrases_of(one.text))]
    known = known_of(target, kept)
    first, second = _halves(known.truth, 0.5)
    return Measuring(
        every,
        hold_out=Known(known.texts[second], known.truth[second]),
        calibration=Known(known.texts[first], known.truth[first]),
        left_out=len(apart) - len(kept),
    )


def _within(every: Learnt) -> Measuring:
    """With a fifth of the lines, or as many as there is room for; lines that are alike stay together."""
    most, groups = most_lines(int(every.truth.max()) + 1), groups_of_alike(every.texts)
    held = held_out(every.truth, groups, HOLD_OUT, most)
    training, others = np.flatnonzero(~held), np.flatnonzero(held)
    compared = training[sample_to_compare(every.truth[training], groups[training], most, FOLDS)]
    learnt, known = every.part(training), Known(every.texts[others], every.truth[others])
    said = tuple(_about_lines(len(groups), len(np.unique(groups)), len(training), len(compared)))
    smaller = None if len(compared) == len(training) else every.part(compared)
    if len(training) <= most:
        return Measuring(learnt, known, compared=smaller, said=said)
    # What learns from more lines is surer, so cross-validation on some of them says little of how sure.
    first, second = np.array_split(np.random.default_rng(0).permutation(len(others)), 2)
    return Measuring(
        learnt,
        hold_out=Known(known.texts[second], known.truth[second]),
        calibration=Known(known.texts[first], known.truth[first]),
        compared=smaller,
        said=said,
    )


def _about_lines(lines: int, groups: int, training: int, compared: int) -> Iterator[str]:
    if groups < lines:
        yield (
            f"The {lines:,} lines are {groups:,} groups with nearly the same words; a group is held out as a "
            "whole or not at all."
        )
    if compared < training:
        yield (
            f"Classifiers are compared on {compared:,} of the {training:,} lines that are not held out: one "
            "of each group, with each class's share of all."
        )


def known_of(target: Target, lines: Sequence[LabelledText]) -> Known:
    """The texts of lines, with the index of each one's class."""
    number = {one.label: at for at, one in enumerate(target.classes)}
    texts = np.array([one.text for one in lines], dtype=np.object_)
    return Known(texts, np.array([number[one.label] for one in lines], dtype=np.int64))


def phrases_of(text: str) -> Iterator[tuple[str, ...]]:
    """All runs of four words, and of three that are no function words."""
    words = _WORD.findall(text.lower())
    for size in (_MEANING, _PHRASE):
        for at in range(len(words) - size + 1):
            run = tuple(words[at : at + size])
            if size == _PHRASE or ENGLISH_STOP_WORDS.isdisjoint(run):
                yield run


def _halves(truth: NDArray[np.int64], share: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two parts of the texts' places, the second a `share` of each class as far as that can be."""
    # A class of which a single text is left cannot be in both parts, and is with the first.
    alone = np.bincount(truth)[truth] < 2
    several = np.flatnonzero(~alone)
    first, second = train_test_split(several, test_size=share, stratify=truth[several], random_state=0)
    return np.concatenate([first, np.flatnonzero(alone)]), second
