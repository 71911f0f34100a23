"""Trees as one ONNX node: thresholds and sums in double precision, as scikit-learn compares and adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from api.runtime.compiling.compilation import Compilation
from api.runtime.compiling.graph import DOUBLE, FLOAT, INT64, ML

# About two megabytes.
_NODES_AT_ONCE = 64_000


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree, an entry for each node; node 0 is the root, and `values` (nodes, outputs) are the leaves'.

    A row goes left where its feature is at most the threshold; a missing one where `missing_left` says so.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    is_leaf: NDArray[np.bool_]
    missing_left: NDArray[np.bool_]
    values: NDArray[np.float64]


def tree_of(estimator: Any) -> Tree:
    """The tree of a fitted DecisionTree or ExtraTree."""
    nodes = estimator.tree_.__getstate__()["nodes"]
    return Tree(
        feature=nodes["feature"].astype(np.int64),
        threshold=nodes["threshold"].astype(np.float64),
        left=nodes["left_child"].astype(np.int64),
        right=nodes["right_child"].astype(np.int64),
        is_leaf=nodes["left_child"] == -1,
        missing_left=nodes["missing_go_to_left"].astype(bool),
        values=estimator.tree_.value[:, 0, :],
    )


def to_single(c: Compilation, tensor: str) -> str:
    """A double tensor rounded to single precision, as scikit-learn's trees round what they get."""
    return c.graph.to_double(c.graph.add("Cast", tensor, to=FLOAT))


def leaf_values(c: Compilation, tensor: str, trees: Sequence[Tree]) -> str:
    """What each tree answers: (rows, trees, outputs)."""
    return c.graph.beside([_leaf_values(c, tensor, group) for group in _groups(trees)])


def _groups(trees: Sequence[Tree]) -> list[list[Tree]]:
    """The trees in order, in groups of as many as a processor's cache holds.

    A node answers many rows one after the other. With all of a large forest in one node each row fetches
    every tree from memory again: four times slower for many rows, and no faster for one.
    """
    groups: list[list[Tree]] = [[]]
    held = 0
    for tree in trees:
        if held and held + len(tree.feature) > _NODES_AT_ONCE:
            groups.append([])
            held = 0
        groups[-1].append(tree)
        held += len(tree.feature)
    return groups


def _leaf_values(c: Compilation, tensor: str, trees: Sequence[Tree]) -> str:
    """What each tree of a group answers: (rows, trees, outputs).

    An ONNX leaf has one number, so it is given the leaf's own number, and the outputs are looked up.
    """
    leaves = np.concatenate([tree.values[tree.is_leaf] for tree in trees])
    counts = [int(tree.is_leaf.sum()) for tree in trees]
    numbers = _node(
        c, tensor, trees, np.arange(len(leaves), dtype=np.float64), np.repeat(np.arange(len(trees)), counts)
    )
    c.graph.holds(len(trees) * leaves.shape[1])
    found = c.graph.add("Cast", numbers, to=INT64)
    return c.graph.add("Gather", c.graph.doubles(leaves), found, axis=0)


def summed(c: Compilation, tensor: str, trees: Sequence[Tree], targets: Sequence[int]) -> str:
    """The sums of the trees' single outputs, each tree counted for its target: (rows, targets)."""
    weights = np.concatenate([tree.values[tree.is_leaf, 0] for tree in trees])
    counts = [int(tree.is_leaf.sum()) for tree in trees]
    return _node(c, tensor, trees, weights, np.repeat(targets, counts))


def _node(
    c: Compilation,
    tensor: str,
    trees: Sequence[Tree],
    weights: NDArray[np.float64],
    targets: NDArray[np.int64],
) -> str:
    """The TreeEnsemble node; `weights` and `targets` are of all leaves in order."""
    parts, roots, nodes, leaves = [], [], 0, 0
    for tree in trees:
        roots.append(nodes)
        part = _part(tree, nodes, leaves)
        parts.append(part)
        nodes, leaves = nodes + len(part["feature"]), leaves + int(tree.is_leaf.sum())
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return c.graph.add(
        "TreeEnsemble",
        tensor,
        domain=ML,
        n_targets=int(targets.max()) + 1,
        aggregate_function=1,
        post_transform=0,
        tree_roots=roots,
        nodes_modes=helper.make_tensor("modes", TensorProto.UINT8, [nodes], np.zeros(nodes, dtype=np.uint8)),
        nodes_featureids=joined["feature"].tolist(),
        nodes_splits=helper.make_tensor("splits", DOUBLE, [nodes], joined["threshold"]),
        nodes_missing_value_tracks_true=joined["missing_left"].tolist(),
        nodes_truenodeids=joined["left"].tolist(),
        nodes_trueleafs=joined["left_is_leaf"].tolist(),
        nodes_falsenodeids=joined["right"].tolist(),
        nodes_falseleafs=joined["right_is_leaf"].tolist(),
        leaf_targetids=targets.tolist(),
        leaf_weights=helper.make_tensor("weights", DOUBLE, [leaves], weights),
    )


def _part(tree: Tree, nodes: int, leaves: int) -> dict[str, NDArray[Any]]:
    """The inner nodes of one tree, with the numbers its nodes and leaves have in the whole ensemble."""
    inner = ~tree.is_leaf
    if not inner.any():
        # A tree that is a single leaf needs a node all the same: both of its branches are that leaf.
        one = np.ones(1, dtype=np.int64)
        return {
            "feature": one * 0,
            "threshold": np.zeros(1),
            "missing_left": one * 0,
            "left": one * leaves,
            "right": one * leaves,
            "left_is_leaf": one,
            "right_is_leaf": one,
        }
    number = np.where(inner, nodes + np.cumsum(inner) - 1, leaves + np.cumsum(tree.is_leaf) - 1)
    left, right = tree.left[inner], tree.right[inner]
    return {
        "feature": tree.feature[inner],
        "threshold": tree.threshold[inner],
        "missing_left": tree.missing_left[inner].astype(np.int64),
        "left": number[left],
        "right": number[right],
        "left_is_leaf": tree.is_leaf[left].astype(np.int64),
        "right_is_leaf": tree.is_leaf[right].astype(np.int64),
    }
