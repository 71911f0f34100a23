"""Every estimator and pipeline that Bouquet names, each fitted and published once in a run of the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from api.training.sample import sample_of
from api.training.specimens import specimens

SPECIMENS = {f"specimen-{number}": one for number, one in enumerate(specimens())}


@dataclass(frozen=True, slots=True)
class Published:
    """A specimen as it was fitted, its rows, and its card."""

    estimator: Any
    table: pd.DataFrame
    card: Card


@dataclass(slots=True)
class Planted:
    """A models directory at `path` that gets each specimen when it is asked for first."""

    path: Path
    _published: dict[str, Published] = field(default_factory=dict)

    def specimen(self, name: str) -> Published:
        """One of them; only read what is in the directory."""
        if name not in self._published:
            estimator, table = SPECIMENS[name].fitted()
            brought = Brought(self.path / f"{name}.skops", name, target="target")
            chooser = Chooser(lambda step: None)
            card = take_in(estimator, sample_of(table), brought, ModelsDirectory(self.path), chooser)
            self._published[name] = Published(estimator, table, card)
        return self._published[name]
