"""A program as somebody else would write it: fits models, saves them, and their answers to fresh rows.

Run as `python fit_elsewhere.py FOLDER`; it knows nothing of Bouquet.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

ROWS = 1000


def save(path: Path, estimator: Any, table: pd.DataFrame, target: str = "target") -> None:
    """Fit and save one model, its data, fresh rows, and what the model says of them."""
    features = table.drop(columns=target)
    estimator.fit(features, table[target])
    if path.suffix == ".skops":
        skops.io.dump(estimator, path)
    else:
        joblib.dump(estimator, path, compress=3)
    table.to_csv(path.with_suffix(".csv"), index=False)
    rows = fresh(features)
    answers = pd.DataFrame({"answer": estimator.predict(rows)})
    if hasattr(estimator, "predict_proba"):
        probabilities = estimator.predict_proba(rows)
        for at in range(probabilities.shape[1]):
            answers[f"p{at}"] = probabilities[:, at]
    rows.to_csv(path.with_suffix(".rows.csv"), index=False)
    answers.to_csv(path.with_suffix(".answers.csv"), index=False)


def fresh(features: pd.DataFrame) -> pd.DataFrame:
    """Rows like the data: numbers anywhere in each column's range, texts and gaps as they occur."""
    random = np.random.default_rng(1)
    columns = {}
    for name, column in features.items():
        if pd.api.types.is_numeric_dtype(column):
            values = random.uniform(column.min(), column.max(), ROWS)
            values[random.random(ROWS) < column.isna().mean()] = np.nan
            columns[name] = values
        else:
            columns[name] = random.choice(column.to_numpy(dtype=object), ROWS)
    return pd.DataFrame(columns)


def penguins() -> pd.DataFrame:
    """A made-up table of birds with texts and gaps."""
    random = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "island": random.choice(["Biscoe", "Dream", "Torgersen"], 300),
            "bill_mm": random.normal(44, 5, 300).round(1),
            "sex": random.choice(["male", "female"], 300),
        }
    )
    table["species"] = np.where(table["bill_mm"] + (table["island"] == "Dream") * 4 > 45, "Gentoo", "Adelie")
    for name in ("bill_mm", "sex"):
        table.loc[random.random(300) < 0.1, name] = np.nan
    return table


def main(folder: Path) -> None:
    """Save all of them."""
    wine = load_wine(as_frame=True)
    wine.frame["target"] = wine.target_names[wine.target]
    save(folder / "wine.skops", make_pipeline(StandardScaler(), LogisticRegression()), wine.frame)
    cancer = load_breast_cancer(as_frame=True).frame
    save(folder / "cancer.joblib", RandomForestClassifier(50, random_state=0), cancer)
    diabetes = load_diabetes(as_frame=True, scaled=False).frame
    save(folder / "diabetes.skops", HistGradientBoostingRegressor(), diabetes)
    digits = load_digits(as_frame=True).frame
    save(folder / "digits.joblib", SVC(), digits)
    birds = make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(), StandardScaler()), make_column_selector(dtype_include="number")),
            (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_exclude="number")),
        ),
        LogisticRegression(),
    )
    save(folder / "birds.skops", birds, penguins(), "species")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
