"""The answer: what was predicted, how probable each class is, and what to be careful about."""

from __future__ import annotations

from typing import Any

import pytest

from front_end_app.answers import Caution, read_answer
from front_end_app.bars import Bar
from front_end_app.cards import read_card
from front_end_app.errors import BrokenAnswer

from .samples import ANSWER, IRIS, YIELD, YIELD_ANSWER, answer_of_many, with_classes

CARD = read_card(IRIS)


def test_the_answer_has_a_headline_and_a_bar_for_each_class() -> None:
    """In the card's order, by the card's names, the predicted one marked."""
    answer = read_answer(CARD, ANSWER)
    assert answer.headline == "Iris-Setosa"
    assert [bar.label for bar in answer.bars] == ["Iris-Setosa", "Iris-Versicolour", "Iris-Virginica"]
    assert answer.chosen == answer.bars[0]
    assert (answer.model, answer.version, answer.prediction_id) == ("iris", "1", "0190-a-prediction")


def test_the_order_does_not_depend_on_the_api() -> None:
    """JSON objects have no order worth relying on."""
    response = dict(reversed(ANSWER["response"].items()))
    assert read_answer(CARD, {**ANSWER, "response": response}).bars == read_answer(CARD, ANSWER).bars


def test_a_class_the_card_does_not_know_keeps_its_key() -> None:
    """A model may have been exchanged between the two requests; nothing is dropped."""
    response = {**ANSWER["response"], "prob_ensata": 0.0}
    assert read_answer(CARD, {**ANSWER, "response": response}).bars[-1].label == "ensata"


@pytest.mark.parametrize(
    ("probability", "percent"),
    [
        (0.0, "0.0 %"),
        (0.0001, "under 0.1 %"),
        (0.02, "2.0 %"),
        (0.98765, "98.8 %"),
        (0.99999, "over 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_percentages_never_round_to_certainty(probability: float, percent: str) -> None:
    """Only 0 is called 0 and only 1 is called 100."""
    assert Bar("a", probability, False).percent == percent


def test_warnings_are_told_with_the_fields_title() -> None:
    """Unless the message names the field itself; a warning of the whole has no title."""
    warnings = [
        {"field": "sepal_length", "message": "Far out."},
        {"field": "sepal_length", "message": "Sepal length is far out."},
        {"message": "Odd."},
    ]
    assert read_answer(CARD, {**ANSWER, "warnings": warnings}).cautions == (
        Caution("Sepal length", "Far out."),
        Caution("", "Sepal length is far out."),
        Caution("", "Odd."),
    )


def test_a_model_without_probabilities_has_no_bars() -> None:
    """A number alone is an answer."""
    answer = read_answer(CARD, {"response": {"predicted_species": 4.5}})
    assert (answer.headline, answer.bars, answer.chosen) == ("4.5", (), None)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"response": []},
        {"response": {"prob_setosa": 1.0}},
        {"response": {"predicted_species": "Iris-Setosa", "prob_setosa": "high"}},
        {"response": {"predicted_species": "Iris-Setosa", "prob_setosa": 1.5}},
        {"response": {"predicted_species": "Iris-Setosa", "prob_setosa": float("nan")}},
    ],
)
def test_what_is_no_answer_is_refused(data: Any) -> None:
    """As a broken answer, never shown half."""
    with pytest.raises(BrokenAnswer):
        read_answer(CARD, data)


def test_a_number_stands_among_those_the_model_has_seen() -> None:
    """Rounded for people, exact for programs, in words and as a drawing."""
    answer = read_answer(read_card(YIELD), YIELD_ANSWER)
    assert answer.headline == "25.04"
    assert answer.measure is not None
    assert answer.measure.exact == "25.04321"
    assert answer.measure.standing == "This is higher than in about 70 % of the 100 rows the model came with."
    assert answer.measure.histogram is not None
    assert answer.bars == ()


def test_a_number_whose_spread_is_not_known_stands_alone() -> None:
    """Nothing is drawn that nobody knows."""
    card = read_card({**YIELD, "target": {**YIELD["target"], "distribution": None}})
    measure = read_answer(card, YIELD_ANSWER).measure
    assert measure is not None
    assert (measure.standing, measure.histogram) == ("", None)


@pytest.mark.parametrize("value", ["much", None, True, float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value: Any) -> None:
    """As a broken answer."""
    with pytest.raises(BrokenAnswer):
        read_answer(read_card(YIELD), {"response": {"predicted_kilograms": value}})


def test_of_many_classes_the_first_ten_are_shown() -> None:
    """The rest are kept for who asks."""
    answer = read_answer(read_card(with_classes(25)), answer_of_many(25))
    assert (len(answer.bars), len(answer.more_bars)) == (10, 15)
    assert answer.chosen == answer.bars[0]
