"""What a model of texts learns from, and what it is measured on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from api.recipes.similar_jobs import SIMILAR_JOBS
from api.recipes.text_recipe import LabelledText
from api.training.text_scores import Learnt
from api.training.text_split import known_of, measuring, phrases_of

LINES = [LabelledText(f"bakes rye bread number{at} at dawn", "baker") for at in range(10)]
LINES += [LabelledText(f"mends burst water pipes number{at}", "plumber") for at in range(10)]


def learnt() -> Learnt:
    """The lines as they are learnt from."""
    known = known_of(SIMILAR_JOBS.target(LINES), LINES)
    return Learnt(known.texts, known.truth, known.texts[:0], known.truth[:0])


def test_a_phrase_is_four_words_or_three_that_mean_something() -> None:
    """Three words of which one is a function word are none."""
    assert ("burst", "water", "pipes") in set(phrases_of("Mends burst water pipes."))
    assert set(phrases_of("One of the best")) == {("one", "of", "the", "best")}
    assert set(phrases_of("in the morning")) == set()


def test_texts_written_apart_that_share_a_phrase_are_left_out() -> None:
    """What is left sets the temperature and measures, by halves, and everything else is learnt from."""
    apart = [LabelledText(f"kneading dough thing{at} for loaves", "baker") for at in range(4)]
    apart += [LabelledText(f"leaks and blocked drains repaired thing{at}", "plumber") for at in range(4)]
    copied = [LabelledText("Someone who bakes rye bread", "baker")]
    recipe = replace(SIMILAR_JOBS, apart=lambda: apart + copied)
    every = learnt()
    measured = measuring(recipe, SIMILAR_JOBS.target(LINES), LINES, every)
    assert measured.training is every
    assert measured.left_out == 1
    assert measured.calibration is not None
    both = {*measured.calibration.texts, *measured.hold_out.texts}
    assert both == {one.text for one in apart}
    assert np.bincount(measured.hold_out.truth).tolist() == [2, 2]


def test_without_such_texts_a_fifth_of_the_lines_is_held_out() -> None:
    """None of them is learnt from."""
    measured = measuring(replace(SIMILAR_JOBS, apart=None), SIMILAR_JOBS.target(LINES), LINES, learnt())
    assert measured.calibration is None
    assert np.bincount(measured.hold_out.truth).tolist() == [2, 2]
    assert not {*measured.hold_out.texts} & {*measured.training.texts}
    assert len(measured.training.texts) == 16
