"""A models directory with every kind of model: a classifier of numbers in two versions, one of mixed columns
that may be missing, and a regressor."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from api.registry.directory import ModelsDirectory
from api.training.import_model import Brought, import_model

ROWS = 200


def plant_garden(iris: Path, path: Path) -> Path:
    """Make the directory at `path`: iris as in `iris` and once more as version 2, meadow and height."""
    shutil.copytree(iris, path)
    directory = ModelsDirectory(path)
    card = directory.card("iris", "1")
    folder = directory.folder("iris", "1")
    directory.publish(card, {file: (folder / file).read_bytes() for file in card.files})
    _bring(directory, "meadow", *_meadow(), "flowers")
    _bring(directory, "height", *_height(), "height")
    return path


def _bring(directory: ModelsDirectory, name: str, estimator: Any, data: pd.DataFrame, target: str) -> None:
    """Import a fitted model from files, as somebody would bring it."""
    file, sample = directory.path.parent / f"{name}.skops", directory.path.parent / f"{name}.csv"
    skops.io.dump(estimator, file)
    data.to_csv(sample, index=False)
    import_model(Brought(file, name, data=sample, target=target), directory, progress=lambda step: None)


def _meadow() -> tuple[Any, pd.DataFrame]:
    """Whether a plant flowers: a number that may be missing, a choice, a boolean."""
    random = np.random.default_rng(1)
    data = pd.DataFrame(
        {
            "rain": random.normal(30, 10, ROWS).round(1),
            "soil": random.choice(["clay", "peat", "sand"], ROWS),
            "watered": random.choice([True, False], ROWS),
        }
    )
    data.loc[::10, "rain"] = np.nan
    flowers = np.where((data["rain"].fillna(30) > 30) ^ (data["soil"] == "sand"), "yes", "no")
    columns = ColumnTransformer(
        [
            ("numbers", SimpleImputer(), ["rain"]),
            ("choices", OneHotEncoder(handle_unknown="ignore"), ["soil"]),
            ("rest", "passthrough", ["watered"]),
        ]
    )
    estimator = make_pipeline(columns, LogisticRegression()).fit(data, flowers)
    return estimator, data.assign(flowers=flowers)


def _height() -> tuple[Any, pd.DataFrame]:
    """How high a plant grows: a regressor of two numbers."""
    random = np.random.default_rng(2)
    data = pd.DataFrame({"age": random.integers(1, 20, ROWS), "light": random.normal(5, 1, ROWS).round(2)})
    height = 3 * data["age"] + data["light"]
    return LinearRegression().fit(data, height), data.assign(height=height)
