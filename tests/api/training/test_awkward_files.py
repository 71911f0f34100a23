"""Files as they come train, or are refused with a sentence that somebody can act on."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import UnfitData
from api.registry.directory import ModelsDirectory
from api.runtime.load import load
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.tabular_run import train_csv
from api.training.watch import Unwatched
from tests.api.training.awkward import Awkward, awkward_files

FILES = awkward_files()


def train(one: Awkward, folder: Path) -> Outcome:
    """Train from the file with as little time as there can be: one candidate, one fold."""
    file = folder / "awkward.csv"
    file.write_bytes(one.content)
    house = House(ModelsDirectory(folder / "models"), lambda name: None, 0, (), folder)
    return train_csv(TrainingRequest(target=one.target), file, house, Unwatched(), "job")


@pytest.mark.parametrize("what", [name for name, one in FILES.items() if one.refused])
def test_what_cannot_be_learnt_from_is_refused_with_a_sentence(what: str, tmp_path: Path) -> None:
    """The sentence names the place and says what would be right; nothing is published."""
    one = FILES[what]
    with pytest.raises(UnfitData) as refusal:
        train(one, tmp_path)
    for words in one.refused:
        assert words in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert ModelsDirectory(tmp_path / "models").names() == []


@pytest.mark.parametrize("what", [name for name, one in FILES.items() if not one.refused])
def test_every_other_file_trains(what: str, tmp_path: Path) -> None:
    """It becomes a version that loads, and the report tells what was found."""
    one = FILES[what]
    outcome = train(one, tmp_path)
    report = outcome.report
    load(ModelsDirectory(tmp_path / "models"), "awkward", outcome.card.version)
    for words in one.warned:
        assert any(words in warning for warning in report["warnings"]), report["warnings"]
    for name, value in one.file:
        assert report["file"][name] == value
    used = {column["name"] for column in report["columns"] if column["used"]}
    assert one.used is None or used == one.used
    assert not used & one.left
    assert all(column["why"] for column in report["columns"] if not column["used"])
    assert report["target"]["task"] == one.task
    assert report["decision"]["enabled"] == outcome.better
