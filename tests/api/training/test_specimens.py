"""Every estimator and pipeline that Bouquet names answers as scikit-learn does, once published and loaded."""

from __future__ import annotations

import pytest

from api.registry.directory import ModelsDirectory
from api.runtime.answers import ValueAnswers
from api.runtime.load import LoadedModel, load
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import Rows, rows_from
from tests.planted import SPECIMENS, Planted

from .random_rows import as_fitted, assert_same_answers, random_rows

# What is served by scikit-learn itself, because nothing that was compiled is equal to it everywhere.
NOT_COMPILED = {
    ("3 classes", "KNeighborsClassifier"),
    ("a number", "KNeighborsRegressor, by distance"),
    ("mixed columns", "k nearest fill the gaps"),
}


@pytest.mark.parametrize(
    "name", SPECIMENS, ids=lambda name: f"{SPECIMENS[name].data}: {SPECIMENS[name].title}"
)
def test_a_thousand_random_rows_get_scikit_learns_answers(planted: Planted, name: str) -> None:
    """What is published and loaded gives scikit-learn's own answer to any row its schema allows."""
    specimen, one = SPECIMENS[name], planted.specimen(name)
    card = one.card
    loaded = load(ModelsDirectory(planted.path), name, card.version)
    rows = random_rows(card.schema, 1000, seed=7)
    answers = loaded.predict(rows_from(card.schema, rows))
    assert_same_answers(one.estimator, as_fitted(one.table, card.schema, rows, specimen.named), answers)
    expected = "skops" if (specimen.data, specimen.title) in NOT_COMPILED else "onnx"
    assert card.runtime.format == expected, card.runtime.refused
    _assert_one_row_is_answered_as_in_a_batch(loaded, rows_from(card.schema, rows[:100]))


def _assert_one_row_is_answered_as_in_a_batch(loaded: LoadedModel, rows: Rows) -> None:
    """The shorter way for one row, where a model has one, gives to the last bit what a batch of one gives."""
    for at in range(len(rows)):
        row = rows[at : at + 1]
        texts = ["" if one is None else one for one in row.texts[0]]
        one = loaded.predict_one(row.numbers[0].tolist(), texts)
        if not isinstance(loaded.model, OnnxModel):
            assert one is None
            continue
        answers = loaded.predict(row)
        if isinstance(answers, ValueAnswers):
            assert one == (None, answers.values.tolist())
        else:
            shares = [] if answers.probabilities is None else answers.probabilities[0].tolist()
            assert one == (answers.classes[0], shares)
