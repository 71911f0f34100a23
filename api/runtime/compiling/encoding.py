"""OneHotEncoder, OrdinalEncoder, TargetEncoder: the encoder's own output for every category, looked up.

So every variant (drop, infrequent categories, unknown and missing values) is right by construction.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.errors import CannotCompile
from api.runtime.compiling.blocks import UNSEEN, Absent, Block, Blocks, Codes, look_up, single_columns
from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import FLOAT


def encode(c: Compilation, encoder: Any, blocks: Blocks) -> Blocks:
    """Each column's categories, looked up in what `encoder` makes of them."""
    encoded: list[Block] = []
    for position, block in enumerate(single_columns(blocks)):
        if isinstance(block, Absent):
            raise CannotCompile(f"it uses the column {block.name}, which the schema leaves out")
        codes = block if isinstance(block, Codes) else _codes(c, encoder.categories_[position], block)
        encoded.append(look_up(codes, _table(encoder, position, codes.values)))
    return encoded


def _codes(c: Compilation, categories: NDArray[Any], block: Block) -> Codes:
    """A column of numbers as codes: its categories, then NaN, then any other number."""
    graph = c.graph
    if any(isinstance(one, str) for one in categories):
        raise CannotCompile("an encoder of texts gets a column of numbers")
    known = [float(one) for one in categories if one is not None and not np.isnan(float(one))]
    column = c.dense([block])
    hits = [graph.add("Equal", column, graph.doubles([known])), graph.add("IsNaN", column)]
    marks = graph.beside([graph.add("Cast", hit, to=FLOAT) for hit in hits])
    # A last mark that is always set: argmax takes the first, so it counts only where no other one is.
    padded = graph.add(
        "Pad", marks, graph.integers([0, 0, 0, 1]), graph.add("Cast", graph.doubles(1), to=FLOAT)
    )
    return Codes(graph.first_largest(padded), (*known, float("nan"), UNSEEN))


def _table(encoder: Any, position: int, values: tuple[Any, ...]) -> NDArray[np.float64]:
    """What the encoder makes of each value in the column `position`: (values, outputs of that column).

    A value that it raises an error for gets NaN: the schema refuses such values before they come here.
    """
    slices = np.cumsum([0, *_widths(encoder)])
    rows = [_row(encoder, position, value) for value in values]
    return np.vstack([row[slices[position] : slices[position + 1]] for row in rows])


def _widths(encoder: Any) -> list[int]:
    """How many columns the encoder makes of each column."""
    one_hot = getattr(encoder, "_n_features_outs", None)
    if one_hot is not None:
        return list(one_hot)
    if getattr(encoder, "target_type_", "") == "multiclass":
        raise CannotCompile("a target encoder of three or more classes orders its columns otherwise")
    return [1] * len(encoder.categories_)


def _row(encoder: Any, position: int, value: Any) -> NDArray[np.float64]:
    columns = [_series(categories, categories[0]) for categories in encoder.categories_]
    columns[position] = _series(encoder.categories_[position], value)
    table = pd.concat(columns, axis=1)
    table.columns = getattr(encoder, "feature_names_in_", range(len(columns)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            encoded = encoder.transform(table)
        except (ValueError, TypeError):
            return np.full(sum(_widths(encoder)), np.nan)
    encoded = encoded.toarray() if hasattr(encoded, "toarray") else np.asarray(encoded)
    row: NDArray[np.float64] = encoded[0].astype(np.float64)
    return row


def _series(categories: NDArray[Any], value: Any) -> pd.Series:
    if categories.dtype.kind not in "biuf":
        return pd.Series([value], dtype=object)
    if value == UNSEEN:
        # Some number that is no category; infinity would be refused before it is looked up.
        value = float(np.nanmax(categories.astype(np.float64))) + 1.5
    return pd.Series([value]).astype(np.float64)
