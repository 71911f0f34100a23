"""A serving process imports what its models need, and nothing more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from api.registry.directory import ModelsDirectory
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in

from ...services import ROOT
from ..training.test_tabular_words import reviews, train

HEAVY = ["sklearn", "scipy", "pandas", "skops", "onnx", "skl2onnx"]
PROGRAM = """
import json, sys
from pathlib import Path
from api.registry.directory import ModelsDirectory
from api.runtime.load import load
load(ModelsDirectory(Path(sys.argv[1])), sys.argv[2], "1")
print(json.dumps([name for name in json.loads(sys.argv[3]) if name in sys.modules]))
"""


def imported(models: Path, name: str) -> list[str]:
    """Which of the heavy libraries a fresh process has imported once it has loaded a model."""
    command = [sys.executable, "-c", PROGRAM, str(models), name, json.dumps(HEAVY)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def test_a_compiled_model_needs_no_scikit_learn(models_dir: Path) -> None:
    """Neither scikit-learn nor SciPy nor pandas is in a process that serves compiled models."""
    assert imported(models_dir, "iris") == []


def test_a_model_of_texts_needs_no_scikit_learn(jobs_dir: Path) -> None:
    """A model of texts is vocabulary and weights, and needs none of them either."""
    assert imported(jobs_dir, "similar_jobs") == []


def test_a_model_with_a_free_text_needs_no_scikit_learn(tmp_path: Path) -> None:
    """The words of a text are looked up by NumPy and a dictionary."""
    outcome, _ = train(tmp_path, reviews())
    assert imported(tmp_path / "models", outcome.card.name) == []


def test_an_estimator_that_serves_itself_needs_it(tmp_path: Path) -> None:
    """Only where a model could not be compiled is scikit-learn imported to serve it."""
    features, truth = load_iris(return_X_y=True)
    estimator = LogisticRegression(max_iter=200).fit(features, truth)
    brought, chooser = Brought(tmp_path / "m.skops", "rose"), Chooser(lambda step: None, compilers={})
    take_in(estimator, None, brought, ModelsDirectory(tmp_path), chooser)
    assert {"sklearn", "skops"} <= set(imported(tmp_path, "rose"))
