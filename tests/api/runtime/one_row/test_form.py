"""The file of a form for one row, and the form as a model of many rows."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from api.runtime.answers import ClassAnswers, OneAnswer, ValueAnswers
from api.runtime.choice_codes import CODES, Known, choice_codes_to_json
from api.runtime.one_row.arrays import parts_of, ragged
from api.runtime.one_row.cells import Cells
from api.runtime.one_row.form import RowByRow, one_row_from_bytes, to_bytes
from api.runtime.one_row.sums import Sums
from api.runtime.rows import Rows, numbers_only

SUMS: dict[str, Any] = {
    "start": np.array([1.0]),
    "weights": np.array([[2.0]]),
    "gaps": np.array([[math.nan]]),
    "tables": np.array([[10.0], [20.0], [30.0], [40.0]]),
    # Whatever is in a choice: quotes, ends of lines, zeros at the end, half a character.
    CODES: np.array(choice_codes_to_json({0: ['"a\n', "\ud83d\0"]})),
    "link": np.array("value"),
}
CELLS: dict[str, Any] = ragged([[0.5]], "cuts") | {
    "gaps": np.array([True]),
    CODES: np.array("[]"),
    "which": np.array([0, 1, 0], dtype=np.uint16),
    "classes": np.array([1, 0]),
    "numbers": np.array([[0.1, 0.9], [0.8, 0.2]]),
}


class Echo:
    """Answers with what it is given."""

    def __init__(self, chosen: int | None = None, *, probabilities: bool = True) -> None:
        self._chosen, self._probabilities = chosen, probabilities
        self.asked: list[tuple[list[float], list[str]]] = []

    def predict_one(self, numbers: Sequence[float], texts: Sequence[str]) -> OneAnswer:
        """The numbers themselves."""
        self.asked.append((list(numbers), list(texts)))
        return self._chosen, list(numbers) if self._probabilities else []


@pytest.mark.parametrize(
    "parts", [[], [[]], [[1.0]], [[], [1.0, 2.0], [], [-0.0, math.inf, 5e-324]], [[3.0], []]]
)
def test_lists_of_different_lengths_come_back(parts: list[list[float]]) -> None:
    """Each with what was in it, also the empty ones."""
    assert parts_of(ragged(parts, "some"), "some") == parts


@pytest.mark.parametrize("counts", [[1, 1], [2, 2], [-1, 4], [], [3, 1, -1]])
def test_counts_that_do_not_fit_are_refused(counts: list[int]) -> None:
    """Rather than cut the numbers up some other way."""
    arrays = {"some": np.zeros(3), "some_counts": np.array(counts, dtype=np.int64)}
    with pytest.raises(ValueError, match="some and their counts"):
        parts_of(arrays, "some")


def test_a_file_gives_the_form_that_was_written() -> None:
    """A table of answers or weighted sums, with every choice."""
    cells, sums = one_row_from_bytes(to_bytes(CELLS)), one_row_from_bytes(to_bytes(SUMS))
    assert isinstance(cells, Cells)
    assert isinstance(sums, Sums)
    assert [cells.predict_one([one], [])[0] for one in (0.5, 0.6, math.nan)] == [1, 0, 1]
    texts = ['"a\n', "\ud83d\0", "", "a"]
    assert [sums.predict_one([3.0], [text]) for text in texts] == [
        (None, [one]) for one in (17.0, 27.0, 37.0, 47.0)
    ]


@pytest.mark.parametrize("name", ["which", "numbers", "cuts", "start", CODES])
def test_a_file_with_anything_pickled_is_refused(name: str) -> None:
    """No code comes out of a file, whichever of the arrays it would be in."""
    file = io.BytesIO()
    arrays = (SUMS if name == "start" else CELLS) | {name: np.array([{"an": "object"}], dtype=np.object_)}
    np.savez_compressed(file, **arrays)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        one_row_from_bytes(file.getvalue())


@pytest.mark.parametrize("missing", [name for name in CELLS if name != "which"])
def test_a_file_without_one_of_its_arrays_is_refused(missing: str) -> None:
    """It names what is not there."""
    with pytest.raises(KeyError, match=missing):
        one_row_from_bytes(to_bytes({name: one for name, one in CELLS.items() if name != missing}))


def test_what_is_no_file_of_arrays_is_refused() -> None:
    """Nothing at all, text, one array alone, and half a file."""
    alone = io.BytesIO()
    np.save(alone, np.zeros(3))
    whole = to_bytes(CELLS)
    for content in (b"", b"no form", alone.getvalue(), whole[: len(whole) // 2], whole[40:]):
        # NumPy's errors, and those of what it unpacks, have no common root.
        with pytest.raises(Exception, match=r"."):
            one_row_from_bytes(content)


def test_many_rows_are_asked_one_by_one() -> None:
    """A missing text is an empty one, as it is of one row."""
    form = Echo()
    rows = Rows(np.array([[1.0], [2.0]]), np.array([["a", None], [None, "b"]], dtype=np.object_))
    answers = RowByRow(form).predict(rows)
    assert isinstance(answers, ValueAnswers)
    assert answers.values.tolist() == [1.0, 2.0]
    assert form.asked == [([1.0], ["a", ""]), ([2.0], ["", "b"])]


def test_classes_are_answered_with_their_probabilities() -> None:
    """Or without, where there are none."""
    rows = numbers_only(np.array([[0.25, 0.75], [1.0, 0.0]]))
    with_some = RowByRow(Echo(0)).predict(rows)
    without = RowByRow(Echo(2, probabilities=False)).predict(rows)
    assert isinstance(with_some, ClassAnswers)
    assert isinstance(without, ClassAnswers)
    assert with_some.classes.tolist() == [0, 0]
    assert with_some.probabilities is not None
    assert with_some.probabilities.tolist() == rows.numbers.tolist()
    assert without.classes.tolist() == [2, 2]
    assert without.probabilities is None


@pytest.mark.parametrize("choices", [[], ["a"], ["a", "b", "3"]])
def test_each_code_stands_for_something(choices: list[str]) -> None:
    """The choices in their order, then a missing one, either way it comes, then any other text."""
    known = Known(choices)
    assert known.count == len(choices) + 2
    mapped = known.mapped([f"code {code}" for code in range(known.count)])
    texts = [*choices, "", None, "A", "another"]
    assert [mapped[text] for text in texts] == [f"code {known[text]:.0f}" for text in texts]
    assert "another" not in mapped
