"""From a version at rest to a model in memory, refused unless it still gives its own answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import TypeVar

import numpy as np

from api.errors import NoAnswer, RefusedVersion, UnreadableModel
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime import canary
from api.runtime.answers import Answers, OneAnswer, ValueAnswers, decide, usable_one
from api.runtime.frame import FILE as FRAME_FILE
from api.runtime.model import Model
from api.runtime.one_row.form import OneRow, RowByRow, one_row_from_bytes
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import Rows
from api.runtime.skops_model import skops_model
from api.runtime.text_model import text_model_from_bytes

_Form = TypeVar("_Form")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A version in memory, with the card it came with.

    `many` and `one` are the model in other forms, where these were measured to be faster for many rows and
    for one.
    """

    card: Card
    model: Model
    many: Model | None = None
    one: OneRow | None = None

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch: ClassAnswers of a classifier, ValueAnswers of a regressor.

        Two classes are told apart by the threshold of the card's target, where it has one. Every number is
        finite; raises NoAnswer where the model gives others, or none.
        """
        return decide(self.undecided(rows), self.card.target.threshold)

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer | None:
        """The answer that `predict` gives for one row, in less time.

        None where the model has no shorter way for one row, or gives no finite numbers, of which `predict`
        says what is wrong.
        """
        form = self.one
        if form is None:
            if not isinstance(self.model, OnnxModel):
                return None
            form = self.model
        return usable_one(form.predict_one(numbers, texts), self.card.target.threshold)

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
        if rows == 1 and self.one is not None:
            # What is answered alone is answered alike, whichever way it comes.
            return RowByRow(self.one)
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
    first = _open(directory, card, trusted)
    for_many, for_one = card.runtime.many_rows, card.runtime.one_row
    many = _open_form(directory, card, for_many.file, OnnxModel) if for_many else None
    one = _open_form(directory, card, for_one.file, one_row_from_bytes) if for_one else None
    loaded = LoadedModel(card, first, many, one)
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


def _open_form(directory: ModelsDirectory, card: Card, file: str, form: Callable[[bytes], _Form]) -> _Form:
    """Another form of the model, which the card names."""
    if file not in card.files:
        raise RefusedVersion(card.name, card.version, f"another form of it, {file}, is not there.")
    content = (directory.folder(card.name, card.version) / file).read_bytes()
    try:
        return form(content)
    # ONNX Runtime raises a family of errors that has no common root of its own, and so does NumPy.
    except Exception as error:
        reason = f"another form of it, {file}, fails ({error})."
        raise RefusedVersion(card.name, card.version, reason) from error


def _replay(directory: ModelsDirectory, loaded: LoadedModel) -> None:
    card = loaded.card
    if canary.FILE not in card.files:
        raise RefusedVersion(card.name, card.version, "it has no canary.")
    try:
        kept = canary.canary_from_bytes(
            (directory.folder(card.name, card.version) / canary.FILE).read_bytes()
        )
        one = None if loaded.one is None else RowByRow(loaded.one)
        forms = [form for form in (loaded.model, loaded.many, one) if form is not None]
        found = [kept.difference(LoadedModel(card, form).undecided(kept.rows)) for form in forms]
        difference = next((one for one in found if one), None)
    # An estimator raises errors of its own for rows that it was not made for.
    except Exception as error:
        raise RefusedVersion(
            card.name, card.version, f"its canary cannot be replayed ({error!r})."
        ) from error
    if difference:
        raise RefusedVersion(card.name, card.version, f"it no longer gives its own answers: {difference}.")
