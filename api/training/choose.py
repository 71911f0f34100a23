"""Which runtime answers: the first compiler whose model is proved equal, or else the estimator itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import CannotCompile, NotEqual, UnreadableModel
from api.registry.card import Parity, Runtime
from api.runtime import canary
from api.runtime import frame as frames
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers, join
from api.runtime.compile import COMPILERS, COMPILERS_FOR_MANY, COMPILERS_FOR_ONE, Compiler
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import Frame
from api.runtime.one_row.form import FILE as ONE_FILE
from api.runtime.onnx_model import OnnxModel
from api.runtime.probes import probe_rows
from api.runtime.prove import prove_equal
from api.runtime.rows import Rows, stack
from api.runtime.skops_model import skops_model
from api.training.many_rows import MANY_FILE, form_for_many
from api.training.one_row import form_for_one

ONNX_FILE = "model.onnx"
SKOPS_FILE = "model.skops"
_CANARY_ROWS = 60
# A canary row's best two classes are at least this far apart, so that another processor chooses the same.
_CLEAR = 1e-3

# Called with a sentence as each step begins.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Chosen:
    """What answers, with its proof, and the files of the version."""

    runtime: Runtime
    files: Mapping[str, bytes]


class Chooser:
    """Chooses the runtime of a model; `trusted` are types that the operator trusts in skops files."""

    def __init__(
        self,
        progress: Progress,
        trusted: Collection[str] = (),
        compilers: Mapping[str, Compiler] = COMPILERS,
    ) -> None:
        self.progress, self._trusted, self._compilers = progress, trusted, compilers

    def choose(self, estimator: Any, frame: Frame, sample: Rows) -> Chosen:
        """Compile, compare on probe rows like those of `sample`, and keep the first model that is equal.

        Where none is, the estimator is kept as a skops file, which has to open again; raises UntrustedTypes
        or UnreadableModel where it does not.
        """
        self.progress("asking scikit-learn about probe rows")
        reference = EstimatorModel(estimator, frame)
        probes = probe_rows(estimator, frame, sample)
        rows, theirs = _answered(reference, probes.rows)
        kept = _canary(reference, probes.calm)
        refused: list[str] = []
        for name, compiler in self._compilers.items():
            self.progress(f"compiling with {name}, and comparing on {len(rows)} rows")
            try:
                content = compiler(estimator, frame)
                parity = _prove(content, frame, rows, theirs)
            except (CannotCompile, NotEqual) as error:
                refused.append(f"{name}: {error}")
                continue
            files = {ONNX_FILE: content, canary.FILE: kept.to_bytes()}
            other = partial(COMPILERS_FOR_MANY.get(name, _none), estimator, frame)
            many = form_for_many(other, frame.schema, content, rows, theirs)
            if many is not None:
                files[MANY_FILE] = many[1]
            fastest = OnnxModel(content if many is None else many[1])
            forms = partial(COMPILERS_FOR_ONE.get(name, _none), estimator, frame, content, fastest.predict)
            one = form_for_one(forms, frame.schema, content, rows, theirs)
            if one is not None:
                files[ONE_FILE] = one[1]
            runtime = Runtime(
                "onnx", ONNX_FILE, parity, name, tuple(refused), many and many[0], one and one[0]
            )
            return Chosen(runtime, files)
        self.progress("keeping the estimator itself, which scikit-learn will serve")
        files = _skops_files(estimator, frame, kept, self._trusted)
        return Chosen(Runtime("skops", SKOPS_FILE, None, "none", tuple(refused)), files)


def _none(*_: Any) -> None:
    """Of some compilers there is no other form."""


def _answered(reference: EstimatorModel, rows: Rows) -> tuple[Rows, Answers]:
    """The rows that scikit-learn has a finite answer to, and those answers.

    Some estimators raise an error for a whole batch because of one row, so the batch is halved until it is
    alone. Raises UnreadableModel where there is no answer to any row.
    """
    parts, waiting = [], [rows]
    while waiting:
        part = waiting.pop()
        try:
            answers = reference.predict(part)
        except UnreadableModel:
            raise
        # Estimators refuse in many ways: all that matters is that they do.
        except Exception as error:
            if len(rows) == 1:
                raise UnreadableModel(f"it answers to nothing ({error}).") from error
            if len(part) > 1:
                middle = len(part) // 2
                waiting += [part[:middle], part[middle:]]
            continue
        numbers = answers.values if isinstance(answers, ValueAnswers) else answers.probabilities
        if numbers is None:
            numbers = np.zeros(len(part))
        finite: NDArray[np.bool_] = np.asarray(np.isfinite(numbers.reshape(len(part), -1)).all(axis=1))
        if finite.any():
            parts.append((part[finite], answers[finite]))
    if not parts:
        raise UnreadableModel("it answers to none of the rows it was asked about.")
    return stack([one for one, _ in parts]), join([one for _, one in parts])


def _prove(content: bytes, frame: Frame, rows: Rows, theirs: Answers) -> Parity:
    try:
        model = OnnxModel(content)
        return prove_equal(frame.schema, model, rows, theirs)
    except NotEqual:
        raise
    # ONNX Runtime raises a family of errors that has no common root of its own.
    except Exception as error:
        raise CannotCompile(f"ONNX Runtime does not run its model ({str(error).splitlines()[0]})") from error


def _skops_files(
    estimator: Any, frame: Frame, kept: canary.Canary, trusted: Collection[str]
) -> dict[str, bytes]:
    import skops.io  # noqa: PLC0415 (few models need it, and it takes a while)

    content = skops.io.dumps(estimator)
    form = json.dumps(frames.frame_to_json(frame)).encode()
    again = skops_model(content, form, frame.schema, trusted)
    difference = kept.difference(again.predict(kept.rows))
    if difference:
        raise NotEqual(f"the estimator read back from its own file answers otherwise: {difference}")
    return {SKOPS_FILE: content, frames.FILE: form, canary.FILE: kept.to_bytes()}


def _canary(reference: EstimatorModel, rows: Rows) -> canary.Canary:
    """Made-up rows from all over, with the estimator's own answers, and none that hangs by a thread."""
    rows, answers = _answered(reference, rows)
    clear = np.arange(len(rows))
    if isinstance(answers, ClassAnswers) and answers.probabilities is not None:
        best = np.sort(answers.probabilities, axis=1)[:, -2:]
        far = np.flatnonzero(best[:, 1] - best[:, 0] > _CLEAR)
        clear = far if far.size else clear
    picked = rows[clear[np.linspace(0, len(clear) - 1, min(_CANARY_ROWS, len(clear))).astype(int)]]
    return canary.Canary(picked, reference.predict(picked))
