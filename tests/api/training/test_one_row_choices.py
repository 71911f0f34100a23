"""The form of a model for one row where some fields are choices: seen, unseen and missing ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from api.runtime.compiling.estimators import compile_exactly
from api.runtime.frame import natural_frame
from api.runtime.one_row.cells import Cells
from api.runtime.one_row.form import one_row_from_bytes
from api.runtime.one_row.sums import Sums
from api.runtime.onnx_model import OnnxModel
from api.runtime.probes import probe_rows
from api.schema.schema import Schema
from api.training import one_row
from tests.api.runtime.test_choice_codes import (
    CASES,
    CHOICES,
    MIXED,
    SHARES,
    numbers_of,
    one_hot,
    one_of,
    places,
    rows_like,
    score,
)
from tests.api.training.for_one_row import form_of

SMALL: dict[str, Any] = {"max_leaf_nodes": 5, "random_state": 0}
LINEAR: dict[str, tuple[Schema, Any]] = {
    name: one for name, one in CASES.items() if name not in ("trees", "boosting")
} | {
    "values": (
        MIXED,
        make_pipeline(
            make_column_transformer(one_hot(["plan"]), numbers_of(["age", "income"]), places(["city"])),
            Ridge(),
        ),
    ),
}
TREES: dict[str, tuple[Schema, Any]] = {
    "a tree of codes": (
        CHOICES,
        make_pipeline(
            make_column_transformer(places(["plan", "city"])), DecisionTreeClassifier(random_state=0)
        ),
    ),
    "a tree of columns": (
        MIXED,
        make_pipeline(
            make_column_transformer(one_hot(["city", "plan"]), numbers_of(["age", "income"])),
            DecisionTreeClassifier(max_depth=6, random_state=0),
        ),
    ),
    "a forest": (
        MIXED,
        make_pipeline(
            make_column_transformer(numbers_of(["income", "age"]), places(["city", "plan"])),
            RandomForestRegressor(8, **SMALL),
        ),
    ),
    "boosting": (
        MIXED,
        make_pipeline(
            make_column_transformer(one_hot(["plan", "city"]), numbers_of(["age"])),
            GradientBoostingClassifier(n_estimators=8, **SMALL),
        ),
    ),
    "boosting of categories": (
        MIXED,
        make_pipeline(
            make_column_transformer(places(["plan", "city"]), remainder="passthrough"),
            HistGradientBoostingClassifier(max_iter=4, categorical_features=[0], **SMALL),
        ),
    ),
}


@pytest.mark.parametrize("name", [*LINEAR, *TREES])
def test_every_probe_is_answered_as_scikit_learn_answers(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """And every row as the first form does, whatever its choices."""
    monkeypatch.setattr(one_row, "_SHARE", float("inf"))
    monkeypatch.setattr(one_row, "_ROWS", 3)
    schema, estimator = (TREES if name in TREES else LINEAR)[name]
    frame, sample = natural_frame(schema), rows_like(schema, 200)
    worth = score(sample)
    if not isinstance(estimator[-1], RandomForestRegressor | Ridge):
        worth = np.digitize(worth, np.quantile(worth, SHARES.get(name, [0.5])))
    estimator.fit(frame.of(sample), worth)
    probes = probe_rows(estimator, frame, sample).rows
    # It is kept only where it is proved equal on all of them.
    content = form_of(estimator, frame, probes)
    assert content is not None
    form = one_row_from_bytes(content)
    assert isinstance(form, Cells if name in TREES else Sums)
    first = OnnxModel(compile_exactly(estimator, frame))
    for at in np.random.default_rng(2).choice(len(probes), 200, replace=False):
        row = probes[at : at + 1]
        texts = ["" if one is None else one for one in row.texts[0]]
        chosen, numbers = form.predict_one(row.numbers[0].tolist(), texts)
        expected = one_of(first, row)
        assert chosen == expected[0]
        assert numbers == pytest.approx(expected[1], abs=0 if name in TREES else 1e-9, rel=1e-9)
