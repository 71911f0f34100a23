"""What a model made from a CSV file is called, and the sentences on its card and in its report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.recipes.tabular_recipe import TabularRecipe
from api.schema.fields import Kind
from api.training.csv_table import LeftColumn, TextColumn
from api.training.request import TrainingRequest
from api.training.tabular_contest import Contest
from api.training.tabular_known import Known
from api.training.tabular_split import Split
from api.training.words import listed, slug

_LONGEST_NAME = 64
# A share of duplicated rows that is worth a word.
_DUPLICATES = 0.05


def model_name(request: TrainingRequest, file: Path, recipe: TabularRecipe | None) -> str:
    """The name asked for, or the recipe's, or one made from the file's."""
    if request.model:
        return request.model
    if recipe:
        return recipe.name
    name = slug(file.stem)
    name = name if name[:1].isalpha() else f"model_{name}"
    return name[:_LONGEST_NAME]


def about(known: Known) -> str:
    """What the model does, in a sentence."""
    if known.recipe:
        return known.recipe.description
    truth, fields = known.truth, len(known.view.features)
    what = f"which {truth.column} a row has" if truth.classifies else f"the {truth.column} of a row"
    return f"Tells {what} from {fields} {'value' if fields == 1 else 'values'}."


def warnings_about(known: Known, leaks: Sequence[str], parts: Split) -> list[str]:
    """What somebody should know who relies on the model: about the file, its columns and its rows."""
    found = [*file_warnings(known), *leaks]
    rows = len(known.truth.rows)
    if parts.duplicates > _DUPLICATES * rows:
        found.append(
            f"{parts.duplicates:,} of {rows:,} rows are there more than once "
            f"({parts.duplicates / rows:.0%}). Rows are told apart by {parts.by}."
        )
    return found


def file_warnings(known: Known) -> list[str]:
    """What is odd about a file before anything is learnt from it."""
    found = [*known.dialect.warnings, *known.truth.warnings]
    if known.dialect.encoding == "cp1252":
        found.append("The file is not UTF-8, so it was read as Latin-1 (Windows-1252).")
    for column in known.view.table.columns.values():
        if not isinstance(column, LeftColumn) and column.seen.odd:
            found.append(
                f"{column.seen.odd:,} cells of {column.name} are no {_one(column)} and count as missing; the "
                f"first is {column.seen.odd_text!r} in row {column.seen.odd_row}."
            )
    free = {one.column for one in known.view.features if one.field.kind is Kind.TEXT}
    for name in sorted(free):
        column = known.view.table.columns[name]
        if isinstance(column, TextColumn) and column.cut and column.longest:
            found.append(
                f"{column.cut:,} texts of {name} are longer than {column.longest:,} characters; what comes "
                "after that is not read, here and in use."
            )
    return found


def _one(column: object) -> str:
    return "date" if getattr(column, "written", "") == "date" else "number"


def notes_of(
    known: Known, contest: Contest, counts: tuple[int, int, int], warnings: Sequence[str]
) -> tuple[str, ...]:
    """The sentences on the card."""
    truth, best = known.truth, contest.best.candidate
    notes = [*(known.recipe.notes if known.recipe else ())]
    scores = [f"{one.candidate.name} {one.score:.4g}" for one in contest.entries if one.score is not None]
    notes.append(f"{best.name.capitalize()} was best {contest.by}: {', '.join(scores)}.")
    if truth.positive is not None and truth.target.threshold is not None:
        where = "validation rows" if counts[1] else "rows left out in cross-validation"
        notes.append(
            f"The answer is {truth.positive} where its probability is at or above "
            f"{truth.target.threshold:.6g}, chosen on {where}. Precision, recall and F1 are those of "
            f"{truth.positive}."
        )
    if best.note:
        notes.append("Rare classes counted for more in training, so they get higher probabilities.")
    left = [f"{one.name} ({one.why})" for one in known.accounts if not one.used]
    if left:
        notes.append(f"Not learnt from: {listed(left)}.")
    return (*notes, *warnings)
