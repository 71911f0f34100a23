"""Tables that everybody knows, as CSV: as good as a script by hand, and served with its answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it carries no types

from api.registry.directory import ModelsDirectory
from api.runtime.answers import ClassAnswers
from api.runtime.load import LoadedModel, load
from api.runtime.rows import numbers_only
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.tabular_known import Clock, read_csv
from api.training.tabular_run import train_csv
from api.training.tabular_split import split
from api.training.watch import Unwatched

SECONDS = 6
TABLES: dict[str, Callable[..., Any]] = {
    "wine": load_wine,
    "cancer": load_breast_cancer,
    "digits": load_digits,
    "diabetes": load_diabetes,
}
# The same estimators, as somebody would write them down.
CLASSIFIERS: dict[str, Callable[[], Any]] = {
    "linear": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
    "forest": lambda: RandomForestClassifier(max_leaf_nodes=1000, random_state=0),
    "boosting": lambda: HistGradientBoostingClassifier(early_stopping=False, random_state=0),
}
REGRESSORS: dict[str, Callable[[], Any]] = {
    "linear": lambda: make_pipeline(StandardScaler(), Ridge()),
    "forest": lambda: RandomForestRegressor(max_leaf_nodes=1000, random_state=0),
    "boosting": lambda: HistGradientBoostingRegressor(early_stopping=False, random_state=0),
}


class Trained:
    """A table that was trained from, the version in memory, and the split of its rows."""

    def __init__(self, name: str, folder: Path) -> None:
        self.table: pd.DataFrame = TABLES[name](as_frame=True).frame
        file = folder / f"{name}.csv"
        self.table.to_csv(file, index=False)
        directory = ModelsDirectory(folder / "models")
        house = House(directory, lambda model: None, SECONDS, (), folder)
        self.outcome: Outcome = train_csv(TrainingRequest(), file, house, Unwatched(), "job")
        self.served: LoadedModel = load(directory, name, self.outcome.card.version)
        known = read_csv(TrainingRequest(), file, Unwatched(), Clock())
        parts = split(known.view, known.truth, lambda share: None)
        self.training = known.truth.rows[parts.training]
        self.hold_out = known.truth.rows[parts.hold_out]

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The values of the fields that it learnt from, all rows."""
        return np.asarray(self.table[list(self.outcome.card.schema.names)], dtype=np.float64)

    @property
    def truth(self) -> NDArray[Any]:
        """What is true of all rows."""
        return np.asarray(self.table["target"])

    def by_hand(self, name: str) -> Any:
        """One of the estimators, fitted to the training rows by scikit-learn alone."""
        made = (CLASSIFIERS if self.outcome.card.target.classes else REGRESSORS)[name]()
        with threadpool_limits(1):
            return made.fit(self.numbers[self.training], self.truth[self.training])

    @property
    def chosen(self) -> str:
        """The name of the candidate that was chosen."""
        return str(next(one["name"] for one in self.outcome.report["candidates"] if one["chosen"]))


@pytest.fixture(scope="module", params=list(TABLES))
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Each of the tables, trained once."""
    return Trained(request.param, tmp_path_factory.mktemp(request.param))


def test_it_is_as_good_as_the_same_estimators_by_hand(trained: Trained) -> None:
    """On the rows held out it comes within two points of the estimators, each fitted by hand, on average."""
    scores = []
    for name in ("linear", "forest"):
        answers = trained.by_hand(name).predict(trained.numbers[trained.hold_out])
        true = trained.truth[trained.hold_out]
        classes = len(trained.outcome.card.target.classes)
        if classes:
            average = "binary" if classes == 2 else "macro"
            scores.append(float(f1_score(true, answers, average=average)))
        else:
            scores.append(float(r2_score(true, answers)))
    value = trained.outcome.report["metric"]["value"]
    assert value >= float(np.mean(scores)) - 0.02


def test_it_is_served_with_the_same_answers(trained: Trained) -> None:
    """Every row of the table gets from the version what the same estimator fitted by hand says."""
    by_hand = trained.by_hand(trained.chosen)
    answers = trained.served.predict(numbers_only(trained.numbers))
    if not isinstance(answers, ClassAnswers):
        np.testing.assert_allclose(answers.values, by_hand.predict(trained.numbers), rtol=1e-6, atol=1e-6)
        return
    theirs = by_hand.predict_proba(trained.numbers)
    assert answers.probabilities is not None
    np.testing.assert_allclose(answers.probabilities, theirs, atol=1e-4)
    target = trained.outcome.card.target
    expected = theirs.argmax(axis=1)
    if target.threshold is not None:
        expected = (theirs[:, 1] >= target.threshold).astype(int)
    assert (answers.classes == expected).all()
    assert [one.label for one in target.classes] == [str(one) for one in by_hand.classes_]


def test_the_report_says_how_good_it_is(trained: Trained) -> None:
    """It has every member, its numbers agree with each other, and JSON can hold it."""
    report = trained.outcome.report
    assert set(report) == {
        "file", "columns", "target", "split", "candidates", "metric", "figures", "threshold", "confusion",
        "curves", "comparison", "decision", "warnings", "seconds", "peak_memory_mb",
        "memory_mb",
    }  # fmt: skip
    metric, figures = report["metric"], report["figures"]
    assert metric["low"] <= metric["value"] <= metric["high"]
    assert metric["value"] == pytest.approx(figures[metric["name"]])
    assert report["split"]["training"] == len(trained.training)
    counts = report["confusion"]["counts"]
    assert sum(map(sum, counts)) == (len(trained.hold_out) if counts else 0)
    by_class = report["curves"]["by_class"]
    lines = [report["curves"][name] for name in ("roc", "precision_recall")]
    lines += [line for both in by_class.values() for line in both.values()]
    assert all(len(line) <= 200 for line in lines)
    labels = report["confusion"]["labels"]
    assert sorted(by_class) == (sorted(labels) if len(labels) > 2 else [])
    assert all(both["roc"][0] == [0, 0] and both["roc"][-1] == [1, 1] for both in by_class.values())
    assert trained.outcome.better
