"""What the API says of its models, read into values. Pure: JSON already parsed goes in.

Every function raises BrokenAnswer when something promised is missing or of the wrong shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import BrokenAnswer
from .fields import Field, read_field
from .measured import Measured, read_measured
from .members import Json, mapping, number, optional_mapping, optional_text, sequence, text
from .origins import Origin, read_origin

REGRESSION = "regression"


@dataclass(frozen=True)
class Distribution:
    """How a number that is predicted was spread: `counts[i]` rows lay from `edges[i]` to `edges[i + 1]`."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Target:
    """What a model predicts; `classes` are (key, label), none for a number."""

    name: str
    title: str
    classes: tuple[tuple[str, str], ...]
    probabilities: bool = True
    distribution: Distribution | None = None


@dataclass(frozen=True)
class Routes:
    """The API's own routes of a model that ranks titles for what somebody has done: where experiences are
    ranked, where all titles are listed, and where, with a title after it, the skills of one are."""

    rank: str
    titles: str
    skills: str


@dataclass(frozen=True)
class Card:
    """A model as its pages need it. `figures` are those that were measured, by their names.

    `positive` is the class, of two, whose own they are; empty where they are means over all classes.
    With `routes` its form is one of experiences, and its answer a ranking.
    """

    name: str
    version: str
    title: str
    description: str
    fields: tuple[Field, ...]
    target: Target
    regression: bool
    figures: Mapping[str, float]
    origin: Origin
    routes: Routes | None = None
    measured: Measured | None = None
    positive: str = ""


@dataclass(frozen=True)
class Line:
    """A model in the list of models."""

    name: str
    title: str


@dataclass(frozen=True)
class Listing:
    """The models that are served, and the name of the one that answers when none is named."""

    default: str
    lines: tuple[Line, ...]


def read_listing(data: Any) -> Listing:
    """The API's list of models."""
    listing = mapping(data)
    lines = [mapping(line) for line in sequence(listing, "models")]
    return Listing(text(listing, "default"), tuple(_read_line(line) for line in lines))


def read_card(data: Any) -> Card:
    """A model's card from the API's answer about it."""
    card = mapping(data)
    fields = sequence(mapping(card.get("schema")), "fields")
    target = _read_target(mapping(card.get("target")))
    figures = optional_mapping(card, "figures")
    return Card(
        name=text(card, "name"),
        version=text(card, "version"),
        title=text(card, "title"),
        description=optional_text(card, "description"),
        fields=tuple(read_field(mapping(field)) for field in fields),
        target=target,
        regression=card.get("task") == REGRESSION,
        figures={name: value for name in figures if (value := number(figures, name)) is not None},
        origin=read_origin(card),
        routes=_read_routes(optional_mapping(card, "routes")),
        measured=read_measured(card),
        positive=_read_positive(figures),
    )


def _read_positive(figures: Json) -> str:
    average = optional_text(figures, "average")
    return "" if average == "macro" else average


def _read_line(data: Json) -> Line:
    name = text(data, "name")
    return Line(name, optional_text(data, "title") or name)


def _read_routes(data: Json) -> Routes | None:
    """The routes of a ranking; any others are none that there are pages for."""
    names = ("rank", "titles", "skills")
    paths = [optional_text(data, name) for name in names]
    return Routes(*paths) if all(path.startswith("/") for path in paths) else None


def _read_target(data: Json) -> Target:
    classes = [mapping(item) for item in data.get("classes") or ()]
    return Target(
        name=text(data, "name"),
        title=text(data, "title"),
        classes=tuple((text(item, "key"), text(item, "label")) for item in classes),
        probabilities=data.get("probabilities") is not False,
        distribution=_read_distribution(optional_mapping(data, "distribution")),
    )


def _read_distribution(data: Json) -> Distribution | None:
    if not data:
        return None
    edges, counts = sequence(data, "edges"), sequence(data, "counts")
    numbers = all(isinstance(one, int | float) for one in [*edges, *counts])
    if not numbers or len(edges) != len(counts) + 1 or list(edges) != sorted(edges):
        raise BrokenAnswer("a distribution is not edges in order with a count between each two")
    spread = Distribution(tuple(float(one) for one in edges), tuple(int(one) for one in counts))
    # Of no rows, or of rows that are all the same, there is nothing to draw.
    return spread if sum(spread.counts) > 0 and spread.edges[0] < spread.edges[-1] else None
