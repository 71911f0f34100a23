"""Why a model answers as it does: the sentences of the page, and what is no reason."""

from __future__ import annotations

from typing import Any

import pytest

from front_end_app.answers import read_answer
from front_end_app.cards import read_card
from front_end_app.reasons import Reason, decision, read_reasons

from .samples import ANSWER, FRAUD, FRAUD_ANSWER, IRIS, YIELD, reason

CARD = read_card(FRAUD)


def test_reasons_are_sentences_in_the_order_of_the_api() -> None:
    """Each with whether it speaks for the answer."""
    answer = read_answer(CARD, FRAUD_ANSWER)
    assert answer.reasons == (
        Reason("Amount 181.00 instead of the usual 74.20 speaks for fraud.", True),
        Reason("Hour 14 instead of the usual 13 speaks against fraud.", False),
    )
    assert answer.decision == "It answers fraud from a probability of 35.0 % on."


def test_an_answer_without_any_has_none() -> None:
    """Most models are not asked for reasons, and have no threshold."""
    answer = read_answer(read_card(IRIS), ANSWER)
    assert (answer.reasons, answer.decision) == ((), "")


@pytest.mark.parametrize(
    "data",
    [None, {}, "why", 3, [None, 1, "because"], [{"sentence": "No weight"}], [{"weight": 1.0}],
     [{"sentence": "", "weight": 1.0}], [{"sentence": "True", "weight": True}],
     [{"sentence": "Endless", "weight": float("nan")}]],
)  # fmt: skip
def test_what_is_no_reason_is_passed_over(data: Any) -> None:
    """An answer is shown all the same."""
    assert read_reasons(data) == ()


def test_control_characters_do_not_reach_the_page() -> None:
    """A choice may hold what somebody typed."""
    (made,) = read_reasons([reason("note", 1.0, "Note \x07 speaks for it")])
    assert made.sentence == "Note \N{REPLACEMENT CHARACTER} speaks for it."


@pytest.mark.parametrize("threshold", [None, "0.3", True, -0.1, 1.5, float("nan")])
def test_a_threshold_that_is_none_is_not_told(threshold: Any) -> None:
    """Nor that of anything but two classes."""
    assert decision(CARD.target, threshold) == ""
    assert decision(read_card(IRIS).target, 0.5) == ""
    assert decision(read_card(YIELD).target, 0.5) == ""
