"""Boosted histograms that are fitted to bins are those that scikit-learn fits to numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from api.training.tabular_bins import bin_mapper, fit_to_bins, in_bins
from api.training.tabular_fit import threads_for

ROWS = 3000


@pytest.mark.parametrize("estimator", [HistGradientBoostingClassifier, HistGradientBoostingRegressor])
def test_they_are_the_same_as_of_numbers(
    estimator: type[HistGradientBoostingClassifier | HistGradientBoostingRegressor],
) -> None:
    """Where the sample is all rows, every answer is equal, missing values included."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(ROWS, 4))
    numbers[:, 3] = random.integers(0, 5, ROWS)
    numbers[::7, 1] = np.nan
    values = (numbers[:, 0] + numbers[:, 3] > 1).astype(int)
    with threads_for(0):
        plain = estimator(max_iter=20, early_stopping=False, random_state=0).fit(numbers, values)
        bins = in_bins(bin_mapper(numbers), 4, ROWS, [numbers[:1000], numbers[1000:]])
        made = fit_to_bins(estimator(max_iter=20, early_stopping=False, random_state=0), bins, values)
        np.testing.assert_array_equal(made.predict(numbers), plain.predict(numbers))
    assert set(vars(made)) == set(vars(plain))
