"""The models that every server is given: pipelines fitted once, saved in the formats that servers read."""

from __future__ import annotations

import csv
import hashlib
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas
import skops.io
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests.services import ROOT, clean_environment

Row = Sequence[float | str | None]

MEASURES = ("sepal_length", "sepal_width", "petal_length", "petal_width")
PERSON = ("age", "income", "city", "plan")
_CITIES = ("Basel", "Bern", "Geneva", "Zurich")
_PLANS = ("free", "plus", "team")


@dataclass(frozen=True, slots=True)
class Case:
    """One model: its name, how the tables call it, its fields, and those of them that are texts."""

    name: str
    title: str
    fields: tuple[str, ...]
    texts: tuple[str, ...] = ()


CASES = (
    Case("logistic", "logistic regression", MEASURES),
    Case("boosting", "gradient boosting", MEASURES),
    Case("forest", "forest of 100", MEASURES),
    Case("mixed", "mixed types", PERSON, ("city", "plan")),
)


def rows_of(case: Case, count: int, seed: int = 7) -> list[Row]:
    """Rows like those that the model was fitted to, always the same for one seed; None is a missing value."""
    chance = random.Random(seed)  # noqa: S311 (rows to measure with, no secret)
    if case.texts:
        return [_person(chance) for _ in range(count)]
    flowers = load_iris().data
    least, most = flowers.min(axis=0).tolist(), flowers.max(axis=0).tolist()
    chosen = ([chance.gauss(value, 0.2) for value in chance.choice(flowers.tolist())] for _ in range(count))
    return [
        [round(min(max(one, low), high), 1) for one, low, high in zip(flower, least, most, strict=True)]
        for flower in chosen
    ]


def _person(chance: random.Random) -> Row:
    age = None if chance.random() < 0.05 else float(chance.randint(18, 90))
    income = None if chance.random() < 0.05 else round(min(2e5, 1e4 + chance.lognormvariate(10.5, 0.5)), 2)
    return [age, income, chance.choice(_CITIES), chance.choice(_PLANS)]


def table_of(case: Case, rows: Sequence[Row]) -> Any:
    """What the pipeline of the case takes: an array, or a data frame where there are texts."""
    if case.texts:
        return pandas.DataFrame(list(rows), columns=list(case.fields)).astype(
            {name: float for name in case.fields if name not in case.texts}
        )
    return np.array(rows, dtype=float)


def prepare(folder: Path) -> None:
    """Fit all models and save them below `folder`, unless this code with these versions has done so.

    `<name>/model.joblib` and `<name>/model.skops` are the fitted pipeline, `<name>/data.csv` some rows with
    the target, and `bouquet/` the models directory into which `python -m api import` brought them.
    """
    done = folder / "made"
    sources = [Path(__file__), *sorted((ROOT / "api").rglob("*.py"))]
    made_with = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()
    made_with += "".join(f" {name} {version(name)}" for name in ("scikit-learn", "skl2onnx", "onnxruntime"))
    if done.exists() and done.read_text(encoding="utf-8") == made_with:
        return
    shutil.rmtree(folder, ignore_errors=True)
    for case in CASES:
        print(f"fitting {case.title}")
        _save(case, folder / case.name)
        _import(case, folder / case.name, folder / "bouquet")
    done.write_text(made_with, encoding="utf-8")


def fitted(folder: Path, case: Case) -> Any:
    """The pipeline that `prepare` fitted."""
    return joblib.load(folder / case.name / "model.joblib")


def _save(case: Case, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = rows_of(case, 2000, seed=1) if case.texts else load_iris().data.tolist()
    truth = [_stays(row) for row in rows] if case.texts else load_iris().target.tolist()
    pipeline = _estimator(case).fit(table_of(case, rows), truth)
    joblib.dump(pipeline, folder / "model.joblib")
    skops.io.dump(pipeline, folder / "model.skops")
    with (folder / "data.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*case.fields, "target"])
        writer.writerows([*row, label] for row, label in zip(rows, truth, strict=True))


def _estimator(case: Case) -> Any:
    if case.name == "boosting":
        return GradientBoostingClassifier(random_state=0)
    if case.name == "forest":
        return RandomForestClassifier(100, random_state=0)
    if case.name == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression())
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer(
        (numbers, ["age", "income"]), (OneHotEncoder(handle_unknown="ignore"), ["city", "plan"])
    )
    return make_pipeline(columns, LogisticRegression())


def _stays(row: Row) -> int:
    """Whether a made-up person stays: a matter of all four fields, and of chance that the row decides."""
    age, income, city, plan = row
    score = 0.02 * (float(age or 50) - 50) + (float(income or 5e4) - 5e4) / 4e4
    score += _CITIES.index(str(city)) * 0.3 - 0.4 + _PLANS.index(str(plan)) * 0.5 - 0.5
    return int(score > random.Random(repr(row)).gauss(0, 0.7))  # noqa: S311 (made-up data)


def _import(case: Case, folder: Path, models: Path) -> None:
    """As docs/models.md says it."""
    command = [sys.executable, "-m", "api", "import", str(folder / "model.skops"), "--name", case.name]
    command += ["--data", str(folder / "data.csv"), "--target", "target"]
    settings = {"MODELS_DIR": str(models), "DATA_DIR": str(folder / "data")}
    subprocess.run(command, cwd=ROOT, env=clean_environment(**settings), check=True)
