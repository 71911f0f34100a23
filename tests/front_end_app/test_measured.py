"""How well a model ranks, as its card says it."""

from __future__ import annotations

from typing import Any

import pytest

from front_end_app.cards import read_card
from front_end_app.errors import BrokenAnswer
from front_end_app.measured import Confused, Reliable, read_measured

from .jobs import JOBS
from .samples import IRIS


def test_what_a_card_says_is_read() -> None:
    """The shares in order, the table, the confusions; where there is nothing, nothing."""
    found = read_card(JOBS).measured
    assert found is not None
    assert [share for _, share in found.tops] == [0.25, 0.5, 0.875]
    assert found.reliability == (Reliable(60, 0.21, 0.2), Reliable(40, 0.9, 0.85))
    assert found.confusions == (Confused("baker", "beekeeper", 7),)
    assert read_card(IRIS).measured is None


@pytest.mark.parametrize("ranking", [None, [], {}, {"top_1": "0.5"}, {"reliability": []}])
def test_where_nothing_is_measured_nothing_is_said(ranking: Any) -> None:
    """Models of a few classes, and those that were brought, have no such part."""
    assert read_measured({"ranking": ranking}) is None


@pytest.mark.parametrize("row", [5, {}, {"texts": 1, "said": "0.5", "right": 1}])
def test_a_broken_table_is_said(row: Any) -> None:
    """It is the API's mistake, and not a page of ours that breaks."""
    with pytest.raises(BrokenAnswer):
        read_measured({"ranking": {"top_1": 0.5, "reliability": [row]}})
