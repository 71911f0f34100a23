"""Many rows at once: which columns a CSV needs, and one to start from. Pure."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from .about import example_note
from .cards import Card


@dataclass(frozen=True)
class CsvColumn:
    """One column: the name in the header, what stands in it, and whether it may be left out."""

    name: str
    holds: str
    optional: bool


def columns(card: Card) -> tuple[CsvColumn, ...]:
    """The columns a model takes, in its order."""
    return tuple(CsvColumn(field.name, example_note(field), field.missing_allowed) for field in card.fields)


def columns_json(card: Card) -> str:
    """The columns as the page's script reads them, to look at a header before it is sent."""
    return json.dumps([{"name": field.name, "optional": field.missing_allowed} for field in card.fields])


def example_csv(card: Card) -> str:
    """A header and the model's own example under it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in card.fields])
    writer.writerow([field.example for field in card.fields])
    return out.getvalue()
