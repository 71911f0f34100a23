"""A linear model for one row: weighted sums, and what becomes of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, softmax

from api.runtime.answers import OneAnswer
from api.runtime.choice_codes import CODES, choice_codes_to_json
from api.runtime.one_row.sums import LINKS, Sums

NAN, INF = math.nan, math.inf


def arrays_of(
    link: str,
    start: Sequence[float],
    weights: Sequence[Sequence[float]],
    gaps: Sequence[Sequence[float]] | None = None,
    coded: tuple[Mapping[int, Sequence[str]], Sequence[Sequence[float]]] = ({}, ()),
) -> dict[str, NDArray[Any]]:
    """What a form is made of; no number can be missing where nothing is said of gaps.

    `coded` are the choices and what their codes add.
    """
    own = np.array(weights, dtype=np.float64).reshape(-1, len(start))
    return {
        "start": np.array(start, dtype=np.float64),
        "weights": own,
        "gaps": np.full(own.shape, NAN) if gaps is None else np.array(gaps, dtype=np.float64),
        "tables": np.array(coded[1], dtype=np.float64).reshape(-1, len(start)),
        CODES: np.array(choice_codes_to_json(coded[0])),
        "link": np.array(link),
    }


def linked(link: str, *sums: float) -> OneAnswer:
    """What becomes of some sums."""
    return Sums(arrays_of(link, sums, [])).predict_one([], [])


@pytest.mark.parametrize(
    "sums",
    [
        (0.5, -1.0, 2.0),
        (0.0, 0.0),
        (3.0, 3.0, 1.0),
        (1e4, -1e4, 0.0),
        (8e307, -8e307),
        tuple(map(float, range(12))),
    ],
)
def test_a_softmax_is_the_usual_one(sums: tuple[float, ...]) -> None:
    """However large the sums; a tie goes to the first class."""
    chosen, shares = linked("softmax", *sums)
    assert chosen == int(np.argmax(sums))
    np.testing.assert_allclose(shares, softmax(sums), rtol=1e-14)


@pytest.mark.parametrize(
    "one", [0.0, 1e-300, 0.7, -0.7, 36.0, -36.0, 700.0, -700.0, 745.2, -745.2, 1e308, -1e308]
)
def test_a_sigmoid_is_the_usual_one(one: float) -> None:
    """However large the sum, of either sign; the second class is chosen above zero."""
    chosen, shares = linked("sigmoid", one)
    assert chosen == (one > 0)
    np.testing.assert_allclose(shares, [1.0 - expit(one), expit(one)], rtol=1e-14)


@pytest.mark.parametrize("sums", [(0.5, -1.0, 2.0), (-30.0, -31.0, -32.0), (800.0, 900.0, -900.0)])
def test_each_class_against_the_rest_comes_to_one(sums: tuple[float, ...]) -> None:
    """What each has alone, divided by what they have together; the largest sum is chosen."""
    chosen, shares = linked("each", *sums)
    assert chosen == int(np.argmax(sums))
    np.testing.assert_allclose(shares, expit(sums) / expit(sums).sum(), rtol=1e-13)


def test_where_no_class_has_anything_all_have_the_same() -> None:
    """Like scikit-learn's: there is nothing to divide, and the largest sum is chosen all the same."""
    assert linked("each", -1e4, -1e3, -1e5, -2e3) == (1, [0.25] * 4)


@pytest.mark.parametrize(
    ("sums", "chosen"), [((-0.1,), 0), ((0.0,), 0), ((0.1,), 1), ((1.0, 3.0, 2.0), 1), ((2.0, 2.0), 0)]
)
def test_the_largest_has_no_probabilities(sums: tuple[float, ...], chosen: int) -> None:
    """Of one sum the sign decides, of several the first largest."""
    assert linked("largest", *sums) == (chosen, [])


def test_a_value_is_its_sum() -> None:
    """As it is, without a class."""
    assert linked("value", -2.5) == (None, [-2.5])


@pytest.mark.parametrize(("one", "value"), [(0.0, 1.0), (1.5, math.exp(1.5)), (-1e5, 0.0), (1e5, INF)])
def test_an_exponential_grows_without_an_exception(one: float, value: float) -> None:
    """What is too large is infinite, which whoever asked is told of."""
    assert linked("exponential", one) == (None, [value])


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("first", [NAN, INF, -INF, 1e308, -1e308, 0.0])
@pytest.mark.parametrize("second", [NAN, INF, -INF, 1e308, -1e308, 0.0])
def test_no_sums_are_an_exception(link: str, first: float, second: float) -> None:
    """Whatever a row's values come to there is an answer, if not always one of numbers."""
    one = link in ("sigmoid", "value", "exponential")
    chosen, numbers = linked(link, *([first] if one else [first, second]))
    assert chosen in ((None,) if link in ("value", "exponential") else (0, 1))
    assert len(numbers) == {"largest": 0, "value": 1, "exponential": 1}.get(link, 2)
    if link in ("sigmoid", "softmax") and math.isfinite(first) and math.isfinite(second):
        assert sum(numbers) == pytest.approx(1)


