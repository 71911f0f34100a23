"""The numbers that a compiled model takes for choices: kept as JSON in the model's own file.

ONNX Runtime takes texts as objects only, which it copies one by one, and none in place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from api.runtime.rows import Rows

# The name that they have among a compiled model's metadata.
CODES = "codes"

_Thing = TypeVar("_Thing")


class Known(dict[str | None, float]):
    """The code of each choice of a field: its place; then that of a missing one, then that of any other."""

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__({text: float(at) for at, text in enumerate(choices)})
        # Of one row a missing text is an empty one, of many it is None.
        self[""] = self[None] = float(len(choices))
        self._other = len(choices) + 1.0

    def __missing__(self, text: str | None) -> float:
        return self._other

    @property
    def count(self) -> int:
        """How many codes there are."""
        return int(self._other) + 1

    def mapped(self, values: Sequence[_Thing]) -> Mapped[_Thing]:
        """For each text what `values` have at the place of its code."""
        return Mapped({text: values[int(code)] for text, code in self.items()}, values[-1])


class Mapped(dict[str | None, _Thing]):
    """Something for each choice, and for any other text."""

    def __init__(self, known: Mapping[str | None, _Thing], other: _Thing) -> None:
        super().__init__(known)
        self._other = other

    def __missing__(self, text: str | None) -> _Thing:
        return self._other


@dataclass(frozen=True, slots=True)
class ChoiceCodes:
    """Which columns of `Rows.texts` a compiled model takes as codes, each with what is known of it.

    The codes follow the numbers, as further columns of the same input.
    """

    columns: tuple[tuple[int, Known], ...]

    def of_one(self, numbers: Sequence[float], texts: Sequence[str]) -> list[float]:
        """What the model takes for one row."""
        return [*numbers, *[known[texts[column]] for column, known in self.columns]]

    def of(self, rows: Rows) -> NDArray[np.float64]:
        """What the model takes for some rows: (rows, numbers and codes)."""
        count, width = rows.numbers.shape
        given = np.empty((count, width + len(self.columns)))
        given[:, :width] = rows.numbers
        for place, (column, known) in enumerate(self.columns, width):
            codes = map(known.__getitem__, rows.texts[:, column].tolist())
            given[:, place] = np.fromiter(codes, np.float64, count)
        return given


def choice_codes_to_json(choices: Mapping[int, Sequence[str]]) -> str:
    """The metadata of a compiled model: the choices of each column of texts that it takes as codes."""
    return json.dumps([{"column": column, "choices": list(texts)} for column, texts in choices.items()])


def choice_codes_from(metadata: Mapping[str, str]) -> ChoiceCodes | None:
    """What `choice_codes_to_json` wrote, None where a model has none of it.

    Raises KeyError, TypeError or ValueError where it is something else.
    """
    if CODES not in metadata:
        return None
    found = json.loads(metadata[CODES])
    return ChoiceCodes(tuple((int(one["column"]), Known(one["choices"])) for one in found))
