"""Reading the file that somebody's fitted model is in."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import is_classifier, is_regressor
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from api.errors import UnreadableModel
from api.runtime.skops_model import open_skops

_PICKLES = (".joblib", ".pickle", ".pkl")
_SECONDS = 600
_ROOT = Path(__file__).parents[2]


def read_model(path: Path, trust_pickle: bool, trusted: Collection[str]) -> Any:
    """The fitted classifier or regressor in a .skops, .joblib or .pkl file.

    A pickle is read only with `trust_pickle`, in a process of its own. Raises UnreadableModel with a
    sentence about the file, or OSError where there is none.
    """
    content = _unpickled(path, trust_pickle) if path.suffix in _PICKLES else path.read_bytes()
    if path.suffix not in (*_PICKLES, ".skops"):
        raise UnreadableModel(f"{path.name} is neither a .skops file nor a pickle ({', '.join(_PICKLES)}).")
    try:
        estimator = open_skops(content, trusted)
    except UnreadableModel as error:
        error.args = (f"{path.name} is refused: {error}",)
        raise
    _check(path, estimator)
    return estimator


def _unpickled(path: Path, trust_pickle: bool) -> bytes:
    """A pickle as the content of a skops file."""
    if not trust_pickle:
        raise UnreadableModel(
            f"{path.name} is a pickle, and reading one runs whatever it holds. If you know where it comes "
            "from, say so with --trust-pickle: it is then read once, in a process of its own, and not kept. "
            "Better: save the model with skops."
        )
    with path.open("rb"), tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "model.skops"
        command = [sys.executable, "-m", "api.training.unpickle", str(path.resolve()), str(target)]
        # Nothing of this process's settings: they hold passwords.
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        try:
            # The command is this program's own; the only thing given is the path.
            done = subprocess.run(  # noqa: S603 (see above)
                command, cwd=_ROOT, env=environment, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise UnreadableModel(f"{path.name} is refused: it was not read within {_SECONDS} s.") from None
        if done.returncode or not target.is_file():
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["its reader ended."]
            raise UnreadableModel(f"{path.name} is refused: {said[-1]}")
        return target.read_bytes()


def _check(path: Path, estimator: Any) -> None:
    """Refuse what is not a fitted classifier or regressor of a single target."""
    is_estimator = hasattr(estimator, "__sklearn_tags__")
    if not is_estimator or not (is_classifier(estimator) or is_regressor(estimator)):
        raise UnreadableModel(
            f"{path.name} holds {_named(estimator)}, which is neither a classifier nor a regressor."
        )
    try:
        check_is_fitted(estimator)
    except NotFittedError:
        raise UnreadableModel(f"{path.name} holds {_named(estimator)} that has not been fitted.") from None
    classes: Any = getattr(estimator, "classes_", ())
    several = isinstance(classes, list) or np.ndim(classes) > 1 or getattr(estimator, "n_outputs_", 1) != 1
    if several:
        raise UnreadableModel(f"{path.name} predicts several targets at once; bring a model for each.")


def _named(estimator: Any) -> str:
    name = type(estimator).__name__
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"
