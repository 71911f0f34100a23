"""What was published, in words for the person at the command line."""

from __future__ import annotations

from api.registry.card import Card, RowCounts
from api.registry.figures import Figures, RegressionFigures


def report(card: Card) -> str:
    """A few lines: what the figures are, what answers, and how it was proved."""
    lines = [f"{card.name} version {card.version}: {_figures(card)}", _runtime(card)]
    return "\n".join([*lines, *(f"Not used: {refusal}" for refusal in card.runtime.refused), *card.notes])


def _figures(card: Card) -> str:
    figures = card.figures
    if isinstance(figures, Figures):
        auc = "" if figures.auc is None else f", AUC {figures.auc:.3f}"
        shown = f"accuracy {figures.accuracy:.3f}, F1 {figures.f1:.3f}{auc}"
    elif isinstance(figures, RegressionFigures):
        shown = f"R² {figures.r2:.3f}, mean absolute error {figures.mean_absolute_error:.4g}"
    else:
        return "no figures, because there were no rows with a known target."
    return f"{shown} on {_measured_on(card.rows)}."


def _measured_on(rows: RowCounts) -> str:
    if rows.hold_out is not None:
        return f"{rows.hold_out} rows held out"
    return f"the {rows.sample} rows it was brought with, which it may have been fitted to"


def _runtime(card: Card) -> str:
    parity = card.runtime.parity
    if parity is None:
        return "It is served by scikit-learn itself, because no compiled form of it was proved equal."
    unit = "" if parity.scale is None else f" of the answers' spread of {parity.scale:.4g}"
    return (
        f"It is compiled to {card.runtime.format.upper()}, and equal to scikit-learn on {parity.rows} probe "
        f"rows to {parity.largest_difference:.1g}{unit} (the bound is {parity.bound:g})."
    )
