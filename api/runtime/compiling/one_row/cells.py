"""A model of trees as a table: where each field's intervals end, and what the model answers in each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from api.errors import CannotCompile
from api.runtime.answers import Answers, ValueAnswers, join
from api.runtime.choice_codes import CODES, choice_codes_to_json
from api.runtime.compiling.blocks import UNSEEN
from api.runtime.compiling.inputs import coded_choices
from api.runtime.compiling.means import numbered
from api.runtime.compiling.one_row.asking import LARGEST, Asked, asked, code_counts, number_fields
from api.runtime.one_row.arrays import ragged
from api.runtime.one_row.cells import MOST_BYTES
from api.runtime.one_row.form import to_bytes
from api.runtime.onnx_model import NUMBERS
from api.runtime.rows import Rows
from api.schema.schema import Schema

# Asking about so many takes a second or two.
_MOST_CELLS = 600_000
_AT_ONCE = 20_000
# Thresholds may turn out to be one and the same; so many combinations of them will not come down to that.
_FAR_TOO_MANY = 100 * _MOST_CELLS
_TREES = "TreeEnsemble"
# From the smallest to the largest double there are less than 2^64.
_HALVINGS = 64


@dataclass(frozen=True, slots=True)
class _Thresholds:
    """What trees compare columns of one tensor with, each once: (thresholds,) both."""

    columns: NDArray[np.int64]
    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.columns)


def has_trees(content: bytes) -> bool:
    """Whether a compiled model has trees in it."""
    return any(node.op_type == _TREES for node in onnx.load_from_string(content).graph.node)


def cells(content: bytes, schema: Schema, answer: Callable[[Rows], Answers]) -> Iterator[bytes]:
    """The form of a compiled model that answers by trees alone; raises CannotCompile where it is none.

    `answer` is what the model answers.
    """
    model = onnx.load_from_string(content)
    tensors = _compared(model)
    ask = asked(_ending_in(model, tensors), tensors)
    cuts = _Fields(ask, schema, _thresholds(model, tensors)).cuts()
    gaps = [one.missing_allowed for one in number_fields(schema)]
    sizes = [len(one) + 1 + gap for one, gap in zip(cuts, gaps, strict=True)] + code_counts(schema)
    if prod(sizes) > _MOST_CELLS:
        raise CannotCompile("its table would be too large")
    classes, numbers = _answers(answer, schema, cuts, sizes)
    which, different = numbered(np.column_stack([*classes, numbers]))
    which = which.astype(np.uint16 if len(different) <= np.iinfo(np.uint16).max else np.uint32)
    if which.nbytes + different.nbytes > MOST_BYTES:
        raise CannotCompile("its table would be too large")
    yield to_bytes(
        ragged(cuts, "cuts")
        | {
            "gaps": np.array(gaps, dtype=bool),
            CODES: np.array(choice_codes_to_json(coded_choices(schema))),
            "which": which,
            "classes": different[:, 0].astype(np.int64) if classes else np.empty(0, dtype=np.int64),
            "numbers": np.ascontiguousarray(different[:, len(classes) :]),
        }
    )


def _compared(model: Any) -> list[str]:
    """The tensors that trees compare, if nothing of a row goes on to the answers but through trees."""
    nodes = model.graph.node
    reached = {NUMBERS}
    for node in nodes:
        if node.op_type != _TREES and not reached.isdisjoint(node.input):
            reached.update(node.output)
    if not reached.isdisjoint(one.name for one in model.graph.output):
        raise CannotCompile("it answers by more than its trees")
    return list(dict.fromkeys(node.input[0] for node in nodes if node.op_type == _TREES))


def _ending_in(model: Any, tensors: Sequence[str]) -> bytes:
    """The model up to some of its tensors."""
    other = onnx.ModelProto()
    other.CopyFrom(model)
    del other.graph.output[:]
    other.graph.output.extend(helper.make_empty_tensor_value_info(one) for one in tensors)
    content: bytes = other.SerializeToString()
    return content


def _thresholds(model: Any, tensors: Sequence[str]) -> list[_Thresholds]:
    """What the trees compare the columns of each of the tensors with."""
    found: list[set[tuple[int, float]]] = [set() for _ in tensors]
    for node in model.graph.node:
        if node.op_type != _TREES:
            continue
        given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        # 0 is "at most", which all of our trees ask.
        if numpy_helper.to_array(given["nodes_modes"]).any():
            raise CannotCompile("its trees compare otherwise")
        values = numpy_helper.to_array(given["nodes_splits"]).tolist()
        found[tensors.index(node.input[0])].update(zip(given["nodes_featureids"], values, strict=True))
    return [_Thresholds(*map(np.array, zip(*sorted(one), strict=True))) for one in found]


class _Fields:
    """What a model does to its number fields before trees compare them."""

    def __init__(self, ask: Asked, schema: Schema, thresholds: Sequence[_Thresholds]) -> None:
        self._ask, self._thresholds = ask, thresholds
        self._width = len(schema.number_positions) + len(code_counts(schema))
        self._fields = range(len(schema.number_positions))

    def cuts(self) -> list[list[float]]:
        """For each field the largest values that some tree still sends another way than larger ones.

        Raises CannotCompile where it is not one field alone that decides, or there are far too many.
        """
        bases = np.zeros(self._width), np.ones(self._width)
        own = [self._own(bases[0], field) for field in self._fields]
        if prod(sum(map(len, one)) + 1 for one in own) > _FAR_TOO_MANY:
            raise CannotCompile("its table would be too large")
        found = [[self._cuts(base, *one) for one in enumerate(own)] for base in bases]
        if found[0] != found[1]:
            raise CannotCompile("its trees compare something of several fields")
        return found[0]

    def _own(self, base: NDArray[np.float64], field: int) -> list[_Thresholds]:
        """The thresholds, by tensor, that are between a field's smallest and largest value."""
        ends = np.tile(base, (2, 1))
        ends[:, field] = -LARGEST, LARGEST
        found = []
        for tensor, own in zip(self._ask(ends), self._thresholds, strict=True):
            at_smallest, at_largest = tensor[:, own.columns] <= own.values
            which = at_smallest != at_largest
            found.append(_Thresholds(own.columns[which], own.values[which]))
        return found

    def _cuts(self, base: NDArray[np.float64], field: int, own: Sequence[_Thresholds]) -> list[float]:
        """For each threshold the largest value that is on the side on which the smallest is.

        To the last bit: what lies between, a scaler, say, and rounding to single precision, is asked.
        """
        count = sum(map(len, own))
        low, high = (np.full(count, _place(end), dtype=np.int64) for end in (-LARGEST, LARGEST))
        rows = np.tile(base, (count, 1))
        if not count:
            return []

        def sides(places: NDArray[np.int64]) -> NDArray[np.bool_]:
            rows[:, field] = _doubles(places)
            first, parts = 0, []
            for tensor, one in zip(self._ask(rows), own, strict=True):
                parts.append(tensor[first + np.arange(len(one)), one.columns] <= one.values)
                first += len(one)
            return np.concatenate(parts)

        smallest = sides(low)
        for _ in range(_HALVINGS):
            # Half of each before they are added up: their sum has no room.
            middle = (low >> 1) + (high >> 1) + (low & high & 1)
            before = sides(middle) == smallest
            low, high = np.where(before, middle, low), np.where(before, high, middle)
        return sorted(set(_doubles(low).tolist()))


