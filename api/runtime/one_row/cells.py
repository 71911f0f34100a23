"""A model of trees as a table of all its answers: it answers alike between the thresholds of its fields."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from math import prod

import numpy as np

from api.runtime.answers import OneAnswer
from api.runtime.choice_codes import CODES, choice_codes_from
from api.runtime.one_row.arrays import Arrays, parts_of
from api.runtime.one_row.unrolled import located

# How much room a table may take beside the model itself.
MOST_BYTES = 4 * 1024 * 1024


class Cells:
    """Finds a row's cell and looks up its answer.

    The arrays: `cuts`, each number field's thresholds in order, above which another interval begins; `gaps`,
    whether a field has one more interval for a missing value; `codes`, the choices as `choice_codes_to_json`
    writes them; `which` (cells,), each cell's answer, the last field's interval counting by one; `classes`
    (answers,), empty of values; `numbers` (answers, k), the probabilities or the value.
    """

    def __init__(self, arrays: Arrays) -> None:
        cuts, gaps = parts_of(arrays, "cuts"), arrays["gaps"].tolist()
        coded = choice_codes_from({CODES: str(arrays[CODES])})
        choices = coded.columns if coded else ()
        sizes = [len(one) + 1 + gap for one, gap in zip(cuts, gaps, strict=True)]
        sizes += [known.count for _, known in choices]
        steps = [prod(sizes[at + 1 :]) for at in range(len(sizes))]
        which, classes, numbers = arrays["which"], arrays["classes"], arrays["numbers"]
        if which.shape != (prod(sizes),) or which.max() >= len(numbers) or numbers.ndim != 2:
            raise ValueError("a table of answers does not have a cell for each combination of intervals")
        if classes.shape not in ((0,), (len(numbers),)):
            raise ValueError("a table of answers has another number of classes than of answers")
        # Where nothing can be missing no gap has a place, and none is ever looked for.
        self._fields = [
            (one, step, step * (len(one) + gap)) for one, step, gap in zip(cuts, steps, gaps, strict=False)
        ]
        self._choices = [
            (column, known.mapped([step * code for code in range(known.count)]))
            for (column, known), step in zip(choices, steps[len(cuts) :], strict=True)
        ]
        self._locate = located(self._fields, self._choices) or self._loop
        # These give plain numbers in a third of the time that NumPy's arrays take.
        self._which, self._width = which.data, numbers.shape[1]
        self._numbers = array("d", numbers.astype(np.float64).tobytes())
        self._classes = classes.data if len(classes) else None

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer:
        """The answer of the row's cell."""
        return self.answer(self.which(numbers, texts))

    def which(self, numbers: Sequence[float], texts: Sequence[str]) -> int:
        """Which of the table's answers the row's cell has."""
        return self._which[self._locate(numbers, texts)]

    def _loop(self, numbers: Sequence[float], texts: Sequence[str]) -> int:
        cell = 0
        for value, (cuts, step, gap) in zip(numbers, self._fields, strict=True):
            # Only a missing value is another than itself.
            cell += bisect_left(cuts, value) * step if value == value else gap  # noqa: PLR0124 (see above)
        for column, steps in self._choices:
            cell += steps[texts[column]]
        return cell

    def answer(self, which: int) -> OneAnswer:
        """One of the table's answers."""
        width = self._width
        found = self._numbers[which * width : (which + 1) * width].tolist()
        return (None if self._classes is None else self._classes[which]), found
