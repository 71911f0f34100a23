"""One row's probabilities are rounded as many rows' are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from api.predictions.prediction import DECIMALS, rounded


@given(st.lists(st.floats(0, 1), max_size=5))
def test_a_row_is_rounded_as_a_batch_is(shares: list[float]) -> None:
    """To the last bit, so that a row's answer does not depend on what it came with."""
    assert rounded(shares) == np.round(np.array(shares), DECIMALS).tolist()
