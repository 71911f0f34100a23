"""What was published, in words for the person at the command line."""

from __future__ import annotations

from api.registry.card import Card, RowCounts
from api.registry.figures import Figures, RegressionFigures
from api.schema.fields import Field
from api.schema.schema import Schema

_MOST_CHOICES = 6
_MOST_FIELDS = 40


def report(card: Card) -> str:
    """A few lines: what the figures are, what answers, and how it was proved."""
    lines = [f"{card.name} version {card.version}: {_figures(card)}", _runtime(card)]
    refusals = [f"Not used: {refusal}" for refusal in card.runtime.refused]
    return "\n".join([*lines, *refusals, *(f"Note: {note}" for note in card.notes)])


def describe(schema: Schema) -> str:
    """What a model takes, a line a field."""
    shown = schema.fields[:_MOST_FIELDS]
    width = max(len(field.name) for field in shown)
    lines = [f"  {field.name:{width}}  {_field(field)}" for field in shown]
    more = len(schema.fields) - len(shown)
    return "\n".join([*lines, *([f"  and {more} more"] if more else [])])


def _field(field: Field) -> str:
    parts: list[str] = [field.kind.value]
    if field.observed:
        parts.append(f"{field.observed.minimum:g} to {field.observed.maximum:g}")
    if field.unit:
        parts.append(field.unit)
    if field.choices:
        values = [choice.value for choice in field.choices[:_MOST_CHOICES]]
        more = len(field.choices) - len(values)
        parts.append("one of " + ", ".join(values) + (f" and {more} more" if more else ""))
    if field.others_allowed:
        parts.append("or any other")
    if field.missing_allowed:
        parts.append("may be missing")
    return ", ".join(parts)


def _figures(card: Card) -> str:
    figures = card.figures
    if isinstance(figures, Figures):
        auc = "" if figures.auc is None else f", AUC {figures.auc:.3f}"
        shown = f"accuracy {figures.accuracy:.3f}, F1 {figures.f1:.3f}{auc}"
    elif isinstance(figures, RegressionFigures):
        shown = f"R² {figures.r2:.3f}, mean absolute error {figures.mean_absolute_error:.4g}"
    else:
        return "it has no figures."
    return f"{shown} on {_measured_on(card.rows)}."


def _measured_on(rows: RowCounts) -> str:
    return f"{rows.sample} rows of the sample" if rows.hold_out is None else f"{rows.hold_out} rows held out"


def _runtime(card: Card) -> str:
    parity = card.runtime.parity
    if parity is None:
        return "It is served by scikit-learn itself, because no compiled form of it was proved equal."
    unit = "" if parity.scale is None else f" of the answers' spread of {parity.scale:.4g}"
    made = "It is vocabulary and weights" if card.runtime.format == "text" else "It is compiled to ONNX"
    return (
        f"{made} by {card.runtime.compiler}, and equal to scikit-learn on {parity.rows} "
        f"probe rows: every label is the same, and nothing differs by more than "
        f"{parity.largest_difference:.1g}{unit} (the bound is {parity.bound:g})."
    )
