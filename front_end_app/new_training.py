"""What a training is asked, and what was found before it starts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .confusion import grouped
from .figures import percent, titled
from .members import Json, mapping, number, optional_text
from .reports import Column, FoundTarget, read_report
from .trainings import upload_name

MEMBERS = ("dataset", "upload", "model", "title", "target", "task", "metric")
TASKS = (("classification", "Which of several classes"), ("regression", "A number"))
METRICS = (
    ("For classes", tuple((name, titled(name)) for name in ("f1", "precision", "recall", "accuracy", "auc"))),
    (
        "For numbers",
        tuple((name, titled(name)) for name in ("r2", "mean_absolute_error", "root_mean_squared_error")),
    ),
)
KINDS = {
    "number": "number",
    "integer": "whole number",
    "boolean": "yes or no",
    "choice": "choice",
    "category": "choice",
    "date": "date",
    "text": "text",
    "identifier": "identifier",
    "constant": "always the same",
}


@dataclass(frozen=True)
class Preview:
    """The second step: what is asked (`fields`), how the file is called and written, and what was found."""

    fields: dict[str, str]
    name: str
    written: str
    whole: bool
    columns: tuple[Column, ...]
    target: FoundTarget
    warnings: tuple[str, ...]

    @property
    def used(self) -> int:
        """How many columns are learnt from."""
        return sum(column.used for column in self.columns if column.name != self.target.name)


def asked(fields: Mapping[str, str]) -> dict[str, str]:
    """What a form asks of a training: what was given of each member."""
    return {name: value for name in MEMBERS if (value := fields.get(name, "").strip())}


def preview_of(fields: Mapping[str, str], data: Any) -> Preview:
    """What the API found, with what has to be sent to start; raises BrokenAnswer."""
    found = mapping(data)
    report = read_report(found)
    kept = asked(fields)
    if upload := optional_text(found, "upload"):
        kept["upload"] = upload
    kept.pop("target", None)
    link = kept.get("dataset", "")
    return Preview(
        fields=kept,
        name=upload_name(kept.get("upload", "")) or link.split("?")[0].rsplit("/", 1)[-1] or link,
        written=how_written(report.file, whole=found.get("whole") is not False),
        whole=found.get("whole") is not False,
        columns=report.columns,
        target=report.target,
        warnings=report.warnings,
    )


def kind_word(column: Column) -> str:
    """A column's kind for people."""
    return KINDS.get(column.kind, column.kind)


def missing_share(column: Column) -> str:
    """How much of a column is empty."""
    return (
        "\N{EN DASH}" if column.missing is None else "none" if column.missing == 0 else _some(column.missing)
    )


def how_written(file: Json, *, whole: bool = True) -> str:
    """How a file is written, in words: what separates its cells, its encoding and so on.

    Where it was not looked at as a `whole`, its rows are those that were.
    """
    delimiter = optional_text(file, "delimiter")
    names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
    rows = number(file, "rows")
    parts = [
        f"{'' if whole else 'the first '}{grouped(int(rows))} rows" if rows is not None else "",
        size(number(file, "bytes")),
        f"cells separated by {names.get(delimiter, delimiter)}" if delimiter else "",
        f"in {optional_text(file, 'encoding').upper()}" if optional_text(file, "encoding") else "",
        "with decimal commas" if optional_text(file, "decimal") == "," else "",
    ]
    return ", ".join(part for part in parts if part)


def size(count: float | None) -> str:
    """A number of bytes for people."""
    if count is None:
        return ""
    if count < 1e6:
        return f"{max(1, round(count / 1e3))} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e8 else f"{count / 1e6:.0f} MB"


def class_rows(target: FoundTarget) -> str:
    """The classes of a target with their rows, as a sentence; "" for a number."""
    total = sum(rows or 0 for _, rows in target.classes)
    said = [
        f"{label} ({grouped(rows)} rows, {_some(rows / total)})" if rows and total else label
        for label, rows in target.classes[:8]
    ]
    more = len(target.classes) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def _some(share: float) -> str:
    return "under 0.1 %" if 0 < share < 0.001 else percent(share)
