"""What makes fewer or other columns of numbers: selectors, PCA."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.runtime.compiling.blocks import Blocks, single_columns, whole
from api.runtime.compiling.compilation import Compilation


def select(c: Compilation, selector: Any, blocks: Blocks) -> Blocks:
    """Any selector: the columns it keeps, as they are."""
    kept = selector.get_support()
    return [block for block, keep in zip(single_columns(blocks), kept, strict=True) if keep]


def principal(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """PCA, in scikit-learn's order: the product first, then the mean's own product is taken off."""
    graph, components = c.graph, transformer.components_
    product = graph.add("MatMul", c.dense(blocks), graph.doubles(components.T))
    result = graph.add("Sub", product, graph.doubles(transformer.mean_ @ components.T))
    if transformer.whiten:
        scale = np.sqrt(transformer.explained_variance_)
        smallest = np.finfo(scale.dtype).eps
        result = graph.add("Div", result, graph.doubles(np.maximum(scale, smallest)))
    return [whole(result, len(components))]