def test_sums_are_weighted() -> None:
    """Each class has its own start and weights."""
    form = Sums(arrays_of("softmax", [1.0, 2.0], [[0.5, -1.0], [0.0, 4.0], [2.0, 0.25]]))
    chosen, shares = form.predict_one([2.0, 0.5, -1.0], [])
    assert chosen == 1
    np.testing.assert_allclose(shares, softmax([1.0 + 1.0 - 2.0, 2.0 - 2.0 + 2.0 - 0.25]), rtol=1e-15)


@pytest.mark.parametrize(
    ("numbers", "value"),
    [
        ([3.0, 5.0], 1000.0 + 300.0 + 50.0),
        ([NAN, 5.0], 1000.0 + 7.0 + 50.0),
        ([3.0, NAN], 1000.0 + 300.0 + 40.0),
        ([NAN, NAN], 1000.0 + 7.0 + 40.0),
    ],
)
def test_a_missing_number_adds_what_it_adds(numbers: list[float], value: float) -> None:
    """Instead of its weight, whatever the others are."""
    form = Sums(arrays_of("value", [1000.0], [[100.0], [10.0]], [[7.0], [40.0]]))
    assert form.predict_one(numbers, []) == (None, [value])


def test_a_number_that_cannot_be_missing_gives_no_number() -> None:
    """It is not taken for a zero, whether or not another one may be missing."""
    for gaps in ([[NAN], [NAN]], [[NAN], [4.0]]):
        _, (value,) = Sums(arrays_of("value", [1.0], [[2.0], [3.0]], gaps)).predict_one([NAN, 1.0], [])
        assert math.isnan(value)


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        (["free", "Basel"], 5.0 + 100.0 + 1.0),
        (["plus", "Bern"], 5.0 + 200.0 + 2.0),
        (["", "Basel"], 5.0 + 300.0 + 1.0),
        (["", ""], 5.0 + 300.0 + 3.0),
        (["basel", "Basel "], 5.0 + 400.0 + 4.0),
    ],
)
def test_choices_add_what_their_codes_add(texts: list[str], value: float) -> None:
    """Those there are, a missing one, and any other; whatever is in a text that is no choice."""
    tables = [[100.0], [200.0], [300.0], [400.0], [1.0], [2.0], [3.0], [4.0]]
    choices = {0: ["free", "plus"], 2: ["Basel", "Bern"]}
    form = Sums(arrays_of("value", [5.0], [[0.5]], coded=(choices, tables)))
    assert form.predict_one([0.0], [texts[0], "a note", texts[1]]) == (None, [value])
    assert form.predict_one([8.0], [texts[0], "", texts[1]]) == (None, [value + 4.0])


def test_choices_and_missing_numbers_add_up() -> None:
    """For each class."""
    form = Sums(
        arrays_of(
            "softmax",
            [0.0, 1.0],
            [[1.0, 2.0]],
            [[3.0, 4.0]],
            ({0: ["a"]}, [[5.0, 6.0], [0.0, 0.0], [7.0, 8.5]]),
        )
    )
    for number, text, sums in ((2.0, "a", [7.0, 11.0]), (NAN, "a", [8.0, 11.0]), (NAN, "b", [10.0, 13.5])):
        chosen, shares = form.predict_one([number], [text])
        assert chosen == 1
        np.testing.assert_allclose(shares, softmax(sums), rtol=1e-15)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("start", (3,)),
        ("weights", (2, 3)),
        ("weights", (1, 2)),
        ("weights", (4,)),
        ("gaps", (1, 2)),
        ("tables", (2, 2)),
        ("tables", (4, 2)),
        ("tables", (3, 1)),
        ("tables", (6,)),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_none(name: str, shape: tuple[int, ...]) -> None:
    """They are refused before any row is answered."""
    arrays = arrays_of("softmax", [0.0, 1.0], [[1.0, 2.0], [3.0, 4.0]], coded=({0: ["a"]}, [[0.0, 0.0]] * 3))
    Sums(arrays)
    with pytest.raises(ValueError, match="do not fit"):
        Sums(arrays | {name: np.zeros(shape)})


def test_an_unknown_link_is_none() -> None:
    """Nobody's answers come of a link that is not known here."""
    with pytest.raises(KeyError, match="probit"):
        Sums(arrays_of("probit", [0.0], []))


def test_a_model_of_many_weights_adds_up_as_a_small_one() -> None:
    """Where there are too many to be written out, a loop does the same, missing numbers too."""
    rng = np.random.default_rng(5)
    weights, gaps = rng.normal(size=(2, 40, 2))
    numbers = rng.normal(size=40)
    numbers[[3, 17]] = NAN
    known = ~np.isnan(numbers)
    wanted = numbers[known] @ weights[known] + gaps[~known].sum(axis=0) + [1.0, 2.0]
    sums = Sums(arrays_of("softmax", [1.0, 2.0], weights.tolist(), gaps.tolist()))
    _, shares = sums.predict_one(numbers.tolist(), [])
    np.testing.assert_allclose(shares, softmax(wanted), rtol=1e-12)
