"""What a compiled model's text fields become before it runs: kept as JSON in the model's own file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.runtime.rows import Rows
from api.runtime.terms import Terms, terms_of

# The name that it has among a compiled model's metadata.
WORDS = "words"


@dataclass(frozen=True, slots=True)
class WordInput:
    """One input of a compiled model: the terms of the texts in `column` of `Rows.texts`."""

    name: str
    column: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class WordInputs:
    """Which columns of `Rows.texts` a compiled model takes as the words in them.

    `choices` are those that one takes as texts, which was compiled before choices were codes.
    """

    choices: tuple[int, ...]
    inputs: tuple[WordInput, ...]

    def of(self, rows: Rows) -> dict[str, NDArray[np.float64]]:
        """The value of each input for some rows, of shape (rows, terms)."""
        return {
            one.name: one.terms.table(rows.texts[:, one.column].tolist(), len(rows)) for one in self.inputs
        }


def word_inputs_to_json(inputs: Sequence[WordInput]) -> str:
    """The metadata of a compiled model that takes words."""
    listed = [
        {
            "name": one.name,
            "column": one.column,
            "longest": one.terms.longest,
            "terms": one.terms.words,
            "idf": one.terms.block.idf.tolist(),
        }
        for one in inputs
    ]
    return json.dumps({"inputs": listed})


def word_inputs_from(metadata: Mapping[str, str]) -> WordInputs | None:
    """What `word_inputs_to_json` wrote, None where a model has none of it.

    Raises KeyError, TypeError or ValueError where it is something else.
    """
    if WORDS not in metadata:
        return None
    found = json.loads(metadata[WORDS])
    inputs = []
    for one in found["inputs"]:
        idf = np.array(one["idf"], dtype=np.float64)
        if len(idf) != len(set(one["terms"])):
            raise ValueError("its words and their weights are not as many")
        inputs.append(
            WordInput(one["name"], int(one["column"]), terms_of(one["terms"], idf, int(one["longest"])))
        )
    return WordInputs(tuple(int(at) for at in found.get("choices", [])), tuple(inputs))
