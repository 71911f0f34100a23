"""Formulas: what each operation gives, and that a compiled formula gives the same to the last bit."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import onnxruntime
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from api.recipes.formulas import OPERATIONS, Formulas, names_in
from api.runtime.compiling import formulas
from api.runtime.compiling.blocks import whole
from api.runtime.compiling.compilation import Compilation
from api.runtime.skops_model import open_skops

NAN = math.nan
CASES: list[tuple[Any, list[float], float]] = [
    (("minus", "a", "b"), [5.0, 3.0], 2.0),
    (("smaller", "a", "b"), [5.0, 3.0], 3.0),
    (("smaller", "a", "b"), [NAN, 3.0], NAN),
    (("smaller", "a", "b"), [3.0, NAN], NAN),
    (("size", "a"), [-5.0, 0.0], 5.0),
    (("cents", ("minus", "a", "b")), [0.3, 0.1], 0.2),
    (("remainder", "a", 24.0), [49.0, 0.0], 1.0),
    (("share", "a", "b"), [50.0, 200.0], 0.25),
    (("share", "a", "b"), [200.0, 50.0], 1.0),
    (("share", "a", "b"), [0.0, 0.0], 0.0),
    (("share", "a", "b"), [-1.0, 4.0], 0.0),
    (("share", "a", "b"), [1.0, NAN], NAN),
    (("at_least", "a", "b"), [3.0, 3.0], 1.0),
    (("at_least", "a", "b"), [2.0, 3.0], 0.0),
    (("at_least", "a", "b"), [NAN, 3.0], 0.0),
    (("known", "a"), [NAN, 0.0], 0.0),
    (("known", "a"), [0.0, 0.0], 1.0),
    (("filled", "a", "b"), [NAN, 7.0], 7.0),
    (("filled", "a", 9.0), [1.0, 7.0], 1.0),
    (("magnitude", "a"), [0.5, 0.0], 0.5),
    (("magnitude", "a"), [1.0, 0.0], 1.0),
    (("magnitude", "a"), [1024.0, 0.0], 11.0),
    (("magnitude", "a"), [-3.0, 0.0], -2.5),
    (("magnitude", "a"), [NAN, 0.0], NAN),
]

NESTED = (
    ("left", ("magnitude", ("minus", "b", "a"))),
    ("share", ("share", "a", ("filled", "b", 0.0))),
    ("rest", ("cents", ("size", ("minus", ("minus", "b", "a"), ("filled", "c", ("minus", "b", "a")))))),
    ("hour", ("remainder", ("size", "c"), 24.0)),
    ("more", ("at_least", "a", ("smaller", "b", "c"))),
    ("known", ("known", "c")),
)

values = st.one_of(
    st.just(NAN),
    st.sampled_from([0.0, -0.0, 1.0, 24.0, 0.005, 1e-310, 3.4e38, -3.4e38, 2.0**53]),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.floats(-3.4e38, 3.4e38),
)


def compiled(transformer: Formulas, table: np.ndarray) -> np.ndarray:
    """What the compiled transformer gives for the rows of a table."""
    c = Compilation({}, {})
    (block,) = formulas.calculate(c, transformer, [whole("given", table.shape[1])])
    content = c.graph.build({"given": table.shape[1]}, {"made": c.dense([block])})
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    made: np.ndarray = session.run(None, {"given": table})[0]
    return made


@pytest.mark.parametrize(("formula", "row", "expected"), CASES)
def test_each_operation_does_what_it_says(formula: Any, row: list[float], expected: float) -> None:
    """One row, calculated by NumPy and by the compiled form."""
    table = np.array([row])
    transformer = Formulas(("a", "b"), (("made", formula),)).fit(table)
    for made in (transformer.transform(table), compiled(transformer, table)):
        assert made.shape == (1, 1)
        assert made[0, 0] == pytest.approx(expected, nan_ok=True, abs=0)


def test_every_operation_is_among_the_cases() -> None:
    """So that one which is added is tested too."""
    assert {formula[0] for formula, _, _ in CASES} == set(OPERATIONS)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(values, values, values), min_size=1, max_size=40))
def test_compiled_formulas_are_equal_to_the_last_bit(rows: list[tuple[float, float, float]]) -> None:
    """Any numbers that a field takes, missing ones among them."""
    table = np.array(rows)
    transformer = Formulas(("a", "b", "c"), NESTED).fit(table)
    np.testing.assert_array_equal(compiled(transformer, table), transformer.transform(table))


@settings(max_examples=200, deadline=None)
@given(a=st.floats(0, 3.4e38), b=st.floats(0, 3.4e38))
def test_the_magnitude_keeps_the_order(a: float, b: float) -> None:
    """A larger number never has the smaller magnitude, and it is near the logarithm."""
    transformer = Formulas(("a",), (("made", ("magnitude", "a")),))
    first, second = transformer.transform(np.array([[a], [b]])).ravel()
    assert (first <= second) or (a > b)
    if a >= 1:
        assert -1e-12 < math.log2(a) - (first - 1) < 0.0861


def test_it_is_a_transformer_as_scikit_learn_knows_them() -> None:
    """It can be cloned, names its features, and refuses a table of another width."""
    transformer = clone(Formulas(("a", "b", "c"), NESTED))
    assert transformer.get_feature_names_out().tolist() == [name for name, _ in NESTED]
    with pytest.raises(ValueError, match="3 columns were given 2"):
        transformer.fit(np.zeros((1, 2)))


def test_it_is_kept_in_a_skops_file_without_anybodys_leave() -> None:
    """The built-in list of trusted types has it, and it comes back with its formulas."""
    out = io.BytesIO()
    skops.io.dump(Formulas(("a", "b", "c"), NESTED).fit(np.zeros((1, 3))), out)
    again = open_skops(out.getvalue(), trusted=())
    table = np.array([[1.0, 2.0, NAN]])
    np.testing.assert_array_equal(again.transform(table), Formulas(("a", "b", "c"), NESTED).transform(table))


def test_the_columns_of_a_formula_are_known() -> None:
    """So that those whose columns a file lacks can be left out."""
    assert names_in(NESTED[2][1]) == {"a", "b", "c"}
    assert names_in(1.0) == set()
