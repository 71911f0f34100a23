"""The texts of one answer."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.predictions.plain_said import PlainSaid
from api.predictions.prediction import respond
from api.runtime.answers import ClassAnswers, ValueAnswers
from api.schema.target import Target, TargetClass

LABELS = ["setosa", "100%", "{}", "a'b\"", "ä", *(f"class {at}" for at in range(10))]


def target_of(count: int, probabilities: bool = True) -> Target:
    """A target of so many classes, a number where there are none."""
    classes = tuple(TargetClass(f"c{at}", label) for at, label in enumerate(LABELS[:count]))
    return Target("kind", "Kind", classes=classes, probabilities=probabilities and bool(classes))


shares = st.one_of(
    st.floats(0, 1),
    st.integers(0, 10**7).map(lambda parts: parts / 1e7),
    st.sampled_from([0.0, 1.0, 1e-7, 9.99e-5, 1e-4, 0.0001, 0.5, 0.123, 0.99999995, 1.0000001, 5e-8, 1.5e-7]),
)


@given(st.lists(shares, min_size=1, max_size=12), st.data())
@example([0.1001, 0.2, 0.7], None)
def test_a_class_is_said_as_the_general_functions_say_it(numbers: list[float], data: st.DataObject) -> None:
    """However many probabilities there are, and however small."""
    target = target_of(len(numbers))
    chosen = data.draw(st.integers(0, len(numbers) - 1)) if data else 0
    said = PlainSaid(target).answer((chosen, numbers))
    assert said is not None
    (general,) = respond(target, ClassAnswers(np.array([chosen]), np.array([numbers])))
    assert said[0] == json.dumps(general)
    rounded = list(general.values())[1:]
    kept = {label: [one] for label, one in zip(LABELS, rounded, strict=False)}
    texts = (json.dumps([LABELS[chosen]]), json.dumps(kept, separators=(",", ":")))
    assert said[1] == "".join(f"\t{text}" for text in texts)


def test_a_class_without_probabilities_and_a_value_are_said() -> None:
    """There are no columns of probabilities then."""
    without = target_of(3, probabilities=False)
    assert PlainSaid(without).answer((1, [])) == ('{"predicted_kind": "100%"}', '\t["100%"]\t')
    value = target_of(0)
    (general,) = respond(value, ValueAnswers(np.array([-0.1])))
    assert PlainSaid(value).answer((None, [-0.1])) == (json.dumps(general), "\t[-0.1]\t")


@pytest.mark.parametrize("numbers", [[], [1.0], [0.5, 0.25, 0.25]])
def test_another_number_of_probabilities_is_not_plain(numbers: list[float]) -> None:
    """Whoever answers otherwise finds out what to say."""
    assert PlainSaid(target_of(2)).answer((0, numbers)) is None
