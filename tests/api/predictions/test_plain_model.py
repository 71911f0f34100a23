"""A version that answers plain rows: what it has said once it says again, and nobody else's answers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api.predictions.plain_model import PlainModel
from api.registry.directory import ModelsDirectory
from api.runtime.choice_codes import CODES
from api.runtime.load import LoadedModel, load
from api.runtime.one_row.arrays import ragged
from api.runtime.one_row.cells import Cells

# Both sides of two thresholds of the iris model, and so several answers.
QUERIES = [
    f"sepal_length=5.8&sepal_width=3.0&petal_length={length}&petal_width={width}"
    for length in (1.4, 2.6, 4.7, 5.2)
    for width in (0.2, 0.9, 1.5, 1.9)
]


@pytest.fixture(scope="module")
def iris(models_dir: Path) -> LoadedModel:
    """The iris model."""
    return load(ModelsDirectory(models_dir), "iris", "1")


def texts_of(plain: PlainModel, query: str) -> tuple[str, str] | None:
    """The answer to a query as texts."""
    row = plain.rows.from_query(query)
    assert row is not None
    texts, took = plain.ask(row)
    assert took >= 0
    return texts


def without_numbers(loaded: LoadedModel) -> LoadedModel:
    """The version with a table whose only answer has a share that is no number."""
    arrays = ragged([[], [], [], []], "cuts") | {
        "gaps": np.zeros(4, dtype=bool),
        CODES: np.array("[]"),
        "which": np.zeros(1, dtype=np.uint16),
        "classes": np.array([1]),
        "numbers": np.array([[0.5, math.nan, 0.5]]),
    }
    return replace(loaded, one=Cells(arrays))


def test_a_table_says_again_what_it_said(iris: LoadedModel) -> None:
    """Each row the answer of the form for one row, the first time and the second, whatever came between."""
    assert isinstance(iris.one, Cells)
    plain, general = PlainModel(iris), PlainModel(replace(iris, one=None))
    said = [texts_of(plain, query) for query in QUERIES]
    assert said == [texts_of(plain, query) for query in QUERIES]
    assert len(set(said)) > 3
    for texts, query in zip(said, QUERIES, strict=True):
        other = texts_of(general, query)
        assert texts is not None
        assert other is not None
        assert json.loads(texts[0]) == pytest.approx(json.loads(other[0]), abs=1e-6)


def test_what_it_says_of_itself(iris: LoadedModel) -> None:
    """Its name and version, and the threshold where there is one."""
    assert PlainModel(iris).told == '"model": "iris", "version": "1"'
    decided = replace(iris.card, target=replace(iris.card.target, threshold=0.25))
    told = PlainModel(replace(iris, card=decided)).told
    assert json.loads(f"{{{told}}}") == {"model": "iris", "version": "1", "threshold": 0.25}


def test_an_answer_that_is_no_number_is_not_plain(iris: LoadedModel) -> None:
    """Nor is it the second time: others say what is wrong."""
    loaded = without_numbers(iris)
    plain = PlainModel(loaded)
    for _ in range(2):
        assert texts_of(plain, QUERIES[0]) is None
