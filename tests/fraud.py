"""The fraud model from fewer rows than `python -m api train fraud` makes it of: a few seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import IO

from api.recipes.fraud import SIMULATED_FRAUD
from api.recipes.fraud_simulator import write_csv
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.training.made_up import train_made_up

ROWS = 30_000


def train_fraud(path: Path, rows: int = ROWS) -> Card:
    """Publish it in the models directory `path`, as the command does."""

    def write(out: IO[str]) -> None:
        write_csv(rows, 1, out)

    made_up = replace(SIMULATED_FRAUD, write=write)
    return train_made_up(made_up, ModelsDirectory(path), lambda step: None, path.parent / "tmp", ())
