"""Models as people bring them, beside iris: a regressor, mixed columns, many fields, many classes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from api.registry.directory import ModelsDirectory
from api.training.import_model import Brought, import_model


def furnish(iris: Path, folder: Path) -> Path:
    """A models directory with iris and everything that is brought here."""
    models = folder / "models"
    shutil.copytree(iris, models)
    for name, (estimator, data, target) in _brought().items():
        estimator.fit(data.drop(columns=target), data[target])
        skops.io.dump(estimator, folder / f"{name}.skops")
        data.to_csv(folder / f"{name}.csv", index=False)
        brought = Brought(folder / f"{name}.skops", name, folder / f"{name}.csv", target)
        import_model(brought, ModelsDirectory(models), progress=lambda step: None)
    return models


def _brought() -> dict[str, tuple[Any, pd.DataFrame, str]]:
    diabetes = load_diabetes(as_frame=True, scaled=False).frame.rename(columns={"target": "progression"})
    cancer = load_breast_cancer(as_frame=True).frame.rename(columns={"target": "benign"})
    return {
        "diabetes": (make_pipeline(StandardScaler(), Ridge()), diabetes, "progression"),
        "cancer": (make_pipeline(StandardScaler(), LinearSVC()), cancer, "benign"),
        "passengers": (_mixed(), _passengers(), "fate"),
        "regions": (KNeighborsClassifier(40), _regions(), "region"),
    }


def _mixed() -> Any:
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    texts = OneHotEncoder(handle_unknown="ignore")
    columns = make_column_transformer((numbers, ["age", "fare"]), (texts, ["class", "port"]))
    return make_pipeline(columns, LogisticRegression())


def _passengers() -> pd.DataFrame:
    """400 invented passengers; of every tenth the age is not known."""
    random = np.random.default_rng(7)
    rows = pd.DataFrame(
        {
            "age": random.integers(1, 80, 400).astype(float),
            "fare": random.gamma(2, 20, 400).round(2),
            "class": random.choice(["first", "second", "third"], 400),
            "port": random.choice(["Belfast", "Cork", "Dover", "Hull", "Leith", "Vigo"], 400),
        }
    )
    lost = (rows["class"] == "third") & (rows["fare"] < 60)
    rows.loc[::10, "age"] = np.nan
    return rows.assign(fate=np.where(lost, "lost", "survived"))


def _regions() -> pd.DataFrame:
    """600 points of a square that is cut into 25 regions."""
    places = np.random.default_rng(7).random((600, 2))
    names = [f"Region {chr(65 + int(x * 5) * 5 + int(y * 5))}" for x, y in places]
    return pd.DataFrame(places.round(3), columns=["east", "north"]).assign(region=names)
