"""What makes fewer, more or other columns of numbers: selectors, PCA, polynomials."""

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


def polynomial(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """PolynomialFeatures: each output is a product of columns, multiplied one after the other."""
    graph, powers = c.graph, transformer.powers_
    tensor = c.dense(blocks)
    width = powers.shape[1]
    ones = graph.to_double(graph.add("Equal", graph.add("IsNaN", tensor), graph.add("IsNaN", tensor)))
    # One more column, of ones, stands for the factors that a term lacks.
    padded = graph.beside([tensor, graph.columns(ones, [0])])
    factors = [np.repeat(np.arange(width), term) for term in powers]
    most = max(1, *(len(one) for one in factors))
    picks = np.array([np.pad(one, (0, most - len(one)), constant_values=width) for one in factors])
    product = graph.columns(padded, picks[:, 0].tolist())
    for at in range(1, most):
        product = graph.add("Mul", product, graph.columns(padded, picks[:, at].tolist()))
    return [whole(product, len(powers))]
