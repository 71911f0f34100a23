"""A linear classifier of texts, served as vocabulary and weights: NumPy and a dictionary, no scikit-learn.

The file is an .npz archive of plain arrays, read without pickle.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.runtime.answers import ClassAnswers
from api.runtime.rows import Rows
from api.runtime.text_features import WORD, Block, words

FORMAT = "text"
FILE = "model.npz"


@dataclass(frozen=True)
class TextWeights:
    """What a linear classifier of texts has learnt, its temperature already in it.

    The score of class c is `intercept[c]`, plus for each feature f of value x, `x * baseline[c]` and
    `x * weight[f, c]`. Most weights are 0, so they are kept by feature: those of f are
    `weights[starts[f]:starts[f + 1]]`, for the classes in `classes` at the same places. The features of the
    blocks follow each other. `base_rates` (classes,) is how frequent each class was in the training rows.
    `skills` are of each class the things that it takes, by its label.
    """

    blocks: tuple[Block, ...]
    starts: NDArray[np.int64]
    classes: NDArray[np.int16]
    weights: NDArray[np.float64]
    baseline: NDArray[np.float64]
    intercept: NDArray[np.float64]
    base_rates: NDArray[np.float64]
    skills: Mapping[str, list[str]]

    def runs(self, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the weights of the features `at` are kept: for each weight the row of `at`, and its place."""
        counts = self.starts[at + 1] - self.starts[at]
        rows = np.repeat(np.arange(len(at)), counts)
        # One run after another.
        shift = np.repeat(self.starts[at] - np.cumsum(counts) + counts, counts)
        return rows, shift + np.arange(counts.sum())


class TextModel:
    """Answers for the one text of each row; a missing one counts as empty. Safe from several threads."""

    def __init__(self, weights: TextWeights) -> None:
        self._weights = weights
        self._words = next((one.vocabulary for one in weights.blocks if one.analyzer == WORD), {})

    @property
    def weights(self) -> TextWeights:
        """What the model has learnt."""
        return self._weights

    @property
    def skills(self) -> Mapping[str, list[str]]:
        """What each class takes, by its label."""
        return self._weights.skills

    @property
    def base_rates(self) -> NDArray[np.float64]:
        """How frequent each class was in the training rows, of shape (classes,)."""
        return self._weights.base_rates

    def predict(self, rows: Rows) -> ClassAnswers:
        """The probabilities of all classes for each row."""
        probabilities = self.probabilities([text or "" for text in rows.texts[:, 0]])
        return ClassAnswers(probabilities.argmax(axis=1), probabilities)

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How probable each class is for each of one or more texts, of shape (texts, classes)."""
        scores = np.stack([self.scores(text) for text in texts])
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def knows(self, text: str) -> bool:
        """Whether a word of `text` was in any text that the model learnt from."""
        return any(word in self._words for word in words(text))

    def scores(self, text: str) -> NDArray[np.float64]:
        """What the softmax is taken of, of shape (classes,)."""
        own, offset, scores = self._weights, 0, self._weights.intercept.copy()
        for block in own.blocks:
            at, values = block.features(text)
            scores += values.sum() * own.baseline
            scores += self._weighed(at + offset, values)
            offset += len(block.idf)
        return scores

    def _weighed(self, at: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum of the weights of the features `at`, each times its value, of shape (classes,)."""
        own = self._weights
        rows, places = own.runs(at)
        by_class = np.bincount(
            own.classes[places], own.weights[places] * values[rows], minlength=len(own.intercept)
        )
        return by_class.astype(np.float64, copy=False)


_ARRAYS = ("starts", "classes", "weights", "baseline", "intercept", "base_rates")


def text_model_to_bytes(weights: TextWeights) -> bytes:
    """The content of `model.npz`; the same weights always give the same bytes."""
    arrays: dict[str, Any] = {name: getattr(weights, name) for name in _ARRAYS}
    about: dict[str, Any] = {"skills": dict(weights.skills), "blocks": []}
    for number, block in enumerate(weights.blocks):
        arrays[f"idf_{number}"] = block.idf
        ordered = sorted(block.vocabulary.items(), key=lambda one: one[1])
        arrays[f"vocabulary_{number}"] = _packed("\n".join(ngram for ngram, _ in ordered))
        about["blocks"].append([block.analyzer, block.shortest, block.longest])
    out = io.BytesIO()
    np.savez_compressed(out, about=_packed(json.dumps(about)), **arrays)
    return out.getvalue()


def text_model_from_bytes(content: bytes) -> TextModel:
    """The model that `text_model_to_bytes` wrote; raises KeyError, ValueError or OSError where it is none."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        about = json.loads(file["about"].tobytes())
        blocks = tuple(
            Block(analyzer, shortest, longest, _vocabulary(file[f"vocabulary_{at}"]), file[f"idf_{at}"])
            for at, (analyzer, shortest, longest) in enumerate(about["blocks"])
        )
        return TextModel(
            TextWeights(blocks, **{name: file[name] for name in _ARRAYS}, skills=about["skills"])
        )


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _vocabulary(packed: NDArray[np.uint8]) -> dict[str, int]:
    # No n-gram holds a line break: words have none, and characters stay within words.
    return {ngram: at for at, ngram in enumerate(packed.tobytes().decode().split("\n"))}
