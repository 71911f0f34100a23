"""Figures: each that is known, with its meaning."""

from __future__ import annotations

import pytest

from front_end_app.cards import read_card
from front_end_app.figures import duration, explain, percent

from .samples import IRIS, YIELD

SIX = {"accuracy": 0.9667, "precision": 0.97, "recall": 0.9667, "f1": 0.9667, "auc": 1.0, "seconds": 0.1}


def test_a_classifier_has_six() -> None:
    """Each with a sentence, in the order of how plain they are."""
    figures = explain(read_card({**IRIS, "figures": SIX}))
    assert [(figure.title, figure.value) for figure in figures] == [
        ("Accuracy", "96.7 %"),
        ("Precision", "97 %"),
        ("Recall", "96.7 %"),
        ("F1", "96.7 %"),
        ("AUC", "100 %"),
        ("Training", "less than a second"),
    ]
    assert all(figure.meaning.endswith(".") for figure in figures)


def test_those_of_one_class_name_it() -> None:
    """Of two classes, precision and recall may be those of the one that is looked for."""
    figures = explain(read_card({**IRIS, "figures": {**SIX, "average": "Fraud"}}))
    meanings = {figure.title: figure.meaning for figure in figures}
    assert "Fraud" in meanings["Precision"]
    assert "Fraud" in meanings["Recall"]
    every = explain(read_card({**IRIS, "figures": {**SIX, "average": "macro"}}))
    assert not any("macro" in figure.meaning for figure in every)


def test_a_regressor_s_are_in_its_own_measure() -> None:
    """Errors as numbers, and what is not known is left out."""
    assert [(figure.title, figure.value) for figure in explain(read_card(YIELD))] == [
        ("Mean error", "4.328"),
        ("Median error", "3.9"),
        ("Root mean squared error", "5.5"),
        ("R²", "51.8 %"),
    ]


def test_without_figures_nothing_is_claimed() -> None:
    """A model that nobody has measured has none."""
    assert explain(read_card({**IRIS, "figures": None})) == ()


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100 %"), (0.99999, "over 99.9 %"), (0.5, "50 %"), (-0.123, "\N{MINUS SIGN}12.3 %")],
)
def test_only_all_is_called_all(share: float, text: str) -> None:
    """And a figure below zero is said to be so."""
    assert percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "less than a second"), (1.2, "1 second"), (12.4, "12 seconds"), (600, "10 minutes")],
)
def test_times_are_rough(seconds: float, text: str) -> None:
    """Nobody needs the milliseconds."""
    assert duration(seconds) == text
