"""One compilation: the graph so far, and which converter does which type of estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks, dense
from api.runtime.compiling.graph import Graph


@dataclass(frozen=True, slots=True)
class Outputs:
    """The tensors that a predictor ends in; it has those that its estimator gives.

    `values` (rows,); `classes` (rows,) indices into `classes_`; `probabilities` (rows, classes);
    `decision` (rows, 1) for two classes or (rows, classes), what `decision_function` gives.
    """

    values: str | None = None
    classes: str | None = None
    probabilities: str | None = None
    decision: str | None = None


Transformer = Callable[["Compilation", Any, Blocks], Blocks]
Predictor = Callable[["Compilation", Any, Blocks], Outputs]


class Compilation:
    """Adds estimators to a graph; the two tables map an estimator's exact type to its converter.

    The exact type, because a subclass may do something else.
    """

    def __init__(
        self,
        transformers: Mapping[type[Any], Transformer],
        predictors: Mapping[type[Any], Predictor],
        *,
        many_rows: bool = False,
    ) -> None:
        self.graph = Graph()
        # Whether a converter may take a form that is faster for many rows, and slower for one.
        self.many_rows = many_rows
        self._transformers = transformers
        self._predictors = predictors

    def transform(self, estimator: Any, blocks: Blocks) -> Blocks:
        """Add a fitted transformer; raises CannotCompile where there is no converter for it."""
        if estimator is None or estimator == "passthrough":
            return blocks
        convert = self._transformers.get(type(estimator))
        if convert is None:
            raise CannotCompile(f"there is no converter for {type(estimator).__name__}")
        return convert(self, estimator, blocks)

    def predict(self, estimator: Any, blocks: Blocks) -> Outputs:
        """Add a fitted classifier or regressor; raises CannotCompile where there is no converter for it."""
        convert = self._predictors.get(type(estimator))
        if convert is None:
            raise CannotCompile(f"there is no converter for {type(estimator).__name__}")
        return convert(self, estimator, blocks)

    def dense(self, blocks: Blocks) -> str:
        """All columns of the blocks as one double tensor of shape (rows, columns)."""
        return dense(self.graph, blocks)
