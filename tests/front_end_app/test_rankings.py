"""A ranking as the API gives it: what is promised is demanded, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from front_end_app.errors import BrokenAnswer
from front_end_app.experiences import Experience
from front_end_app.rankings import read_ranking

TOLD = [Experience("I bake bread", "baker", "1")]
WORD = {"word": "bread", "in": "description", "start": 7, "end": 12, "weight": 1.0}
REASON = {"experience": 0, "share": 1, "probability": 0.9, "score": 1.0, "base": 0, "words": [WORD]}
BEST = {"title": "baker", "probability": 0.9, "explanation": [REASON]}


def with_reason(**more: Any) -> dict[str, Any]:
    """A ranking whose one reason has other members."""
    return {"results": [BEST | {"explanation": [REASON | more]}]}


def test_a_ranking_is_read() -> None:
    """Title, probability, reasons; the experience is called by what was typed."""
    found = read_ranking({"results": [BEST, {"title": "chef", "probability": 0.1}], "id": "5"}, TOLD)
    assert [(one.bar.label, one.bar.chosen) for one in found.first] == [("baker", True), ("chef", False)]
    assert found.explained
    assert found.first[1].reasons == ()
    assert found.told[0].name == "1 year"
    assert (found.prediction_id, found.model, found.base_rates, found.unknown) == ("5", "", False, ())


@pytest.mark.parametrize(
    "data",
    [
        *([], {}, {"results": {}}, {"results": []}, {"results": [5]}, {"results": [{"title": "baker"}]}),
        *({"results": [BEST | {"probability": value}]} for value in (-0.1, 1.5, "1", None, True)),
        *(with_reason(experience=at) for at in (1, -1, None, "0")),
        *(
            with_reason(words=words)
            for words in (None, [5], [WORD | {"start": None}], [WORD | {"weight": "1"}])
        ),
        with_reason(probability=2),
    ],
)
def test_what_cannot_be_used_is_said(data: Any) -> None:
    """An answer of another form is a broken one, and not an error of ours."""
    with pytest.raises(BrokenAnswer):
        read_ranking(data, TOLD)
