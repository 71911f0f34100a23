"""From a version at rest to a model in memory, refused unless it still gives its own answers."""

from __future__ import annotations

from dataclasses import dataclass

import onnxruntime

from api.errors import RefusedVersion
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime import canary
from api.runtime.answers import Answers
from api.runtime.model import Model
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import Rows


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A version in memory, with the card it came with."""

    card: Card
    model: Model

    def predict(self, rows: Rows) -> Answers:
        """Answers for a batch: ClassAnswers of a classifier, ValueAnswers of a regressor."""
        return self.model.predict(rows)


def load(directory: ModelsDirectory, name: str, version: str) -> LoadedModel:
    """Load one version: digests first, then library versions, then its canary is replayed.

    Raises RefusedVersion with the reason where any of them is not as it was.
    """
    card = directory.card(name, version)
    directory.verify(card)
    _check_libraries(card)
    loaded = LoadedModel(card, _open(directory, card))
    _replay(directory, loaded)
    return loaded


def _check_libraries(card: Card) -> None:
    made_with = card.libraries.get("onnxruntime", "none")
    if made_with.split(".")[0] != onnxruntime.__version__.split(".")[0]:
        raise RefusedVersion(
            card.name,
            card.version,
            f"it was proved with ONNX Runtime {made_with}, not {onnxruntime.__version__}: train it again.",
        )


def _open(directory: ModelsDirectory, card: Card) -> OnnxModel:
    if card.runtime.format != "onnx" or card.runtime.file not in card.files:
        raise RefusedVersion(card.name, card.version, "its card names no compiled model among its files.")
    content = (directory.folder(card.name, card.version) / card.runtime.file).read_bytes()
    try:
        return OnnxModel(content)
    # ONNX Runtime raises a family of errors that has no common root of its own.
    except Exception as error:
        raise RefusedVersion(
            card.name, card.version, f"its compiled model does not load ({error})."
        ) from error


def _replay(directory: ModelsDirectory, loaded: LoadedModel) -> None:
    card = loaded.card
    if canary.FILE not in card.files:
        raise RefusedVersion(card.name, card.version, "it has no canary.")
    try:
        kept = canary.canary_from_bytes(
            (directory.folder(card.name, card.version) / canary.FILE).read_bytes()
        )
        difference = kept.difference(loaded.predict(kept.rows))
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedVersion(
            card.name, card.version, f"its canary cannot be replayed ({error!r})."
        ) from error
    if difference:
        raise RefusedVersion(card.name, card.version, f"it no longer gives its own answers: {difference}.")
