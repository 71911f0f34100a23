"""Values that fit a schema, and that a model has no answer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from api.errors import NoAnswer
from api.registry.directory import ModelsDirectory
from api.runtime.compile import COMPILERS
from api.runtime.load import LoadedModel, load
from api.runtime.rows import numbers_only
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from api.training.sample import sample_of

GOOD, BAD = [5.1, 3.5, 1.4, 0.2], [5.1, 3.5, 1.4, -0.2]


@pytest.fixture(params=[COMPILERS, {}], ids=["compiled", "by scikit-learn"])
def logarithm(request: pytest.FixtureRequest, tmp_path: Path) -> LoadedModel:
    """A model that takes logarithms, compiled and not."""
    iris = load_iris(as_frame=True).frame
    features: Any = iris.drop(columns="target").to_numpy()
    model = make_pipeline(FunctionTransformer(np.log), LogisticRegression(max_iter=1000))
    directory, brought = ModelsDirectory(tmp_path), Brought(tmp_path / "m.skops", "rose", target="target")
    chooser = Chooser(lambda step: None, compilers=request.param)
    take_in(model.fit(features, iris["target"]), sample_of(iris), brought, directory, chooser)
    return load(directory, "rose", "1")


def test_what_is_no_number_is_no_answer(logarithm: LoadedModel) -> None:
    """A model never answers NaN: it says that it has no answer, and to how many rows."""
    assert len(logarithm.predict(numbers_only(np.array([GOOD])))) == 1
    with pytest.raises(NoAnswer, match="The model has no answer to the values given"):
        logarithm.predict(numbers_only(np.array([BAD])))
    with pytest.raises(NoAnswer):
        logarithm.predict(numbers_only(np.array([GOOD, BAD])))


def test_the_shorter_way_for_one_row_has_no_answer_either(logarithm: LoadedModel) -> None:
    """It leaves the row to the batch, which says why."""
    assert (logarithm.predict_one(GOOD, []) is None) == (logarithm.card.runtime.format != "onnx")
    assert logarithm.predict_one(BAD, []) is None


def test_the_first_row_without_an_answer_is_named(logarithm: LoadedModel) -> None:
    """Among many rows the caller is told where to look, where the model itself tells."""
    with pytest.raises(NoAnswer) as refusal:
        logarithm.predict(numbers_only(np.array([GOOD, GOOD, BAD])))
    assert refusal.value.first in (2, None)
