"""What arranges other transformers: Pipeline, ColumnTransformer, FeatureUnion, pass-through."""

from __future__ import annotations

from functools import partial
from typing import Any

from sklearn.utils import check_array

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Block, Blocks, single_columns, whole, width
from api.runtime.compiling.compilation import Compilation, Outputs


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


def unchanged(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """FunctionTransformer without a function, which is what "passthrough" becomes, or with a mere check."""
    function = transformer.func
    checks = isinstance(function, partial) and function.func is check_array
    if function is not None and not checks:
        raise CannotCompile("a FunctionTransformer runs a function of its own")
    return blocks


def _weighted(c: Compilation, blocks: Blocks, weight: float | None) -> Blocks:
    if weight is None:
        return blocks
    return [whole(c.graph.add("Mul", c.dense(blocks), c.graph.doubles(weight)), width(blocks))]
