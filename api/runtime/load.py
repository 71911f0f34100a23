"""From a version at rest to a model in memory, refused unless it still gives its own answers."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata

import numpy as np

from api.errors import NoAnswer, RefusedVersion, UnreadableModel
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime import canary
from api.runtime.answers import Answers, OneAnswer, ValueAnswers, decide, decide_one
from api.runtime.frame import FILE as FRAME_FILE
from api.runtime.model import Model
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import Rows
from api.runtime.skops_model import skops_model
from api.runtime.text_model import text_model_from_bytes


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A version in memory, with the card it came with.

    `many` is the model in another form, where one was measured to be faster for many rows.
    """

    card: Card
    model: Model
    many: Model | None = None

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch: ClassAnswers of a classifier, ValueAnswers of a regressor.

        Two classes are told apart by the threshold of the card's target, where it has one. Every number is
        finite; raises NoAnswer where the model gives others, or none.
        """
        return decide(self.undecided(rows), self.card.target.threshold)

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer | None:
        """The answer that `predict` gives for one row, in less time.

        None where the model has no shorter way for one row, or gives no finite numbers.
        """
        if not isinstance(self.model, OnnxModel):
            return None
        answer = self.model.predict_one(numbers, texts)
        # The sum is finite where each of them is; where it is not, `predict` says what is wrong.
        return decide_one(answer, self.card.target.threshold) if math.isfinite(sum(answer[1])) else None

    def undecided(self, rows: Rows) -> Answers:
        """The answers before the threshold: the classes that the model itself chooses; raises NoAnswer."""
        try:
            answers = self._form_for(len(rows)).predict(rows)
        # An estimator refuses values in whatever way it likes.
        except Exception as error:
            reason = str(error).strip().partition("\n")[0][:200]
            raise NoAnswer(len(rows), None, reason) from error
        numbers = answers.values if isinstance(answers, ValueAnswers) else answers.probabilities
        if numbers is not None and not np.isfinite(numbers).all():
            bad = np.flatnonzero(~np.isfinite(numbers.reshape(len(rows), -1)).all(axis=1))
            first = int(bad[0]) if len(rows) > 1 else None
            raise NoAnswer(len(bad), first, "what it computes is not a number.")
        return answers

    def _form_for(self, rows: int) -> Model:
        known = self.card.runtime.many_rows
        return self.model if self.many is None or known is None or rows < known.from_rows else self.many


def load(directory: ModelsDirectory, name: str, version: str, trusted: Collection[str] = ()) -> LoadedModel:
    """Load one version: digests first, then library versions, then its canary is replayed.

    `trusted` are types that the operator trusts in skops files beside the built-in list. Raises
    RefusedVersion with the reason where any of it is not as it was.
    """
    card = directory.card(name, version)
    directory.verify(card)
    _check_libraries(card)
    loaded = LoadedModel(card, _open(directory, card, trusted), _open_many(directory, card))
    _replay(directory, loaded)
    return loaded


def _check_libraries(card: Card) -> None:
    """Refuse a version whose libraries here are others than those it was made with.

    ONNX Runtime keeps its promises within a major version; scikit-learn's own files only within a minor one.
    """
    if card.runtime.format == "text":
        # Plain arrays and our own arithmetic, which the canary checks.
        return
    if card.runtime.format == "skops":
        _check_library(card, "scikit-learn", "scikit-learn", parts=2)
    else:
        _check_library(card, "onnxruntime", "ONNX Runtime", parts=1)


def _check_library(card: Card, library: str, title: str, parts: int) -> None:
    made_with, here = card.libraries.get(library, "none"), version_here(library)
    if made_with.split(".")[:parts] != here.split(".")[:parts]:
        reason = f"it was made with {title} {made_with}, and here is {here}: make it again."
        raise RefusedVersion(card.name, card.version, reason)


@cache
def version_here(library: str) -> str:
    """The version of a library that is installed, "none" where it is not."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def _open(directory: ModelsDirectory, card: Card, trusted: Collection[str]) -> Model:
    """The model in the form its card names; each form imports what it needs."""
    if card.runtime.file not in card.files:
        raise RefusedVersion(card.name, card.version, "its card names no model among its files.")
    folder = directory.folder(card.name, card.version)
    content = (folder / card.runtime.file).read_bytes()
    try:
        if card.runtime.format == "onnx":
            return OnnxModel(content)
        if card.runtime.format == "text":
            return text_model_from_bytes(content)
        if card.runtime.format == "skops" and FRAME_FILE in card.files:
            return skops_model(content, (folder / FRAME_FILE).read_bytes(), card.schema, trusted)
    except UnreadableModel as error:
        raise RefusedVersion(card.name, card.version, f"of its model file: {error}") from error
    # ONNX Runtime raises a family of errors that has no common root of its own.
    except Exception as error:
        raise RefusedVersion(card.name, card.version, f"its model does not load ({error}).") from error
    raise RefusedVersion(
        card.name, card.version, f"its model is in a form not known here, {card.runtime.format!r}."
    )


def _open_many(directory: ModelsDirectory, card: Card) -> Model | None:
    """The form for many rows, where the card names one."""
    if card.runtime.many_rows is None:
        return None
    file = card.runtime.many_rows.file
    if file not in card.files:
        raise RefusedVersion(card.name, card.version, "its form for many rows is not there.")
    content = (directory.folder(card.name, card.version) / file).read_bytes()
    try:
        return OnnxModel(content)
    # ONNX Runtime raises a family of errors that has no common root of its own.
    except Exception as error:
        raise RefusedVersion(card.name, card.version, f"its form for many rows fails ({error}).") from error


def _replay(directory: ModelsDirectory, loaded: LoadedModel) -> None:
    card = loaded.card
    if canary.FILE not in card.files:
        raise RefusedVersion(card.name, card.version, "it has no canary.")
    try:
        kept = canary.canary_from_bytes(
            (directory.folder(card.name, card.version) / canary.FILE).read_bytes()
        )
        forms = [loaded.model] if loaded.many is None else [loaded.model, loaded.many]
        found = [kept.difference(LoadedModel(card, form).undecided(kept.rows)) for form in forms]
        difference = next((one for one in found if one), None)
    # An estimator raises errors of its own for rows that it was not made for.
    except Exception as error:
        raise RefusedVersion(
            card.name, card.version, f"its canary cannot be replayed ({error!r})."
        ) from error
    if difference:
        raise RefusedVersion(card.name, card.version, f"it no longer gives its own answers: {difference}.")
