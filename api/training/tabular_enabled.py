"""The version that answers now, asked about the rows that a new one is measured on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from api.errors import BouquetError
from api.registry.directory import ModelsDirectory
from api.registry.figures import AnyFigures
from api.runtime.answers import Answers, ClassAnswers, join
from api.runtime.rows import Rows
from api.schema.fields import Field, Kind
from api.training.csv_table import LeftColumn, TextColumn
from api.training.evaluate import evaluate
from api.training.tabular_target import Truth
from api.training.tabular_view import Feature, View

if TYPE_CHECKING:
    from api.runtime.load import LoadedModel

_ROWS_AT_ONCE = 20_000
# Both have to answer at least this share of the rows held out.
_ENOUGH = 0.5


@dataclass(frozen=True)
class Asked:
    """What the enabled version answers: `rows` are the places in the hold-out it was asked about.

    `answers` is None where it cannot be compared, and `why` says so. `data_digest` is of the file that it was
    trained from with the same fields, None where its fields are others.
    """

    version: str | None
    why: str
    answers: Answers | None = None
    places: NDArray[np.int64] | None = None
    data_digest: str | None = None


@dataclass(frozen=True)
class Enabled:
    """The version of a model that answers now, None where none does."""

    directory: ModelsDirectory
    name: str
    version: str | None
    trusted: Collection[str]

    def ask(self, view: View, truth: Truth, rows: NDArray[np.int64]) -> Asked:
        """Ask it about `rows` of the table, as far as it takes their values."""
        if self.version is None:
            return Asked(None, "No version of this model answers yet.")
        from api.runtime.load import load  # noqa: PLC0415 (ONNX Runtime: only where there is one to ask)

        cannot = f"Version {self.version}, which answers now, cannot be compared: "
        try:
            enabled = load(self.directory, self.name, self.version, self.trusted)
            why = _unlike(enabled, view, truth)
            if why:
                return Asked(self.version, f"{cannot}{why}.")
            places, given = _rows_of(enabled, view, rows)
            if len(places) < _ENOUGH * len(rows):
                few = f"it takes the values of {len(places):,} of {len(rows):,} rows held out only."
                return Asked(self.version, cannot + few)
            starts = range(0, len(given), _ROWS_AT_ONCE)
            answers = join([enabled.predict(given[at : at + _ROWS_AT_ONCE]) for at in starts])
        except (BouquetError, OSError) as error:
            return Asked(self.version, f"{cannot}{error}")
        # Rows are told apart by what is in their fields: with others, other rows were held out.
        alike = set(enabled.card.schema.names) == set(view.schema.names)
        digest = enabled.card.data_digest if alike else None
        return Asked(self.version, "", _reordered(answers, enabled, truth), places, digest)


def _unlike(enabled: LoadedModel, view: View, truth: Truth) -> str:
    """Why the two cannot be compared, empty where they can."""
    card = enabled.card
    if card.task != truth.task:
        return f"it is made for {card.task}, and this one for {truth.task}"
    if card.target.name != truth.target.name:
        return f"it predicts {card.target.name}, and this one {truth.target.name}"
    ours, theirs = ({one.label for one in target.classes} for target in (truth.target, card.target))
    if ours != theirs:
        return f"its classes are {', '.join(sorted(theirs))}, and here they are {', '.join(sorted(ours))}"
    missing = [one.name for one in card.schema.fields if _feature(one, view) is None]
    if missing:
        return f"it takes {', '.join(missing[:5])}, which this file does not have in that form"
    return ""


def _feature(field: Field, view: View) -> Feature | None:
    """Where the values of a field of the other model come from, None where they are not in the table."""
    known = {one.field.name: one for one in view.features}
    if field.name in known:
        found = known[field.name]
        texts = (Kind.CHOICE, Kind.TEXT)
        return found if (found.field.kind in texts) == (field.kind in texts) else None
    column = view.table.columns.get(field.name)
    if column is None or isinstance(column, LeftColumn):
        return None
    as_texts = isinstance(column, TextColumn)
    return Feature(field, field.name) if as_texts == (field.kind in (Kind.CHOICE, Kind.TEXT)) else None


def _rows_of(enabled: LoadedModel, view: View, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Rows]:
    """The places of the rows whose values the other model takes, and those rows for it."""
    schema = enabled.card.schema
    features = tuple(one for field in schema.fields if (one := _feature(field, view)) is not None)
    given = View(view.table, features)
    values = [given.values(one, rows) for one in features]
    fits = np.ones(len(rows), dtype=bool)
    for field, column in zip(schema.fields, values, strict=True):
        fits &= _fits(field, column)
    numbers = [values[at] for at in schema.number_positions]
    texts = [values[at] for at in schema.text_positions]
    whole = Rows(_stacked(numbers, len(rows), np.float64), _stacked(texts, len(rows), np.object_))
    return np.flatnonzero(fits), whole[fits]


def _fits(field: Field, column: NDArray[Any]) -> NDArray[np.bool_]:
    if field.kind in (Kind.CHOICE, Kind.TEXT):
        missing = np.array([one is None for one in column], dtype=bool)
        fits: NDArray[np.bool_] = missing if field.missing_allowed else np.zeros(len(column), dtype=bool)
        if field.kind is Kind.TEXT or field.others_allowed:
            return np.ones(len(column), dtype=bool) if field.missing_allowed else ~missing
        known = {choice.value for choice in field.choices}
        allowed: NDArray[np.bool_] = fits | np.array([one in known for one in column], dtype=bool)
        return allowed
    missing = np.isnan(column)
    if field.kind is Kind.INTEGER:
        whole: NDArray[np.bool_] = np.asarray(
            np.where(missing, field.missing_allowed, column == np.floor(column))
        )
        return whole
    taken: NDArray[np.bool_] = np.asarray(~missing | field.missing_allowed)
    return taken


def _stacked(columns: list[NDArray[Any]], rows: int, dtype: type[Any]) -> NDArray[Any]:
    return np.column_stack(columns).astype(dtype) if columns else np.empty((rows, 0), dtype=dtype)


def _reordered(answers: Answers, enabled: LoadedModel, truth: Truth) -> Answers:
    """The answers with the classes in the truth's order."""
    if not isinstance(answers, ClassAnswers):
        return answers
    labels = [one.label for one in enabled.card.target.classes]
    ours = [one.label for one in truth.target.classes]
    number = np.array([ours.index(label) for label in labels])
    probabilities = answers.probabilities
    if probabilities is not None:
        probabilities = probabilities[:, [labels.index(label) for label in ours]]
    return ClassAnswers(number[answers.classes], probabilities)


def measured(answers: Answers, values: NDArray[Any], truth: Truth) -> AnyFigures:
    """The figures of answers to rows whose truth is `values`; without the seconds, which differ anyway."""
    return evaluate(answers, values, None, truth.positive)
