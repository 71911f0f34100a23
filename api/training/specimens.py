"""Every kind of estimator and pipeline that Bouquet says something about, small enough to fit in a moment.

The table in `docs/compilers.md` is made by running them, and the tests hold each to scikit-learn's answers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sklearn.exceptions import ConvergenceWarning

from api.training import specimen_data as data
from api.training import specimen_estimators, specimen_pipelines


@dataclass(frozen=True, slots=True)
class Specimen:
    """An estimator to fit to a table, whose column `target` it is to predict.

    `named` says whether it is fitted to the table itself, or to a plain array without names.
    """

    title: str
    data: str
    table: Callable[[], pd.DataFrame]
    estimator: Callable[[], Any]
    named: bool = True

    def fitted(self) -> tuple[Any, pd.DataFrame]:
        """The fitted estimator, and the table with its target."""
        table = self.table()
        features = table.drop(columns="target")
        given = features if self.named else features.to_numpy()
        with warnings.catch_warnings():
            # They are small to be quick, and some stop before they converge.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return self.estimator().fit(given, table["target"].to_numpy()), table


def specimens() -> Iterator[Specimen]:
    """All of them, in the order of the table."""
    for title, estimator in specimen_estimators.classifiers().items():
        yield Specimen(title, "3 classes", data.three_classes, estimator)
    for title, estimator in (
        specimen_estimators.classifiers() | specimen_estimators.two_class_only()
    ).items():
        yield Specimen(title, "2 classes", data.two_classes, estimator, named=False)
    for title, estimator in specimen_estimators.regressors().items():
        yield Specimen(title, "a number", data.a_number, estimator)
    for title, estimator in specimen_pipelines.pipelines().items():
        yield Specimen(title, "mixed columns", data.mixed, estimator)
    for title, estimator in specimen_pipelines.mixed_regressors().items():
        yield Specimen(title, "mixed, a number", data.mixed_number, estimator)
    for title, estimator in specimen_estimators.with_gaps().items():
        yield Specimen(title, "numbers with gaps", data.gaps, estimator)
