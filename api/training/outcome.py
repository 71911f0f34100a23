"""What a training is given of the house, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.schema.as_json import Json


@dataclass(frozen=True, slots=True)
class House:
    """What a training may use.

    `enabled` gives the version that answers for a model's name, None where none does; `seconds` is the time
    that comparing candidates may take; `trusted` the types that the operator trusts in skops files;
    `data_dir` takes temporary files. `source` and `notes` are what the card is to say of where the rows come
    from.
    """

    directory: ModelsDirectory
    enabled: Callable[[str], str | None]
    seconds: int
    trusted: Collection[str]
    data_dir: Path
    source: str = "trained from a CSV file"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A published version, and whether it should answer from now on.

    `better` is the decision and `why` its reason, a sentence; `metrics` the figures on the rows held out;
    `report` is a JSON object with everything that was found and decided, described in docs/training.md.
    """

    card: Card
    better: bool
    why: str
    metrics: dict[str, float | None]
    report: Json