def _place(value: float) -> int:
    """A number's place among all doubles."""
    place = int(np.float64(abs(value)).view(np.int64))
    return place if value >= 0 else -place


def _doubles(places: NDArray[np.int64]) -> NDArray[np.float64]:
    """The numbers at some places."""
    return np.copysign(np.abs(places).view(np.float64), np.where(places < 0, -1.0, 1.0))


def _answers(
    answer: Callable[[Rows], Answers], schema: Schema, cuts: Sequence[Sequence[float]], sizes: Sequence[int]
) -> tuple[list[NDArray[np.int64]], NDArray[np.float64]]:
    """What the model answers in each cell: the classes, if there are any, and the numbers (cells, k)."""
    starts = range(0, prod(sizes), _AT_ONCE)
    some = [np.arange(start, min(start + _AT_ONCE, prod(sizes))) for start in starts]
    answers = join([answer(_rows_in(cells, schema, cuts, sizes)) for cells in some])
    if isinstance(answers, ValueAnswers):
        return [], answers.values[:, None]
    nothing = np.empty((len(answers), 0))
    return [answers.classes], nothing if answers.probabilities is None else answers.probabilities


def _rows_in(
    cells: NDArray[np.int64], schema: Schema, cuts: Sequence[Sequence[float]], sizes: Sequence[int]
) -> Rows:
    """A row in each of some cells: of an interval its end, which belongs to it."""
    places = np.unravel_index(cells, sizes)
    numbers = np.empty((len(cells), len(cuts)))
    for column, ends in enumerate(cuts):
        numbers[:, column] = np.array([*ends, LARGEST, np.nan])[places[column]]
    texts = np.full((len(cells), len(schema.text_positions)), None, dtype=np.object_)
    for (column, choices), codes in zip(coded_choices(schema).items(), places[len(cuts) :], strict=True):
        texts[:, column] = np.array([*choices, None, UNSEEN], dtype=np.object_)[codes]
    return Rows(numbers, texts)
