"""A card in words: what is known is said, and what is not known is said to be so."""

from __future__ import annotations

from typing import Any

import pytest

from front_end_app import about
from front_end_app.cards import Card, read_card

from .samples import IRIS, YIELD, with_classes


def iris(**more: Any) -> Card:
    """The iris card with something changed."""
    return read_card({**IRIS, **more})


def runtime(difference: float) -> dict[str, Any]:
    """A compiled model's runtime, proved on 4 321 rows."""
    return {"format": "onnx", "parity": {"rows": 4321, "largest_difference": difference}}


def test_what_it_predicts() -> None:
    """A class among few, a class among many, a number."""
    assert about.predicts(iris()) == "It predicts species: Iris-Setosa, Iris-Versicolour or Iris-Virginica."
    many = about.predicts(read_card(with_classes(25)))
    assert many == "It predicts class: one of 25 classes, for example Class 1, Class 2 or Class 3."
    assert about.predicts(read_card(YIELD)) == "It predicts a number: kilograms."


def test_when_it_was_made() -> None:
    """A recipe's model was trained here, one that was brought was taken in."""
    assert about.made(iris(trained_at="2026-11-19T14:05:00Z")) == (
        "This is version 1, trained on 19 November 2026."
    )
    assert about.made(read_card(YIELD)) == "This is version 3, taken in on 19 November 2026."
    assert about.made(iris(trained_at="long ago")) == "This is version 1."


def test_from_how_many_rows() -> None:
    """Known for a recipe's model; of one that was brought, its sample at most."""
    assert about.learnt_from(iris()) == "It learnt from 120 rows."
    assert about.learnt_from(read_card(YIELD)) == "It learnt elsewhere, and came with 100 rows as a sample."
    assert "not known" in about.learnt_from(iris(rows={}))


def test_what_the_figures_were_measured_on() -> None:
    """On rows it had not seen, or on rows it may have seen: that is a great difference."""
    assert about.measured_on(iris()) == "Measured on 30 rows that it had not learnt from."
    assert "may have learnt from" in about.measured_on(read_card(YIELD))
    assert about.measured_on(iris(figures=None)).startswith("Nobody has measured it")


def test_the_form_says_it_in_one_sentence() -> None:
    """Counted where it can be counted."""
    assert about.measured_briefly(iris()) == "Tried on 30 rows it had not learnt from, it was right in 29."
    assert "96.7 %" in about.measured_briefly(iris(rows={}))
    assert (
        about.measured_briefly(read_card(YIELD)) == "On average its answers were 4.328 away from the truth."
    )
    assert about.measured_briefly(iris(figures=None)) == ""


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (0.0, "exactly the same"),
        (2e-16, "but for the last digits that a computer keeps"),
        (3e-10, "a billionth"),
        (9e-7, "a millionth"),
        (0.02, "0.02"),
    ],
)
def test_the_proof_is_told(difference: float, words: str) -> None:
    """On how many rows, and how close: never closer than it was."""
    told = " ".join(about.run_as(iris(runtime=runtime(difference))))
    assert "compared with the original on 4321 rows" in told
    assert "the same class each time" in told
    assert words in told


def test_the_proof_speaks_of_what_there_is() -> None:
    """Of a number, not of classes; of classes alone where there are no probabilities."""
    number = " ".join(about.run_as(read_card({**YIELD, "runtime": runtime(3e-10)})))
    assert "class" not in number
    assert "of their spread" in number
    silent = iris(target={**IRIS["target"], "probabilities": False}, runtime=runtime(0.0))
    assert "probabilities" not in " ".join(about.run_as(silent))


def test_what_is_not_compiled_is_said_to_be_so() -> None:
    """And of an unknown runtime nothing is claimed."""
    assert "scikit-learn itself" in " ".join(about.run_as(read_card(YIELD)))
    assert about.run_as(iris()) == ()
