"""What a CSV file is to predict: which column, whether classes or a number, and the truth of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import UnfitData
from api.recipes.tabular_recipe import TabularRecipe
from api.registry.card import CLASSIFICATION, REGRESSION
from api.schema.target import Target, TargetClass
from api.training.csv_table import Column, LeftColumn, NumberColumn, TextColumn
from api.training.target import distribution
from api.training.words import listed, slug, spelled, title_of, unique

# Names that a target has in many files, the likeliest first.
USUAL_NAMES = ("target", "label", "class", "is_fraud", "isfraud", "outcome")
FEWEST_ROWS = 20
# A class needs rows to learn from, to choose by and to be measured on.
FEWEST_OF_A_CLASS = 5
_MOST_CLASSES = 100
# So many different whole numbers are still taken for classes, if each of them comes up often.
_MOST_NUMBERS = 20
_OFTEN = 10
# The share of rows that may be left out because their class is too rare.
_MOST_RARE = 0.05
# What the class is called that one is looking for.
_POSITIVE = (
    "1", "true", "yes", "y", "t", "positive", "pos", "fraud", "fraudulent", "spam", "churn", "churned",
    "default", "malignant", "sick", "ill", "disease", "died", "failure", "fail", "bad", "attack", "anomaly",
    "abnormal",
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What is true of the rows that can be learnt from.

    `rows` (known,): their places in the table. `values` (known,): class indices, or numbers. `target` has
    the classes in their order; of two, the second is the `positive` one. `counts` are the rows of each class.
    """

    column: str
    why: str
    task: str
    task_why: str
    target: Target
    rows: NDArray[np.int64]
    values: NDArray[Any]
    counts: tuple[int, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def classifies(self) -> bool:
        """Whether it is classes that are predicted."""
        return self.task == CLASSIFICATION

    @property
    def positive(self) -> str | None:
        """The label of the class that is looked for, of two; None of more, or of numbers."""
        return self.target.classes[1].label if len(self.target.classes) == 2 else None


def find_target(names: Sequence[str], asked: str | None, recipe: TabularRecipe | None) -> tuple[str, str]:
    """The column to predict, and why it is that one; raises UnfitData where that asked for is not there."""
    if len(names) < 2:
        raise UnfitData(
            f"The file has one column, {names[0]}: it needs one to predict and at least one to predict it "
            "from. If it has more, its cells are not separated by a comma, semicolon, tab or bar."
        )
    if asked is not None:
        return _asked(names, asked), "it was asked for"
    lower = {name.lower(): name for name in reversed(names)}
    if recipe:
        for one in recipe.targets:
            if one in names:
                return one, f"it is what the recipe {recipe.name} predicts"
    for usual in USUAL_NAMES:
        if usual in lower:
            return lower[usual], f"its name is {lower[usual]}"
    return names[-1], "it is the last column, and no column has a name such as target, label or class"


def _asked(names: Sequence[str], asked: str) -> str:
    if asked in names:
        return asked
    alike = [name for name in names if name.lower() == asked.strip().lower()]
    if len(alike) == 1:
        return alike[0]
    lower = {name.lower(): name for name in names}
    near = [lower[one] for one in get_close_matches(asked.strip().lower(), lower, n=3, cutoff=0.5)]
    known = f"the nearest are: {', '.join(near)}" if near else f"the columns are: {listed(names)}"
    raise UnfitData(f"There is no column {asked[:80]!r}; {known}.", column=asked[:80], expected=listed(names))


def truth_in(column: Column, rows: int, why: str, task: str | None, recipe: TabularRecipe | None) -> Truth:
    """The truth in the target's column; `task` is the one asked for, if any.

    Raises UnfitData where nothing can be learnt from it.
    """
    name = column.name
    if isinstance(column, LeftColumn):
        raise UnfitData(
            f"The column {name} to predict has {column.distinct:,} different texts: classes need at least "
            f"{FEWEST_OF_A_CLASS} rows each. Say with target which other column to predict.",
            column=name,
        )
    if isinstance(column, NumberColumn) and column.written == "date":
        raise UnfitData(
            f"The column {name} to predict holds dates, and a model predicts a class or a number. "
            "Say with target which other column to predict.",
            column=name,
        )
    if task == REGRESSION or (task is None and _is_measured(column)):
        return _numbers(column, rows, why, asked=task is not None)
    return _classes(column, why, task is not None, recipe)


def _is_measured(column: Column) -> bool:
    """Whether a column holds numbers that are no classes."""
    if not isinstance(column, NumberColumn) or column.written == "boolean":
        return False
    some = column.values(slice(None, None, max(1, len(column.kept) // 200_000)))
    known = some[~np.isnan(some)] if some.dtype.kind == "f" else some
    distinct = len(np.unique(known))
    whole = bool((known == np.floor(known)).all())
    return distinct > 2 and (not whole or distinct > _MOST_NUMBERS or distinct * _OFTEN > len(known))


def _numbers(column: Column, rows: int, why: str, asked: bool) -> Truth:
    name = column.name
    if not isinstance(column, NumberColumn):
        shown = listed([repr(one) for one in column.seen.examples], 3)
        raise UnfitData(
            f"The column {name} holds texts such as {shown}; to predict a number, it has to hold numbers.",
            column=name,
            expected="numbers",
        )
    values = column.doubles()
    known = np.flatnonzero(~np.isnan(values))
    _check_enough(name, len(known))
    values = values[known]
    if float(np.ptp(values)) == 0:
        raise UnfitData(
            f"The column {name} is {values[0]:g} in every row: there is nothing to tell apart.", column=name
        )
    target = Target(slug(name), title_of(name), (), distribution(values))
    task_why = "it was asked for" if asked else "its values are numbers, and too many for classes"
    return Truth(
        name, why, REGRESSION, task_why, target, known, values, (), _about_missing(name, rows, known)
    )


def _about_missing(name: str, rows: int, known: NDArray[np.int64]) -> tuple[str, ...]:
    left = rows - len(known)
    return (f"{left:,} rows without a value of {name} are left out.",) if left else ()


def _check_enough(name: str, rows: int) -> None:
    if rows < FEWEST_ROWS:
        raise UnfitData(
            f"{rows} rows have a value of {name}; at least {FEWEST_ROWS} are needed to learn and to measure.",
            column=name,
            expected=f"at least {FEWEST_ROWS} rows",
        )


def _classes(column: Column, why: str, asked: bool, recipe: TabularRecipe | None) -> Truth:
    name = column.name
    texts, codes = _texts_of(column)
    _check_enough(name, int((codes >= 0).sum()))
    counts = np.bincount(codes[codes >= 0].astype(np.int64), minlength=len(texts))
    often = [at for at in range(len(texts)) if counts[at] >= FEWEST_OF_A_CLASS]
    rare = [at for at in range(len(texts)) if 0 < counts[at] < FEWEST_OF_A_CLASS]
    _check_classes(name, texts, counts, often, rare)
    others = [texts[at] for at in often]
    warnings = [_about_rare(name, texts[at], np.flatnonzero(codes == at), others) for at in rare[:5]]
    if len(rare) > 5:
        warnings.append(
            f"So are the rows of {len(rare) - 5} other classes with fewer than {FEWEST_OF_A_CLASS}."
        )
    target, order = _named(name, [texts[at] for at in often], counts[often], recipe)
    number = np.full(len(texts) + 1, -1, dtype=np.int16)
    for at, one in enumerate(order):
        number[often[one]] = at
    # The missing one is last, which is where -1 points.
    values = number[codes]
    known = np.flatnonzero(values >= 0)
    missing = int((codes < 0).sum())
    if missing:
        warnings.append(f"{missing:,} rows without a value of {name} are left out.")
    task_why = "it was asked for" if asked else f"it holds {len(order)} different values"
    chosen = values[known]
    return Truth(
        name,
        why,
        CLASSIFICATION,
        task_why,
        target,
        known,
        chosen,
        tuple(int(one) for one in np.bincount(chosen, minlength=len(order))),
        tuple(warnings),
    )


def _texts_of(column: Column) -> tuple[list[str], NDArray[Any]]:
    if isinstance(column, TextColumn):
        return list(column.texts), column.codes
    if not isinstance(column, NumberColumn):
        raise UnfitData(f"The column {column.name} holds nothing to predict.", column=column.name)
    known, codes = np.unique(column.values(), return_inverse=True)
    if known.dtype.kind == "f" and len(known) and np.isnan(known[-1]):
        codes = np.where(codes == len(known) - 1, -1, codes)
        known = known[:-1]
    if column.written == "boolean":
        return ["true" if one else "false" for one in known], codes
    return [spelled(float(one)) for one in known], codes


def _check_classes(
    name: str, texts: list[str], counts: NDArray[np.int64], often: list[int], rare: list[int]
) -> None:
    total = int(counts.sum())
    if len(often) + len(rare) == 1:
        only = texts[(often + rare)[0]]
        raise UnfitData(
            f"Every row has the same value of {name}, {only!r}: there is nothing to tell apart. Add rows of "
            "another class, or say with target which other column to predict.",
            column=name,
            expected="at least two classes",
        )
    few = int(counts[rare].sum()) if rare else 0
    if len(often) < 2 or few > _MOST_RARE * total:
        shown = listed([f"{texts[at]!r} ({counts[at]})" for at in rare], 5)
        raise UnfitData(
            f"Each class of {name} needs at least {FEWEST_OF_A_CLASS} rows, and {len(rare):,} of its "
            f"{len(often) + len(rare):,} have fewer: {shown}. Add rows, or leave those out.",
            column=name,
            expected=f"at least {FEWEST_OF_A_CLASS} rows of each class",
        )
    if len(often) > _MOST_CLASSES:
        raise UnfitData(
            f"The column {name} has {len(often):,} classes; at most {_MOST_CLASSES} can be told apart.",
            column=name,
            expected=f"at most {_MOST_CLASSES} classes",
        )


def _about_rare(name: str, text: str, places: NDArray[np.int64], others: list[str]) -> str:
    near = get_close_matches(text, others, n=1, cutoff=0.6)
    guess = f"; perhaps {near[0]!r} is meant" if near else ""
    first = int(places[0])
    rows = "row is" if len(places) == 1 else "rows are"
    return (
        f"{len(places)} {rows} left out, whose {name} is {text!r}: a class needs at least "
        f"{FEWEST_OF_A_CLASS} (row {first + 2}){guess}."
    )


def _named(
    name: str, labels: list[str], counts: NDArray[np.int64], recipe: TabularRecipe | None
) -> tuple[Target, list[int]]:
    """The target, and the places in `labels` of its classes in order."""
    known = recipe.target if recipe and recipe.target else None
    if known and known.classes:
        spelt = {
            spelled(one.label if one.value is None else one.value): at for at, one in enumerate(known.classes)
        }
        if set(labels) == set(spelt):
            return known, sorted(range(len(labels)), key=lambda at: spelt[labels[at]])
    order = sorted(range(len(labels)), key=lambda at: _natural(labels[at]))
    if len(order) == 2:
        order = sorted(order, key=lambda at: _is_positive(labels, counts, at))
    keys = unique(slug(labels[at]) for at in order)
    classes = tuple(TargetClass(key, labels[at]) for key, at in zip(keys, order, strict=True))
    return Target(slug(name), title_of(name), classes), order


def _natural(label: str) -> tuple[int, float, str]:
    try:
        return 0, float(label), label
    except ValueError:
        return 1, 0.0, label


def _is_positive(labels: list[str], counts: NDArray[np.int64], at: int) -> bool:
    """Whether the class, of two, is the one that is looked for: by its name, else because it is rarer."""
    named = [label.lower() in _POSITIVE for label in labels]
    if any(named) and not all(named):
        return named[at]
    return bool(counts[at] < counts[1 - at]) or (counts[at] == counts[1 - at] and labels[at] == max(labels))
