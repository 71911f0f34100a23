"""The card: what the API says of a model is read, or refused as unreadable."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from front_end_app.cards import read_card, read_listing
from front_end_app.errors import BrokenAnswer
from front_end_app.members import as_text, number_text

from .samples import IRIS, YIELD


def without(*path: str | int) -> dict[str, Any]:
    """The iris card with one thing taken out."""
    card = copy.deepcopy(IRIS)
    inner: Any = card
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return card


def test_a_card_is_read_whole() -> None:
    """Name, version, fields with their ranges, and classes with their labels."""
    card = read_card(IRIS)
    assert (card.name, card.version, len(card.fields)) == ("iris", "1", 4)
    assert (card.fields[0].minimum, card.fields[0].maximum, card.fields[0].step) == (4.3, 7.9, 0.1)
    assert card.target.classes[0] == ("setosa", "Iris-Setosa")
    assert (card.figures["accuracy"], card.origin.rows.hold_out) == (0.9667, 30)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "iris",
        without("name"),
        without("schema"),
        without("schema", "fields"),
        without("schema", "fields", 0, "kind"),
        without("target"),
        {**IRIS, "schema": {"fields": [{"name": "a", "title": "A", "kind": "colour"}]}},
        {**IRIS, "schema": {"fields": [{"name": "a", "title": "A", "kind": "choice"}]}},
    ],
)
def test_a_card_that_lacks_what_was_promised_is_refused(data: Any) -> None:
    """As a broken answer, which has a page of its own, and not as an error of this service."""
    with pytest.raises(BrokenAnswer):
        read_card(data)


def test_a_card_may_lack_what_only_decorates() -> None:
    """No figures, no description: the form is drawn without them."""
    card = read_card(without("figures"))
    assert card.figures == {}
    assert read_card(without("description")).description == ""


def test_the_default_model_is_named_by_the_list() -> None:
    """A list without a default is a broken answer."""
    assert read_listing({"default": "iris", "models": []}).default == "iris"
    with pytest.raises(BrokenAnswer):
        read_listing({"models": []})


def test_numbers_are_written_as_people_write_them() -> None:
    """No .0, no long tails."""
    assert [number_text(n) for n in (4.0, 0.1, 1e6, 0.1 + 0.2)] == ["4", "0.1", "1000000", "0.3"]


def test_json_values_become_what_a_form_holds() -> None:
    """Booleans as the form sends them, null as nothing."""
    assert [as_text(v) for v in (None, True, False, 3, 2.0, "sun")] == ["", "true", "false", "3", "2", "sun"]


@pytest.mark.parametrize(
    "distribution",
    [
        {"edges": [0, 1], "counts": []},
        {"edges": [1, 0], "counts": [1]},
        {"edges": [0, "1"], "counts": [1]},
        {"edges": [0, 1]},
    ],
)
def test_a_distribution_that_is_none_is_refused(distribution: Any) -> None:
    """It would be drawn wrongly."""
    with pytest.raises(BrokenAnswer):
        read_card({**YIELD, "target": {**YIELD["target"], "distribution": distribution}})


@pytest.mark.parametrize("spread", [{"edges": [0, 1], "counts": [0]}, {"edges": [3, 3], "counts": [9]}, None])
def test_a_distribution_of_nothing_is_not_drawn(spread: Any) -> None:
    """No rows, or rows that are all the same."""
    card = read_card({**YIELD, "target": {**YIELD["target"], "distribution": spread}})
    assert card.target.distribution is None


def test_how_it_was_made_and_is_run_is_read() -> None:
    """And what is missing is empty, not wrong."""
    origin = read_card(YIELD).origin
    assert (origin.rows.training, origin.rows.sample) == (None, 100)
    assert (origin.runtime.format, origin.runtime.parity) == ("skops", None)
    assert origin.runtime.refused == ("bouquet: too odd.",)
    assert origin.libraries == {"scikit-learn": "1.9.1"}
    assert read_card(IRIS).origin.notes == ()
