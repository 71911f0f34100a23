"""A model of trees for one row: a table of its answers between thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from api.runtime.choice_codes import CODES, choice_codes_to_json
from api.runtime.one_row.arrays import ragged
from api.runtime.one_row.cells import Cells

NAN, INF = math.nan, math.inf
CUTS = [[-1.5, 0.0, 2.0], [], [7.0]]
# An interval for each threshold and one more, and one for what is missing; the codes of two choices.
SIZES = (4 + 1, 1 + 1, 2, 2 + 2, 1 + 2)


def arrays_of(kind: type[np.unsignedinteger[Any]] = np.uint16) -> dict[str, NDArray[Any]]:
    """A table in which every cell has its own answer: its number."""
    count = math.prod(SIZES)
    return ragged(CUTS, "cuts") | {
        "gaps": np.array([True, True, False]),
        CODES: np.array(choice_codes_to_json({0: ["free", "plus"], 2: ["Basel"]})),
        "which": np.arange(count, dtype=kind),
        "classes": np.empty(0, dtype=np.int64),
        "numbers": np.arange(count, dtype=np.float64)[:, None],
    }


def small(numbers: NDArray[np.float64], classes: Sequence[int] = ()) -> Cells:
    """A table of one field and its two intervals, whose answers are in the other order."""
    return Cells(
        ragged([[0.5]], "cuts")
        | {
            "gaps": np.array([False]),
            CODES: np.array("[]"),
            "which": np.array([1, 0], dtype=np.uint16),
            "classes": np.array(classes, dtype=np.int64),
            "numbers": numbers,
        }
    )


FIRST = {
    -INF: 0,
    -1e300: 0,
    -1.5: 0,
    math.nextafter(-1.5, 0): 1,
    -5e-324: 1,
    0.0: 1,
    5e-324: 2,
    2.0: 2,
    math.nextafter(2, 3): 3,
    INF: 3,
    NAN: 4,
}
SECOND = {-1.0: 0, 3.0: 0, NAN: 1}
THIRD = {7.0: 0, math.nextafter(7, 8): 1}
PLAN = {"free": 0, "plus": 1, "": 2, "Free": 3, "\0": 3}
CITY = {"Basel": 0, "": 1, "Bern": 2}


@pytest.mark.parametrize("kind", [np.uint16, np.uint32])
def test_a_row_is_answered_by_its_cell(kind: type[np.unsignedinteger[Any]]) -> None:
    """A threshold belongs to what is below it; what is missing, in choices too, has places of its own."""
    form = Cells(arrays_of(kind))
    for first, second, third, plan, city in product(FIRST, SECOND, THIRD, PLAN, CITY):
        places = FIRST[first], SECOND[second], THIRD[third], PLAN[plan], CITY[city]
        expected = float(np.ravel_multi_index(places, SIZES))
        assert form.predict_one([first, second, third], [plan, "a note", city]) == (None, [expected])


def test_zero_has_no_sign() -> None:
    """Either zero is at a threshold of zero."""
    form = Cells(arrays_of())
    rest = [3.0, 7.0], ["free", "", "Basel"]
    assert form.predict_one([-0.0, *rest[0]], rest[1]) == form.predict_one([0.0, *rest[0]], rest[1])


def test_cells_share_answers() -> None:
    """The class and the probabilities that the cell names."""
    form = small(np.array([[0.25, 0.75], [0.5, 0.5]]), [1, 0])
    assert form.predict_one([0.5], []) == (0, [0.5, 0.5])
    assert form.predict_one([0.6], []) == (1, [0.25, 0.75])


def test_probabilities_keep_every_bit() -> None:
    """In whatever order the file has them in memory."""
    shares = np.random.default_rng(0).random((2, 5))
    for kept in (shares, np.asfortranarray(shares)):
        assert small(kept, [0, 1]).predict_one([0.0], []) == (1, shares[1].tolist())


def test_classes_alone_are_an_answer() -> None:
    """Of a model without probabilities."""
    form = small(np.empty((2, 0)), [3, 7])
    assert form.predict_one([0.0], []) == (7, [])
    assert form.predict_one([1.0], []) == (3, [])


def test_choices_alone_have_cells() -> None:
    """A model may take no numbers at all."""
    count = 2 + 2
    form = Cells(
        ragged([], "cuts")
        | {
            "gaps": np.array([], dtype=bool),
            CODES: np.array(choice_codes_to_json({0: ["free", "plus"]})),
            "which": np.arange(count, dtype=np.uint16),
            "classes": np.empty(0, dtype=np.int64),
            "numbers": np.arange(count, dtype=np.float64)[:, None],
        }
    )
    assert [form.predict_one([], [plan])[1] for plan in PLAN] == [[float(at)] for at in PLAN.values()]


def test_a_row_of_another_length_is_an_error() -> None:
    """It is not answered by some cell or other."""
    form = Cells(arrays_of())
    for numbers in ([0.0, 0.0], [0.0] * 4):
        with pytest.raises(ValueError, match="values to unpack"):
            form.predict_one(numbers, ["free", "", "Basel"])


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("which", np.arange(math.prod(SIZES) - 1, dtype=np.uint16)),
        ("which", np.arange(math.prod(SIZES), dtype=np.uint16) + np.uint16(1)),
        ("which", np.zeros((math.prod(SIZES), 1), dtype=np.uint16)),
        ("numbers", np.zeros((3, 1))),
        ("numbers", np.zeros(math.prod(SIZES))),
        ("classes", np.zeros(7, dtype=np.int64)),
        ("classes", np.zeros((math.prod(SIZES), 1), dtype=np.int64)),
        ("gaps", np.array([True, True])),
        ("gaps", np.array([True, True, True])),
        ("cuts", np.array([0.0])),
        ("cuts_counts", np.array([2, 2])),
        ("cuts_counts", np.array([5, -1, 0])),
        (CODES, np.array("[]")),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_none(name: str, other: NDArray[Any]) -> None:
    """They are refused before any row is answered."""
    arrays = arrays_of()
    Cells(arrays)
    with pytest.raises(ValueError, match=r"table of answers|do not fit|zip\(\)"):
        Cells(arrays | {name: other})
