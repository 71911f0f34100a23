"""How good a model is: each figure with a sentence that says what it means. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .cards import Card


@dataclass(frozen=True)
class Figure:
    """One figure: how it is called, its value, and what that says."""

    title: str
    value: str
    meaning: str


def explain_figures(
    figures: Mapping[str, float], *, regression: bool, positive: str = ""
) -> tuple[Figure, ...]:
    """Figures by their names, the plainest first; of two classes they are those of the `positive` one."""
    known = _OF_NUMBERS if regression else _OF_CLASSES
    meanings = of_positive(positive) if positive else {}
    return tuple(
        Figure(title, write(figures[name]), meanings.get(name, meaning))
        for name, title, write, meaning in known
        if name in figures
    )


def of_positive(label: str) -> dict[str, str]:
    """What the figures of one class mean."""
    return {
        "precision": f"When it answers {label}, this is how often that is right.",
        "recall": f"Of the rows that are {label}, this is how many it finds.",
        "auc": f"Of a row that is {label} and one that is not, this is how often it holds the first for more "
        "probable. Guessing gives 50 %.",
    }


def titled(name: str) -> str:
    """How a figure is called."""
    return next((title for key, title, _, _ in (*_OF_CLASSES, *_OF_NUMBERS) if key == name), name)


def written(name: str, value: float | None) -> str:
    """A figure's value for people, a dash where there is none."""
    if value is None:
        return "\N{EN DASH}"
    write = next((write for key, _, write, _ in (*_OF_CLASSES, *_OF_NUMBERS) if key == name), _four_digits)
    return write(value)


def explain(card: Card) -> tuple[Figure, ...]:
    """The figures that are known of a model, the plainest first."""
    return explain_figures(card.figures, regression=card.regression, positive=card.positive)


def percent(share: float) -> str:
    """A share for people: 1 is 100 %, and nothing else is."""
    text = f"{share * 100:.1f}"
    if share < 1 and text == "100.0":
        return "over 99.9 %"
    return f"{text.removesuffix('.0')} %".replace("-", "\N{MINUS SIGN}")


def duration(seconds: float) -> str:
    """How long something took, roughly."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} second{'s' if round(seconds) != 1 else ''}"
    return f"{seconds / 60:.0f} minutes"


def _four_digits(value: float) -> str:
    return f"{value:.4g}"


_Row = tuple[str, str, Callable[[float], str], str]

_OF_CLASSES: tuple[_Row, ...] = (
    ("accuracy", "Accuracy", percent, "This share of its answers was right."),
    (
        "precision",
        "Precision",
        percent,
        "When it names a class, this is how often it is that class; the mean over the classes.",
    ),
    (
        "recall",
        "Recall",
        percent,
        "Of the rows that are of a class, this is how many it finds; the mean over the classes.",
    ),
    ("f1", "F1", percent, "Precision and recall in one figure, which is high only if both are."),
    (
        "auc",
        "AUC",
        percent,
        "Of a row that is of a class and one that is not, this is how often it finds the class more "
        "probable for the right one. Guessing gives 50 %.",
    ),
    ("seconds", "Training", duration, "How long it took to learn."),
)

_OF_NUMBERS: tuple[_Row, ...] = (
    (
        "mean_absolute_error",
        "Mean error",
        _four_digits,
        "On average, its answer was this far from the truth.",
    ),
    (
        "median_absolute_error",
        "Median error",
        _four_digits,
        "Half of its answers were nearer to the truth than this.",
    ),
    (
        "root_mean_squared_error",
        "Root mean squared error",
        _four_digits,
        "Like the mean error, but large errors count for more.",
    ),
    (
        "r2",
        "R²",
        percent,
        "This share of the differences between the rows is explained. Always answering with the "
        "mean gives 0 %.",
    ),
    ("seconds", "Training", duration, "How long it took to learn."),
)
