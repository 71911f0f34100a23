"""The tables that the specimens are fitted to: scikit-learn's own small ones, and one that is made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

_ROWS = 240


def three_classes() -> pd.DataFrame:
    """Six measurements of 178 wines, and the name of the cultivar of each."""
    wine = load_wine(as_frame=True)
    table = wine.frame.iloc[:, [0, 1, 4, 6, 9, 12]].copy()
    table["target"] = wine.target_names[wine.target]
    return table


def two_classes() -> pd.DataFrame:
    """Six measurements of 240 tumours, and whether each is benign (1) or not (0)."""
    table = load_breast_cancer(as_frame=True).frame
    return table.iloc[:_ROWS, [0, 1, 4, 7, 20, 27, 30]].copy()


def a_number() -> pd.DataFrame:
    """Ten values of 240 people, and how far their diabetes went in a year."""
    return load_diabetes(as_frame=True, scaled=False).frame.iloc[:_ROWS].copy()


def gaps() -> pd.DataFrame:
    """The wines with a tenth of the numbers missing, and whether each is of the first cultivar."""
    table = three_classes()
    random = np.random.default_rng(0)
    values = table.iloc[:, :-1].to_numpy().copy()
    values[random.random(values.shape) < 0.1] = np.nan
    table.iloc[:, :-1] = values
    table["target"] = table["target"] == "class_0"
    return table


def mixed() -> pd.DataFrame:
    """Numbers, categories, whole numbers and true or false, some missing, and a made-up verdict on each."""
    random = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "amount": random.gamma(2, 50, _ROWS).round(2),
            "age": random.integers(18, 80, _ROWS).astype(float),
            "colour": random.choice(["red", "green", "blue", "teal"], _ROWS, p=[0.5, 0.3, 0.15, 0.05]),
            "size": random.choice(["small", "large"], _ROWS),
            "grade": random.integers(1, 6, _ROWS),
            "member": random.random(_ROWS) < 0.4,
        }
    )
    table["colour"] = table["colour"].astype(object)
    table["size"] = table["size"].astype(object)
    score = (
        table["amount"] / 100 + (table["colour"] == "red") + table["member"] + random.normal(0, 0.3, _ROWS)
    )
    table["target"] = np.where(score > score.median(), "yes", "no")
    for name in ("amount", "age", "colour"):
        table.loc[random.random(_ROWS) < 0.1, name] = np.nan
    return table


def mixed_number() -> pd.DataFrame:
    """The mixed table with a number to predict."""
    table = mixed()
    table["target"] = table["amount"].fillna(0) * 2 + table["grade"] * 10
    return table
