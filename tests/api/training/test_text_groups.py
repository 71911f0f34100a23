"""Alike lines are found among many, stay on one side, and count once where classifiers are compared."""

from __future__ import annotations

import numpy as np

from api.training.text_alike import groups_of_alike
from api.training.text_groups import held_out, sample_to_compare

FIRST = "the shop sells fresh bread and cakes to the whole village from five in the morning"


def test_texts_of_nearly_the_same_words_are_one_group() -> None:
    """The same in another order and with another word; others, and texts without a word, are apart."""
    texts = [
        FIRST,
        "mends pipes under kitchens",
        f"{FIRST.replace('five', 'six')}!",
        " ".join(reversed(FIRST.split())),
        "drives a tram through the old town",
        "…",
    ]
    groups = groups_of_alike(texts).tolist()
    assert groups[0] == groups[2] == groups[3]
    assert len({groups[at] for at in (0, 1, 4, 5)}) == 4


def test_no_group_is_on_both_sides() -> None:
    """And of each class there are lines on both, where it has enough groups."""
    random = np.random.default_rng(0)
    truth = np.repeat(np.arange(5), 200)
    groups = truth * 1000 + random.integers(0, 60, 1000)
    held = held_out(truth, groups, 0.2, 10_000)
    assert not set(groups[held]) & set(groups[~held])
    assert np.bincount(truth[held]).min() > 10
    assert held.mean() <= 0.2


def test_no_more_is_held_out_than_there_is_room_for() -> None:
    """Of many lines a smaller share of each class."""
    truth = np.repeat(np.arange(5), 2000)
    held = held_out(truth, np.arange(10_000), 0.2, 500)
    assert np.bincount(truth[held]).tolist() == [100] * 5


def test_lines_that_are_all_alike_are_split_all_the_same() -> None:
    """Where no class has groups enough, there would be nothing to measure on."""
    truth = np.repeat(np.arange(2), 20)
    assert np.bincount(truth[held_out(truth, truth, 0.2, 1000)]).tolist() == [4, 4]


def test_classifiers_are_compared_on_one_line_of_each_group() -> None:
    """But on three of a class whose lines are all alike; of many on each class's share."""
    truth = np.repeat(np.arange(3), [10, 1000, 3000])
    groups = np.where(truth == 0, 0, 1 + np.arange(len(truth)) // 2)
    taken = sample_to_compare(truth, groups, 400, 3)
    assert np.bincount(truth[taken]).tolist() == [3, 100, 300]
    assert len(np.unique(groups[taken])) == 401
