"""Training a model that comes with the house from rows that are made up."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from api.recipes.tabular_recipe import MadeUp
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.training.choose import Progress
from api.training.outcome import House
from api.training.request import TrainingRequest
from api.training.tabular_run import train_csv

# No fit is cut short: what is trained twice is to be the same twice, on a slow machine too.
_SECONDS = 24 * 3600


class _Told:
    """A watch that passes on each message once."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last = ""

    def step(self, name: str, share: float = 0.0, message: str = "") -> None:
        """Pass the message on where it is another than the last one."""
        if message and message != self._last:
            self._progress(message)
            self._last = message


def train_made_up(
    made_up: MadeUp, directory: ModelsDirectory, progress: Progress, folder: Path, trusted: Collection[str]
) -> Card:
    """Make the next version of the model and publish it; returns its card.

    The rows are kept in `folder` as long as it takes.
    """
    name = made_up.recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as temporary:
        file = Path(temporary) / f"{name}.csv"
        progress("making rows up")
        with file.open("w", encoding="ascii", newline="") as out:
            made_up.write(out)
        # Nothing is compared with it: whoever trains it by hand wants it.
        house = House(
            *(directory, lambda model: None, _SECONDS, trusted, folder),
            source=f"the recipe {name}, from simulated data",
            notes=(made_up.note,),
        )
        request = TrainingRequest(upload=file.name, model=name)
        return train_csv(request, file, house, _Told(progress), job="").card
