"""What a training can be asked to do."""

from __future__ import annotations

from typing import Any

import pytest

from api.errors import InvalidInput
from api.training.request import TrainingRequest, training_request
from api.training.watch import STEPS, progress_at


def test_what_is_given_is_kept_and_the_rest_is_found_out() -> None:
    """Empty strings and nulls count as not given."""
    asked = training_request(
        {"dataset": "https://example.org/a.csv", "model": "a", "target": "", "task": None}
    )
    assert asked == TrainingRequest(dataset="https://example.org/a.csv", model="a")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["dataset"]),
        ({"dataset": "https://example.org/a.csv", "upload": "f"}, ["dataset"]),
        ({"dataset": "ftp://example.org/a.csv"}, ["dataset"]),
        ({"dataset": "file:///etc/passwd"}, ["dataset"]),
        ({"dataset": "https://me:secret@example.org/a.csv"}, ["dataset"]),
        ({"dataset": "https://example.org:99999/a.csv"}, ["dataset"]),
        ({"dataset": "https:///a.csv"}, ["dataset"]),
        ({"dataset": "http://[::1/a.csv"}, ["dataset"]),
        ({"dataset": "https://example.org/a\n.csv"}, ["dataset"]),
        ({"dataset": 5}, ["dataset"]),
        ({"dataset": "https://example.org/a.csv", "colour": "red"}, ["colour"]),
        (
            {"dataset": "https://example.org/a.csv", "model": "A B", "task": "guess", "metric": "luck"},
            ["model", "task", "metric"],
        ),
        ({"upload": "f", "task": "regression", "metric": "f1"}, ["metric"]),
    ],
)
def test_what_does_not_fit_is_named(given: dict[str, Any], fields: list[str]) -> None:
    """Every problem at once, and no password that stood in a link."""
    with pytest.raises(InvalidInput) as raised:
        training_request(given)
    assert [one.field for one in raised.value.problems] == fields
    assert "secret" not in str(raised.value.problems)


def test_progress_grows_from_step_to_step_to_the_whole() -> None:
    """The shares of the steps make up the whole, in order."""
    done = [progress_at(step, share) for step in STEPS for share in (0.0, 0.5, 1.0)]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0.0, 1.0)
