"""What arranges other transformers: Pipeline, ColumnTransformer, FeatureUnion, pass-through."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from sklearn.utils import check_array

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Block, Blocks, single_columns, whole, width
from api.runtime.compiling.compilation import Compilation, Outputs

_FUNCTIONS = {np.log: "Log", np.log1p: "Log", np.exp: "Exp", np.sqrt: "Sqrt", np.abs: "Abs"}


def pipeline_transform(c: Compilation, pipeline: Any, blocks: Blocks) -> Blocks:
    """A Pipeline of transformers only."""
    for _, step in pipeline.steps:
        blocks = c.transform(step, blocks)
    return blocks


def pipeline_predict(c: Compilation, pipeline: Any, blocks: Blocks) -> Outputs:
    """A Pipeline that ends in a predictor."""
    for _, step in pipeline.steps[:-1]:
        blocks = c.transform(step, blocks)
    return c.predict(pipeline.steps[-1][1], blocks)


def column_transformer(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """ColumnTransformer: each part gets its columns, and the results stand side by side."""
    columns = single_columns(blocks)
    results: list[Block] = []
    for name, part, _ in transformer.transformers_:
        # scikit-learn keeps the columns it resolved by position, whatever they were chosen by.
        positions = transformer._transformer_to_input_indices[name]
        if (isinstance(part, str) and part == "drop") or not len(positions):
            continue
        made = c.transform(part, [columns[int(at)] for at in positions])
        results += _weighted(c, made, (transformer.transformer_weights or {}).get(name))
    return results


def feature_union(c: Compilation, union: Any, blocks: Blocks) -> Blocks:
    """FeatureUnion: every part gets all columns."""
    results: list[Block] = []
    for name, part in union.transformer_list:
        if not (isinstance(part, str) and part == "drop"):
            weight = (union.transformer_weights or {}).get(name)
            results += _weighted(c, c.transform(part, blocks), weight)
    return results


def function(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """FunctionTransformer of nothing (which is to pass through), of a check, or of a function of NumPy's."""
    given = transformer.func
    if given is None or (isinstance(given, partial) and given.func is check_array):
        return blocks
    if transformer.kw_args or given not in _FUNCTIONS:
        raise CannotCompile("a FunctionTransformer runs a function of its own")
    tensor = c.dense(blocks)
    if given is np.log1p:
        tensor = c.graph.add("Add", tensor, c.graph.doubles(1.0))
    return [whole(c.graph.add(_FUNCTIONS[given], tensor), width(blocks))]


def _weighted(c: Compilation, blocks: Blocks, weight: float | None) -> Blocks:
    if weight is None:
        return blocks
    return [whole(c.graph.add("Mul", c.dense(blocks), c.graph.doubles(weight)), width(blocks))]
