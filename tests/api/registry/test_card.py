"""The card: written and read back, now and from before it knew its newest members."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.registry.card import REGRESSION, Card, RowCounts, Runtime, card_from_json, card_to_json
from api.registry.directory import ModelsDirectory
from api.registry.figures import RegressionFigures
from api.schema.target import Distribution, Target, TargetClass


@pytest.fixture
def card(models_dir: Path) -> Card:
    """The card of iris."""
    return ModelsDirectory(models_dir).card("iris", "1")


def test_a_classifiers_card_survives_json(card: Card) -> None:
    """What is written is what is read."""
    target = replace(card.target, classes=(TargetClass("no", "no", False), TargetClass("yes", "yes", True)))
    changed = replace(card, target=target, notes=("A note.",), source="imported from a.skops")
    assert card_from_json(json.loads(json.dumps(card_to_json(changed)))) == changed


def test_a_regressors_card_survives_json(card: Card) -> None:
    """So is that of a regressor that scikit-learn serves itself."""
    changed = replace(
        card,
        task=REGRESSION,
        target=Target("price", "Price", (), Distribution((0.0, 1.0, 2.5), (3, 4))),
        figures=RegressionFigures(0.9, 1.0, 2.0, 0.5, None),
        rows=RowCounts(None, None, 7),
        runtime=Runtime("skops", "model.skops", None, "none", ("bouquet: no converter",)),
        data_digest=None,
    )
    assert card_from_json(json.loads(json.dumps(card_to_json(changed)))) == changed
    assert card_from_json(card_to_json(replace(changed, figures=None))).figures is None


def test_a_card_from_before_is_read(card: Card) -> None:
    """Members that a card did not have then are what they would have been."""
    data = card_to_json(replace(card, source="", runtime=replace(card.runtime, compiler="")))
    for name in ("source", "notes"):
        del data[name]
    for name in ("compiler", "refused"):
        del data["runtime"][name]
    del data["rows"]["sample"]
    del data["runtime"]["parity"]["scale"]
    del data["target"]["distribution"]
    for field in data["schema"]["fields"]:
        del field["others_allowed"]
    assert card_from_json(data) == replace(card, source="", runtime=replace(card.runtime, compiler=""))


def test_a_card_of_another_task_is_none(card: Card) -> None:
    """Only what Bouquet can serve is a card."""
    with pytest.raises(ValueError, match="clustering"):
        card_from_json(card_to_json(card) | {"task": "clustering"})
