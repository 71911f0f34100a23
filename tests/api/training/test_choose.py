"""What is compiled is used only where it is proved equal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from api.errors import CannotCompile
from api.runtime.answers import ClassAnswers
from api.runtime.canary import canary_from_bytes
from api.runtime.compile import COMPILERS, compile_with_skl2onnx
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import Frame, natural_frame
from api.runtime.probes import probe_rows
from api.runtime.rows import Rows, numbers_only
from api.schema.fields import Field, Kind
from api.schema.schema import Schema
from api.training.choose import Chooser

SCHEMA = Schema(tuple(Field(name, name, Kind.NUMBER) for name in ("a", "b", "c", "d")))
FRAME = natural_frame(SCHEMA)


@pytest.fixture(scope="module")
def forest() -> Any:
    """A forest behind a scaler: what a compiler in single precision gets wrong."""
    features, truth = load_iris(return_X_y=True)
    return make_pipeline(StandardScaler(), RandomForestClassifier(20, random_state=0)).fit(features, truth)


@pytest.fixture(scope="module")
def sample() -> Rows:
    """The rows it was fitted to."""
    return numbers_only(load_iris(return_X_y=True)[0])


def always_the_first(estimator: Any, frame: Frame) -> bytes:
    """A compiler that is wrong about everything but the shape of the answer."""
    nodes = [
        helper.make_node("Mul", ["numbers", "zero"], ["nothing"]),
        helper.make_node("Gather", ["nothing", "three"], ["columns"], axis=1),
        helper.make_node("Add", ["columns", "first"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "wrong",
        [helper.make_tensor_value_info("numbers", TensorProto.DOUBLE, [None, 4])],
        [helper.make_tensor_value_info("probabilities", TensorProto.DOUBLE, [None, 3])],
        [
            helper.make_tensor("zero", TensorProto.DOUBLE, [], [0.0]),
            helper.make_tensor("three", TensorProto.INT64, [3], [0, 1, 2]),
            helper.make_tensor("first", TensorProto.DOUBLE, [3], [1.0, 0.0, 0.0]),
        ],
    )
    content: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10
    ).SerializeToString()
    return content


def gives_up(estimator: Any, frame: Frame) -> bytes:
    """A compiler that knows nothing."""
    raise CannotCompile("it knows nothing")


def breaks(estimator: Any, frame: Frame) -> bytes:
    """A compiler whose models do not load."""
    return b"not a model"


def test_the_first_compiler_that_is_right_is_used(forest: Any, sample: Rows) -> None:
    """Compilers that give up, break or are wrong are passed over, and the card can say why of each."""
    compilers = {"silent": gives_up, "broken": breaks, "wrong": always_the_first, **COMPILERS}
    chosen = Chooser(lambda step: None, compilers=compilers).choose(forest, FRAME, sample)
    assert (chosen.runtime.format, chosen.runtime.compiler) == ("onnx", "bouquet")
    silent, broken, wrong = chosen.runtime.refused
    assert silent == "silent: it knows nothing"
    assert broken.startswith("broken: ONNX Runtime does not run its model")
    assert "wrong: its probabilities differ by up to 1, too much for a bound of 1e-06" in wrong


def test_a_refusal_names_the_worst_row(forest: Any, sample: Rows) -> None:
    """The reason holds the values of the row on which the two are furthest apart."""
    chosen = Chooser(lambda step: None, compilers={"wrong": always_the_first}).choose(forest, FRAME, sample)
    assert "probe rows is a=" in chosen.runtime.refused[0]
    assert ", d=" in chosen.runtime.refused[0]


def test_single_precision_behind_a_scaler_is_found_out(forest: Any, sample: Rows) -> None:
    """Rows next to the split points show what a scaler in single precision does to a forest."""
    chosen = Chooser(lambda step: None, compilers={"single": compile_with_skl2onnx}).choose(
        forest, FRAME, sample
    )
    assert chosen.runtime.format == "skops"
    assert "single: its probabilities differ by up to" in chosen.runtime.refused[0]


def test_probes_lie_on_both_sides_of_every_split(forest: Any, sample: Rows) -> None:
    """For each threshold of the first tree two probes are neighbours, and go different ways."""
    rows = probe_rows(forest, FRAME, sample).rows
    scaled = forest[0].transform(rows.numbers).astype(np.float32)
    tree = forest[-1].estimators_[0].tree_
    for column, threshold in zip(tree.feature, tree.threshold, strict=True):
        if column < 0:
            continue
        left, right = scaled[:, column] <= threshold, scaled[:, column] > threshold
        gap = rows.numbers[right, column].min() - rows.numbers[left, column].max()
        assert 0 < gap < 1e-6


def test_probes_keep_to_the_schema() -> None:
    """Whole numbers stay whole, choices are offered ones, and nothing is missing that may not be."""
    schema = Schema(
        (
            Field("count", "Count", Kind.INTEGER),
            Field("member", "Member", Kind.BOOLEAN),
            Field("weight", "Weight", Kind.NUMBER, missing_allowed=True),
        )
    )
    random = np.random.default_rng(0)
    numbers = np.column_stack([random.integers(0, 9, 50), random.integers(0, 2, 50), random.normal(0, 1, 50)])
    sample = numbers_only(numbers.astype(np.float64))
    frame = natural_frame(schema)
    estimator = make_pipeline(RandomForestClassifier(5, random_state=0)).fit(
        numbers, random.integers(0, 2, 50)
    )
    rows = probe_rows(estimator, frame, sample).rows.numbers
    assert (rows[:, 0] == np.round(rows[:, 0])).all()
    assert set(np.unique(rows[:, 1])) == {0.0, 1.0}
    assert np.isnan(rows[:, 2]).any()
    assert len(rows) > 5000


def test_rows_that_the_estimator_refuses_are_no_probes(sample: Rows) -> None:
    """An estimator that fails on some rows is compared on the others, and published."""
    features, truth = load_iris(return_X_y=True)
    estimator = make_pipeline(FunctionTransformer(np.log), LogisticRegression(max_iter=1000)).fit(
        features, truth
    )
    chosen = Chooser(lambda step: None).choose(estimator, FRAME, sample)
    assert chosen.runtime.compiler == "bouquet"
    assert chosen.runtime.parity is not None
    assert 1000 < chosen.runtime.parity.rows < 5000


def test_the_canary_is_made_up_and_clear(forest: Any, sample: Rows) -> None:
    """It holds no row of the data, and none whose class another processor might see otherwise."""
    chosen = Chooser(lambda step: None).choose(forest, FRAME, sample)
    kept = canary_from_bytes(chosen.files["canary.json"])
    data = {tuple(row) for row in sample.numbers.tolist()}
    assert len(kept.rows) == 60
    assert not data & {tuple(row) for row in kept.rows.numbers.tolist()}
    answers = EstimatorModel(forest, FRAME).predict(kept.rows)
    assert isinstance(answers, ClassAnswers)
    assert answers.probabilities is not None
    best = np.sort(answers.probabilities, axis=1)
    assert (best[:, -1] - best[:, -2]).min() > 1e-3
